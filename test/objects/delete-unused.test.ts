/**
 * The hourly deletion of unused objects: what it deletes, what it costs, and an image that is uploaded again while the job
 * deletes it.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { objects, objectUses } from "../../src/db/schema.ts";
import { deleteUnusedObjects } from "../../src/objects/delete-unused.ts";
import { CLAIM_MS, declareUploads } from "../../src/objects/uses.ts";
import { explain } from "../cost.ts";
import { counted } from "../counting.ts";
import { admin, call, download, storeCard } from "../harness.ts";
import { db, deleteRows, insertRows, rowsOf, setRows } from "../rows.ts";
import { assetOf, bucketWith, colour, fail, HOUR_MS, hourlyJob, keysIn } from "./world.ts";

const PASS_TYPE = "pass.test.objects.deleted";
const NOW = 1_800_000_000_000;
const OLD = NOW - HOUR_MS;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
});

beforeEach(async () => {
  await deleteRows(objects);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const numbers = (count: number) => Array.from({ length: count }, (_, n) => String(n).padStart(4, "0"));
const put = (keys: readonly string[]) => Promise.all(keys.map((key) => env.BUCKET.put(key, "x")));
const waiting = async () => (await rowsOf(objects)).map(({ key }) => key);

test("the job deletes what has been unused for an hour, and not what is younger, used, or in neither table", async () => {
  const keys = ["assets/old", "assets/young", "packs/old", "packs/used", "packs/unknown"];
  await put(keys);
  await insertRows(objects, [
    { key: "assets/old", since: OLD },
    { key: "assets/young", since: OLD + 1 },
    { key: "packs/old", since: OLD },
    { key: "packs/used", since: OLD },
  ]);
  await insertRows(objectUses, [{ key: "packs/used", owner: "pass:1" }]);
  expect(await deleteUnusedObjects(db, env.BUCKET, () => NOW)).toBe(2);
  const left = await keysIn();
  expect(keys.filter((key) => left.includes(key))).toEqual(["assets/young", "packs/used", "packs/unknown"]);
  expect(await waiting()).toEqual(["assets/young"]); // an object that is used no longer waits
  await env.BUCKET.delete(keys);
  await deleteRows(objectUses, { owner: "pass:1" });
});

test("the job costs three statements and one call of R2 for each page, and the next run continues at the limit", async () => {
  const keys = numbers(25).map((n) => `packs/page-${n}`);
  await put(keys);
  await insertRows(
    objects,
    keys.map((key) => ({ key, since: OLD })),
  );
  const counters = counted(env);
  const limits = { pageKeys: 10, pages: 2, folderPages: 1 };
  const run = () =>
    deleteUnusedObjects(openDatabase(counters.env.DB), counters.env.BUCKET, () => NOW, limits);
  expect(await run()).toBe(20);
  // One statement for the rows of used objects, and one each that finds no images and no folders.
  expect(counters.spent()).toMatchObject({ statements: 3 + 2 * 2, deletes: 2, gets: 0 });
  expect(await run()).toBe(5);
  expect(await keysIn("packs/page-")).toEqual([]);
  expect(counters.spent()).toMatchObject({ statements: 3 + 2, deletes: 1 });
  expect(await run()).toBe(0);
  expect(counters.spent()).toMatchObject({ trips: 4, statements: 4, rowsRead: 14, deletes: 0, gets: 0 });
  const steps = (await explain(counters.asked)).map(({ step }) => step);
  expect(steps).toContainEqual(expect.stringMatching(/^SEARCH objects USING .*\(key>\? AND key<\?\)/));
  // Only one statement of a run walks through `objects`, and none through the tables of what is used.
  expect(steps.filter((step) => /^SCAN (?!objects\b|json_each)/.test(step))).toEqual([]);
});

test("a job that fails in R2 keeps the rows, and the next run deletes the objects", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  await put(["packs/stubborn"]);
  await insertRows(objects, [{ key: "packs/stubborn", since: 0 }]);
  await expect(hourlyJob(0, { BUCKET: bucketWith("delete", "packs/", fail) })).rejects.toThrow(
    "failed: deleteUnusedObjects",
  );
  expect(await waiting()).toEqual(["packs/stubborn"]);
  await hourlyJob(HOUR_MS);
  expect([await waiting(), await keysIn("packs/stubborn")]).toEqual([[], []]);
});

test("two runs at the same time delete each object once", async () => {
  const keys = numbers(30).map((n) => `packs/twice-${n}`);
  await put(keys);
  await insertRows(
    objects,
    keys.map((key) => ({ key, since: OLD })),
  );
  const runs = [0, 1].map((n) => deleteUnusedObjects(db, env.BUCKET, () => NOW + n));
  expect((await Promise.all(runs)).reduce((sum, deleted) => sum + deleted)).toBe(30);
  expect([await waiting(), await keysIn("packs/twice-")]).toEqual([[], []]);
});

test("a job whose claim of objects took too long deletes nothing", async () => {
  await put(["packs/slow"]);
  await insertRows(objects, [{ key: "packs/slow", since: OLD }]);
  const times = [NOW, NOW, NOW, NOW + CLAIM_MS];
  const clock = () => times.shift() ?? NOW;
  await expect(deleteUnusedObjects(db, env.BUCKET, clock)).rejects.toThrow("too slow");
  expect(await keysIn("packs/slow")).toEqual(["packs/slow"]);
  await env.BUCKET.delete("packs/slow");
});

/** A template that was deleted two hours ago, with its image in `objects`. */
async function unusedImage(red: number) {
  const images = { "icon.png": colour(red) };
  const { id } = await admin.makeTemplate(PASS_TYPE, { images });
  await call("DELETE", `/templates/${id}`);
  await setRows(objects, {}, { since: Date.now() - 2 * HOUR_MS });
  return { images, asset: await assetOf(colour(red)) };
}

test("an image that is uploaded again before the job begins stays", async () => {
  const { images, asset } = await unusedImage(50);
  const { id } = await admin.makeTemplate(PASS_TYPE, { images });
  await hourlyJob(0);
  expect(await keysIn("assets/")).toContain(asset);
  await download(await admin.issue(id));
});

test("an image that is declared again before the job begins, and named after it, stays", async () => {
  const { asset } = await unusedImage(51);
  await declareUploads(db, [asset], Date.now());
  await hourlyJob(0);
  expect(await keysIn("assets/")).toContain(asset);
});

test("an image that is uploaded again while the job deletes it is refused, and accepted after that", async () => {
  const { images, asset } = await unusedImage(52);
  const answers: number[] = [];
  const meanwhile = bucketWith("delete", "assets/", async (proceed) => {
    answers.push((await call("POST", "/templates", template(images))).status);
    await proceed();
    answers.push((await call("POST", "/templates", template(images))).status);
  });
  await hourlyJob(0, { BUCKET: meanwhile });
  expect(answers).toEqual([409, 409]);
  expect(await keysIn("assets/")).not.toContain(asset);
  const { id } = await admin.makeTemplate(PASS_TYPE, { images });
  expect(await keysIn("assets/")).toContain(asset);
  await admin.changeTemplate(id, { strings: { fr: { POINTS: "points" } } });
});

const template = (images: object) => ({
  name: "Again",
  passTypeIdentifier: PASS_TYPE,
  pass: storeCard,
  images,
});

test("an image whose deletion crashed can be uploaded again when the claim ends", async () => {
  const { asset } = await unusedImage(53);
  const now = Date.now();
  vi.spyOn(console, "error").mockImplementation(() => {});
  await expect(hourlyJob(0, { BUCKET: bucketWith("delete", "assets/", fail) })).rejects.toThrow(
    "failed: deleteUnusedObjects",
  );
  const refusal = declareUploads(db, [asset], now);
  await expect(refusal).rejects.toMatchObject({ code: "changed_meanwhile" });
  await declareUploads(db, [asset], now + CLAIM_MS + 60_000);
  expect(await rowsOf(objects, { key: asset })).toMatchObject([{ claimedAt: null }]);
});
