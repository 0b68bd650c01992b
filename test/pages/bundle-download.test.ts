/**
 * Several passes in one download, by a link: the file that Safari offers with one tap.
 *
 * Follows Apple's "Distributing and updating a pass" (.pkpasses) and RFC 9110 (§8.8.3 and §13: entity tags, conditions).
 */
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { counted, forwarding } from "../counting.ts";
import { accept, admin, get, icon, send } from "../harness.ts";
import { etagAt, filesAt, linkTo, makeThree, pathOf } from "../passes/bundle-client.ts";
import { ask, askWith } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.bundles";
const YEAR_MS = 365 * 86_400_000;
let templateId: number;
let three: [Pass, Pass, Pass];

beforeAll(async () => {
  ({ templateId, three } = await makeThree(PASS_TYPE));
});

test("a bundle contains passes of several pass types in order, each the same as in its own download", async () => {
  const [first, second, third] = three;
  for (const passes of [three, [third, first], [second]]) {
    const files = await filesAt(await linkTo(passes));
    expect(files.map(({ name }) => name)).toEqual(
      passes.map(({ serialNumber }, n) => `${n + 1}-${serialNumber.replace(" ", "_")}.pkpass`),
    );
    for (const [n, { bytes }] of files.entries()) {
      const own = await send(new Request(passes[n]?.downloadUrl ?? ""));
      expect(bytes).toEqual(new Uint8Array(await own.arrayBuffer()));
      const { pass } = await accept(bytes);
      expect([pass.passTypeIdentifier, pass.serialNumber]).toEqual([
        passes[n]?.passTypeIdentifier,
        passes[n]?.serialNumber,
      ]);
    }
  }
});

test("a bundle has the headers of a download and of a URL with a secret", async () => {
  const { headers, status, body } = await get(pathOf(await linkTo(three)));
  await body?.cancel();
  expect(status).toBe(200);
  const said = Object.fromEntries(headers);
  expect(said).toMatchObject({
    "content-type": "application/vnd.apple.pkpasses",
    "content-disposition": 'attachment; filename="passes.pkpasses"',
    "cache-control": "private, no-cache",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
    etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
  });
  expect(said).not.toHaveProperty("last-modified");
  expect(said).not.toHaveProperty("set-cookie");
});

test("a HEAD request for a bundle returns only the headers", async () => {
  const link = await linkTo(three);
  const response = await send(new Request(link, { method: "HEAD" }));
  expect([response.status, await response.text()]).toEqual([200, ""]);
  expect(response.headers.get("content-type")).toBe("application/vnd.apple.pkpasses");
});

test("passes whose serial numbers are not valid file names get unique ASCII names", async () => {
  const serials = ["é", "ü", "..b", "...a", "-rf", "a b", "a+b", "CON", '"; x=', "9".repeat(199)];
  const passes = await Promise.all(serials.map((serialNumber) => admin.issue(templateId, { serialNumber })));
  const names = (await filesAt(await linkTo(passes))).map(({ name }) => name);
  expect(new Set(names).size).toBe(10);
  for (const [n, name] of names.entries()) {
    expect(name).toMatch(/^[1-9][0-9]?-[A-Za-z0-9._-]{1,64}\.pkpass$/);
    expect(name.startsWith(`${n + 1}-`)).toBe(true);
  }
});

test("a client with these versions gets 304, and one with other versions or an older list gets the new ones", async () => {
  const passes = await Promise.all([1, 2, 3].map(() => admin.issue(templateId)));
  const link = await linkTo(passes);
  const etag = await etagAt(link);
  const asked = (headers: Record<string, string>) => get(pathOf(link), headers);
  const same = await asked({ "If-None-Match": `"other", W/${etag}` });
  expect([same.status, await same.text(), same.headers.get("etag")]).toEqual([304, "", etag]);
  expect((await asked({ "If-None-Match": '"other"' })).status).toBe(200);
  // A time says nothing of a list from which something may go.
  expect((await asked({ "If-Modified-Since": new Date(Date.now() + YEAR_MS).toUTCString() })).status).toBe(
    200,
  );

  await admin.change(passes[1]?.id ?? 0, { values: { points: "8" } });
  expect((await asked({ "If-None-Match": etag })).status).toBe(200);
  const changed = await etagAt(link);
  expect(changed).not.toBe(etag);
  await admin.delete(passes[1]?.id ?? 0);
  expect((await asked({ "If-None-Match": changed })).status).toBe(200);
});

test("the same versions of other passes have another ETag", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const pairs = [
    [await admin.issue(id), await admin.issue(id)],
    [await admin.issue(id), await admin.issue(id)],
  ] as const;
  await admin.changeTemplate(id, { pass: { description: "New", organizationName: "New", storeCard: {} } });
  const links = [await linkTo(pairs[0]), await linkTo([pairs[0][1], pairs[0][0]]), await linkTo(pairs[1])];
  const etags = await Promise.all(links.map(etagAt));
  expect(new Set(etags).size).toBe(3);
  // One pass of a pair is left: which one makes a difference.
  await admin.delete(pairs[0][0].id);
  await admin.delete(pairs[1][1].id);
  expect(await etagAt(links[0] ?? "")).not.toBe(await etagAt(links[2] ?? ""));
});

test("only one pass is in memory: the next one is built when the client has read the previous one", async () => {
  const passes = await Promise.all([1, 2, 3].map(() => admin.issue(templateId, { images: icon })));
  let packs = 0;
  const bucket = forwarding(env.BUCKET, {
    get: (key: string) => {
      packs += 1;
      return env.BUCKET.get(key);
    },
  });
  const path = pathOf(await linkTo(passes));
  const response = await askWith({ BUCKET: bucket, KEEP_BUILT_PASSES: "no" }, ask("GET", path));
  // The template's pack may be in memory; each pass has one of its own.
  await scheduler.wait(50);
  const atFirst = packs;
  expect(atFirst).toBeLessThanOrEqual(2);
  const reader = response.body?.getReader();
  for (let piece = 0; piece < 2; piece++) await reader?.read();
  await scheduler.wait(50);
  expect(packs).toBe(atFirst);
  while (!(await reader?.read())?.done);
  expect(packs).toBe(atFirst + 2);
});

test("no more passes are built after the client disconnects", async () => {
  const passes = await Promise.all([1, 2, 3].map(() => admin.issue(templateId, { images: icon })));
  const { env: counting, spent } = counted(env);
  const path = pathOf(await linkTo(passes));
  const response = await askWith({ ...counting, KEEP_BUILT_PASSES: "no" }, ask("GET", path));
  const { gets } = spent();
  await response.body?.cancel();
  await scheduler.wait(50);
  expect(spent().gets).toBe(0);
  expect(gets).toBeLessThanOrEqual(2);
});
