/**
 * The link to several passes: who can make one, what it reveals, and that it no longer works without its passes.
 */
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { passes } from "../../src/db/schema.ts";
import { bundlePath } from "../../src/passes/bundle-link.ts";
import type { Pass } from "../../src/passes/show.ts";
import { createSecrets } from "../../src/secrets/secrets.ts";
import { ADMIN_TOKEN, accept, admin, get, ORIGIN, send } from "../harness.ts";
import { setRows } from "../rows.ts";
import { ask, askWith } from "../wallet/web-service.ts";
import { filesAt, idsOf, linkTo, makeThree, pathOf, told } from "./bundle-client.ts";

const KEY = { Authorization: `Bearer ${ADMIN_TOKEN}` };
const TOKEN = /^\d_[A-Za-z0-9_-]{65}$/;
let templateId: number;
let three: [Pass, Pass, Pass];

beforeAll(async () => {
  ({ templateId, three } = await makeThree("pass.test.bundle-link"));
});

const namesAt = async (link: string) => (await filesAt(link)).map(({ name }) => name);

/** A link with other text in the place of a part. */
function forged(link: string, parts: { ids?: string; token?: string }): string {
  const [, , ids = "", file = ""] = pathOf(link).split("/");
  return `/bundles/${parts.ids ?? ids}/${parts.token ?? file.replace(".pkpasses", "")}.pkpasses`;
}

test("a link is the same for the same passes, differs for another order, and begins with PUBLIC_ORIGIN", async () => {
  const [first, second, third] = three;
  const link = await linkTo(three);
  expect(link.startsWith(`${ORIGIN}/bundles/${first.id}-${second.id}-${third.id}/`)).toBe(true);
  expect(link.split("/").at(-1)?.replace(".pkpasses", "")).toMatch(TOKEN);
  expect(await linkTo(three)).toBe(link);
  expect(await linkTo([second, first, third])).not.toBe(link);
  const elsewhere = new Request("https://evil.example/admin/v1/bundles", {
    method: "POST",
    headers: { ...KEY, "Content-Type": "application/json", "X-Forwarded-Host": "evil.example" },
    body: JSON.stringify({ passIds: idsOf(three) }),
  });
  expect(await (await send(elsewhere)).json()).toEqual({
    ...{ url: link, passIds: idsOf(three) },
    lint: { findings: [] },
  });
});

test("a link contains no part of the web tokens or authentication tokens of its passes", async () => {
  const link = await linkTo(three);
  for (const { webToken, downloadUrl } of three) {
    const { pass } = await accept(new Uint8Array(await (await send(new Request(downloadUrl))).arrayBuffer()));
    for (const secret of [webToken, String(pass.authenticationToken)]) {
      for (let at = 0; at + 12 <= secret.length; at++) expect(link).not.toContain(secret.slice(at, at + 12));
    }
  }
});

test("a link omits deleted passes, and gives 404 when all are deleted", async () => {
  const passes = await Promise.all(
    ["a", "b", "c"].map((name) => admin.issue(templateId, { serialNumber: `gone-${name}` })),
  );
  const link = await linkTo(passes);
  await admin.delete(passes[1]?.id ?? 0);
  expect(await namesAt(link)).toEqual(["1-gone-a.pkpass", "2-gone-c.pkpass"]);
  await admin.delete(passes[0]?.id ?? 0);
  expect(await namesAt(link)).toEqual(["1-gone-c.pkpass"]);
  await admin.delete(passes[2]?.id ?? 0);
  expect((await told(pathOf(link))).status).toBe(404);
});

test("a forged link needs no D1 statement, and has the same response as a link of deleted passes", async () => {
  const dead = await admin.issue(templateId);
  const deadLink = pathOf(await linkTo([dead]));
  await admin.delete(dead.id);
  const [first, second, third] = three;
  const link = await linkTo([first, second]);
  const token = pathOf(link).split("/").at(-1)?.replace(".pkpasses", "") ?? "";
  const swapped = (at: number) => token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
  const forgeries = [
    forged(link, { ids: `${first.id}-${third.id}` }),
    forged(link, { ids: `${first.id}-${second.id}-${third.id}` }),
    forged(link, { ids: `${second.id}-${first.id}` }),
    forged(link, { ids: `${first.id}` }),
    forged(link, { ids: `0${first.id}-${second.id}` }),
    forged(link, { ids: `${first.id}-${second.id}-` }),
    forged(link, { ids: `${first.id}-0` }),
    forged(link, { ids: `${first.id}--${second.id}` }),
    forged(link, { ids: `${first.id},${second.id}` }),
    forged(link, { ids: `${first.id}%2D${second.id}%00` }),
    forged(link, { ids: `-${first.id}` }),
    forged(link, { ids: `${"9".repeat(30)}` }),
    forged(link, { ids: Array.from({ length: 3000 }, (_, n) => n + 1).join("-") }),
    forged(link, { ids: "null" }),
    forged(link, { token: swapped(2) }),
    forged(link, { token: swapped(30) }),
    forged(link, { token: swapped(token.length - 5) }),
    forged(link, { token: token.slice(0, -1) }),
    forged(link, { token: `${token}A` }),
    forged(link, { token: token.replace("1_", "7_") }),
    forged(link, { token: token.replace("1_", "") }),
    forged(link, { token: `1_${"A".repeat(65)}` }),
    forged(link, { token: "A".repeat(5000) }),
    forged(link, { token: first.webToken }),
    forged(link, { token: `ep${token}` }),
    forged(link, { token: "%E0%A4%A" }),
  ];
  const others = `/passes/${first.id}/${"0".repeat(40)}.pkpass`;
  for (const accepted of ["*/*", "text/html"]) {
    const headers = { Accept: accepted };
    const expected = { ...(await told(others, headers)), statements: 0 };
    expect(expected.status).toBe(404);
    // A replica, and then the primary.
    expect(await told(deadLink, headers)).toEqual({ ...expected, statements: 2 });
    for (const path of forgeries) expect([path, await told(path, headers)]).toEqual([path, expected]);
  }
  expect((await told(deadLink, { Accept: "text/html" })).body).toContain("Pass not found");
  expect((await told(pathOf(link))).status).toBe(200);
});

test("a link without its token, with another ending, or with POST returns no pass", async () => {
  const path = pathOf(await linkTo(three));
  const bare = path.replace(".pkpasses", "");
  for (const wrong of [
    bare,
    `${bare}.pkpass`,
    `${bare}.zip`,
    `${path}/x`,
    path.replace(/[^/]+$/, ""),
    "/bundles",
  ]) {
    expect([wrong, (await get(wrong)).status]).toEqual([wrong, 404]);
  }
  expect((await send(new Request(ORIGIN + path, { method: "POST" }))).status).toBe(404);
  expect((await send(ask("GET", path.replace("/bundles/", "/passes/")))).status).toBe(404);
});

test("a link cannot be created with MASTER_SECRET alone, because it needs a secret in the database", async () => {
  const secrets = createSecrets(env.MASTER_SECRET ?? "");
  const guess = await bundlePath(secrets, [{ id: three[0].id, webToken: "0".repeat(40) }]);
  expect((await told(guess)).status).toBe(404);
  const { id, webToken } = three[0];
  expect((await told(await bundlePath(secrets, [{ id, webToken }]))).status).toBe(200);
});

test("a link is not valid for a new pass with the id of an earlier one, as after a restore of an older database", async () => {
  const [mine, lost] = [await admin.issue(templateId), await admin.issue(templateId)];
  const link = await linkTo([mine, lost]);
  const giveToken = (webToken: string) => setRows(passes, { id: lost.id }, { webToken });
  await giveToken("f".repeat(40));
  expect((await told(pathOf(link))).status).toBe(404);
  await giveToken(lost.webToken);
  expect(await filesAt(link)).toHaveLength(2);
});

test("a link works after a rotation of MASTER_SECRET as long as the old entry is configured", async () => {
  const path = pathOf(await linkTo(three));
  const fresh = "2:another-secret-of-32-characters-or-more";
  const under = async (MASTER_SECRET: string) =>
    (await askWith({ MASTER_SECRET, KEEP_BUILT_PASSES: "no" }, ask("GET", path))).status;
  expect(await under(`${fresh},${env.MASTER_SECRET}`)).toBe(200);
  expect(await under(fresh)).toBe(404);
});
