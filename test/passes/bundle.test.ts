/**
 * Bundles in which one pass fails: refused as a whole before the first byte is sent, or aborted; never a complete file with a
 * pass missing.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { passes as passRows, templates } from "../../src/db/schema.ts";
import type { Pass } from "../../src/passes/show.ts";
import { forwarding } from "../counting.ts";
import { admin, call, get } from "../harness.ts";
import { setRows, templateRow } from "../rows.ts";
import { ask, askWith } from "../wallet/web-service.ts";
import { etagAt, filesAt, idsOf, linkTo, makeThree, opened, pathOf } from "./bundle-client.ts";

const PASS_TYPE = "pass.test.several";
const YEAR_MS = 365 * 86_400_000;
let templateId: number;
let three: [Pass, Pass, Pass];

beforeAll(async () => {
  ({ templateId, three } = await makeThree(PASS_TYPE));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const over = "pass.test.bundles.over";

test("a pass that cannot be served refuses the whole download before a byte is sent, wherever it is in the list", async () => {
  await call("POST", "/pass-types", { passTypeIdentifier: over, keyAlgorithm: "P-256" });
  const bare = await admin.issue((await admin.makeTemplate(over)).id);
  for (const passes of [
    [bare, three[0]],
    [three[0], three[2], bare],
  ]) {
    const own = await get(pathOf(bare.downloadUrl));
    const all = await get(pathOf(await linkTo(passes)));
    expect([all.status, await all.json()]).toEqual([own.status, await own.json()]);
    expect(all.status).toBe(503);
    expect(all.headers.get("content-type")).toBe("application/problem+json");
    const byKey = await call("GET", `/bundles/download?passIds=${idsOf(passes)}`);
    expect(byKey).toMatchObject({ status: 503, body: { code: "no_certificate" } });
  }
});

test("with an expired certificate nothing is sent, even if it is stored, but a client with the current version gets 304", async () => {
  const link = await linkTo(three);
  await filesAt(link);
  const etag = await etagAt(link);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * YEAR_MS });
  for (const bucket of [
    env.BUCKET,
    forwarding(env.BUCKET, { get: () => Promise.reject(new Error("read")) }),
  ]) {
    const answer = await askWith({ BUCKET: bucket }, ask("GET", pathOf(link)));
    expect([answer.status, await answer.json()]).toMatchObject([
      503,
      { code: "signing_certificate_expired" },
    ]);
  }
  expect((await get(pathOf(link), { "If-None-Match": etag })).status).toBe(304);
});

test("a missing MASTER_SECRET entry fails the download before the first byte, also for the last pass", async () => {
  const passes = [await admin.issue(templateId), await admin.issue(templateId)];
  await setRows(passRows, { id: passes[1]?.id ?? 0 }, { tokenKeyId: "9" });
  vi.spyOn(console, "error").mockImplementation(() => {});
  const answer = await get(pathOf(await linkTo(passes)));
  expect([answer.status, await answer.json()]).toMatchObject([503, { code: "not_configured" }]);
});

test("missing images of the first pass's template fail the download with an error", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const passes = [await admin.issue(id), three[0]];
  await setRows(templates, { id }, { pack: "packs/lost" });
  vi.spyOn(console, "error").mockImplementation(() => {});
  const answer = await get(pathOf(await linkTo(passes)));
  expect([answer.status, answer.headers.get("content-type")]).toEqual([500, "application/problem+json"]);
});

test("missing images of a later pass abort the download and are logged without its URL: Wallet refuses the incomplete file", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const passes = [three[0], await admin.issue(id)];
  const { pack } = await templateRow(id);
  const bucket = forwarding(env.BUCKET, {
    get: (key: string) => (key === pack ? Promise.resolve(null) : env.BUCKET.get(key)),
  });
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const path = pathOf(await linkTo(passes));
  const answer = await askWith({ BUCKET: bucket }, ask("GET", path));
  expect(answer.status).toBe(200);
  await expect(answer.arrayBuffer()).rejects.toThrow();
  const lines = log.mock.calls.map(([line]) => String(line));
  expect(lines.filter((line) => line.includes('"download_aborted"'))).toHaveLength(1);
  expect(lines.join("")).not.toContain(path.split("/").at(-1));
});

test("a pass that cannot be stored does not fail the download", async () => {
  const passes = [await admin.issue(templateId), await admin.issue(templateId)];
  vi.spyOn(console, "error").mockImplementation(() => {});
  const bucket = forwarding(env.BUCKET, { put: () => Promise.reject(new Error("R2 is down")) });
  const answer = await get(pathOf(await linkTo(passes)));
  expect(await opened(answer)).toHaveLength(2);
  const again = [await admin.issue(templateId), await admin.issue(templateId)];
  const broken = await askWith({ BUCKET: bucket }, ask("GET", pathOf(await linkTo(again))));
  expect(await opened(broken)).toHaveLength(2);
});
