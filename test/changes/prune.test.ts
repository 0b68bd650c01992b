/**
 * What is pruned from the change log, and what never is: a phone, the outbox, a reader and a restored database get the same
 * answers after it.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { pruneChanges } from "../../src/changes/prune.ts";
import { addReader, type HandlePage, runReader } from "../../src/changes/readers.ts";
import { openDatabase } from "../../src/db/client.ts";
import { changes, readers } from "../../src/db/schema.ts";
import { explain } from "../cost.ts";
import { counted } from "../counting.ts";
import { admin, call, download, iphone } from "../harness.ts";
import { hourlyJob } from "../objects/world.ts";
import { db, deleteRows, insertRows, newestChangeId, passRow, rowsOf, setRows } from "../rows.ts";
import { holderOf, randomDevice, updates } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.prune";
const DAY_MS = 86_400_000;
const NOW = 1_800_000_000_000;
const DAYS = 90;
/** Dispatched that long ago, and pruned. */
const OLD = NOW - DAYS * DAY_MS;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
});

afterEach(() => {
  vi.restoreAllMocks();
});

const idsOf = async () => (await rowsOf(changes)).map(({ id }) => id);

/** @param dispatchedAt of each row, in their order; null if it waits */
async function log(dispatchedAt: readonly (number | null)[]): Promise<number[]> {
  const before = await newestChangeId();
  const row = { passTypeIdentifier: PASS_TYPE, kind: "changed" as const, actor: "test" };
  await insertRows(
    changes,
    dispatchedAt.map((time, passId) => ({
      ...row,
      passId,
      at: time ?? 0,
      pushAt: time ?? 0,
      dispatchedAt: time,
    })),
  );
  return (await idsOf()).filter((id) => id > before);
}

describe("of the change log", () => {
  beforeEach(async () => {
    for (const table of [changes, readers]) await deleteRows(table);
  });

  test("what was dispatched AUDIT_DAYS ago is removed, and nothing that is younger or waits", async () => {
    const [, waits, , young] = await log([OLD, null, OLD, OLD + 1]);
    expect(await pruneChanges(db, DAYS, NOW)).toBe(2);
    expect(await idsOf()).toEqual([waits, young]);
    expect(await pruneChanges(db, DAYS, NOW)).toBe(0);
  });

  test("the newest row stays, however old it is, and new ids continue after it", async () => {
    const ids = await log([0, 0, 0]);
    expect(await pruneChanges(db, DAYS, NOW)).toBe(2);
    expect(await idsOf()).toEqual(ids.slice(-1));
    expect(await log([NOW])).toEqual([(ids.at(-1) ?? 0) + 1]);
  });

  test("what a reader has not handled stays, until it has handled it", async () => {
    const [first] = await log([0]);
    await addReader(db, "test");
    const later = await log([OLD, OLD, NOW]);
    expect(await pruneChanges(db, DAYS, NOW)).toBe(1);
    expect(await idsOf()).toEqual(later);
    expect(later).not.toContain(first);
    const seen: number[] = [];
    const handle: HandlePage = (page) => {
      seen.push(...page.map(({ id }) => id));
      return {};
    };
    await runReader(db, { name: "test", handle }, NOW, { pageChanges: 1, pages: 1 });
    expect(await pruneChanges(db, DAYS, NOW)).toBe(1);
    await runReader(db, { name: "test", handle }, NOW);
    expect(seen).toEqual(later);
    expect(await pruneChanges(db, DAYS, NOW)).toBe(1);
    expect(await idsOf()).toEqual(later.slice(-1));
  });

  test("the slowest reader counts", async () => {
    const ids = await log([OLD, OLD, OLD, NOW]);
    await insertRows(readers, [
      { name: "fast", cursor: ids[2] ?? 0 },
      { name: "slow", cursor: ids[0] ?? 0 },
    ]);
    await pruneChanges(db, DAYS, NOW);
    expect(await idsOf()).toEqual(ids.slice(1));
  });

  test("a dead reader holds a change for 30 days longer, is reported, and continues with what is left", async () => {
    const warnings = vi.spyOn(console, "warn").mockImplementation(() => {});
    await insertRows(readers, [{ name: "dead", cursor: 0 }]);
    const ids = await log([OLD - 30 * DAY_MS, OLD - 30 * DAY_MS + 1, NOW]);
    expect(await pruneChanges(db, DAYS, NOW)).toBe(1);
    expect(await idsOf()).toEqual(ids.slice(1));
    expect(warnings.mock.calls).toEqual([[JSON.stringify({ event: "reader_overtaken", reader: "dead" })]]);
    const pages: number[] = [];
    const handle: HandlePage = (page) => {
      pages.push(...page.map(({ id }) => id));
      return {};
    };
    await runReader(db, { name: "dead", handle }, NOW);
    expect(pages).toEqual(ids.slice(1));
  });

  test("a page costs two statements, and a run ends at the first page with a young row, or at its limit", async () => {
    const ids = await log([
      ...Array.from({ length: 25 }, () => OLD),
      ...Array.from({ length: 25 }, () => NOW),
    ]);
    const counters = counted(env);
    const run = (pages: number) =>
      pruneChanges(openDatabase(counters.env.DB), DAYS, NOW, { pageRows: 10, pages });
    expect(await run(2)).toBe(20);
    expect(counters.spent()).toMatchObject({ trips: 3, statements: 2 * 2 + 1 });
    expect(await run(10)).toBe(5);
    expect(counters.spent()).toMatchObject({ statements: 2 + 1 });
    expect(await idsOf()).toEqual(ids.slice(25));
    expect(await run(10)).toBe(0);
    const { statements, rowsRead, rowsWritten } = counters.spent();
    expect([statements, rowsWritten]).toEqual([3, 0]);
    expect(rowsRead).toBeLessThan(50); // not the 25 rows of the log, but one page
  });

  test("a gap of a million ids, as after a restore, costs no page", async () => {
    const ids = await log([OLD, OLD]);
    await insertRows(changes, [
      {
        id: (ids[1] ?? 0) + 1_000_000,
        passTypeIdentifier: "",
        kind: "restored",
        actor: "",
        at: OLD,
        pushAt: OLD,
        dispatchedAt: OLD,
      },
    ]);
    await log([OLD, NOW]);
    expect(await pruneChanges(db, DAYS, NOW, { pageRows: 2, pages: 3 })).toBe(4);
  });

  test("no statement scans the table", async () => {
    await log([OLD, NOW]);
    const counters = counted(env);
    await pruneChanges(openDatabase(counters.env.DB), DAYS, NOW);
    const steps = (await explain(counters.asked)).map(({ step }) => step);
    expect(steps).toContainEqual("SEARCH changes USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)");
    expect(steps.filter((step) => step.startsWith("SCAN changes"))).toEqual([]);
  });
});

test("after the hourly job a phone misses nothing, and a pass is listed, fetched and changed as before", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(templateId, { values: { points: "1" } });
  const phone = iphone();
  await phone.addFrom(pass.downloadUrl);
  const device = randomDevice();
  const holder = await holderOf(pass);
  await holder.register(device);
  await admin.change(pass.id, { values: { points: "2" } });
  await phone.receivePush(PASS_TYPE);
  const { tag } = await passRow(pass.id);
  await setRows(changes, {}, { dispatchedAt: 0, at: 0 });
  await hourlyJob(0);
  expect(await idsOf()).toEqual([await newestChangeId()]);
  expect((await passRow(pass.id)).tag).toBe(tag);

  expect(await updates(device, PASS_TYPE, String(tag))).toBeUndefined();
  const all = { serialNumbers: [pass.serialNumber], lastUpdated: String(tag) };
  expect(await updates(device, PASS_TYPE, "0")).toEqual(all);
  await admin.change(pass.id, { values: { points: "3" } });
  await phone.receivePush(PASS_TYPE);
  expect(phone.complaints).toEqual([]);
  expect((await download(pass)).pass.storeCard).toMatchObject({ primaryFields: [{ value: "3" }] });
});

test("after the hourly job a restored database still moves beyond every tag that was given out", async () => {
  await setRows(changes, {}, { dispatchedAt: 0, at: 0 });
  await hourlyJob(0);
  const newest = await newestChangeId();
  const { body } = await call<{ tag: number }>("POST", "/restored");
  expect(body.tag).toBeGreaterThan(newest + 1_000_000);
});

test("the setting AUDIT_DAYS decides what the hourly job removes", async () => {
  const tenDaysAgo = await log([Date.now() - 10 * DAY_MS]);
  await log([Date.now()]);
  await hourlyJob(0);
  expect(await idsOf()).toEqual(expect.arrayContaining(tenDaysAgo));
  await hourlyJob(0, { AUDIT_DAYS: "9" });
  for (const id of tenDaysAgo) expect(await idsOf()).not.toContain(id);
});
