/**
 * The list of scans with its pages, filters and counts, and the removal of old scans.
 */
import { beforeAll, expect, test } from "vitest";
import { scans } from "../../src/db/schema.ts";
import { type ListedScan, listScans, type ScanCounts } from "../../src/scans/list.ts";
import { pruneScans } from "../../src/scans/prune.ts";
import { admin, call, refused } from "../harness.ts";
import { db, deleteRows, insertRows, rowsOf } from "../rows.ts";
import { scanner } from "./scanner.ts";

const PASS_TYPE = "pass.test.scan-list";
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

interface List {
  items: ListedScan[];
  nextCursor: string | null;
  counts: ScanCounts | null;
}
const list = async (query = "") => (await call<List>("GET", `/scans${query}`)).body;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

test("the list is by the time of the scan, newest first, in pages, with filters and counts", async () => {
  const [one, two] = [await admin.issue(templateId), await admin.issue(templateId)];
  const sent = await scanner.send([
    { code: one.serialNumber, place: "Gate 1", at: ago(3 * MINUTE) },
    { code: two.serialNumber, place: "Gate 2", at: ago(9 * MINUTE) },
    { code: one.serialNumber, place: "Gate 2", at: ago(2 * MINUTE) },
    { code: "nobody", at: ago(5 * MINUTE) },
  ]);
  const undone = await scanner.scan((await admin.issue(templateId)).serialNumber, { place: "Gate 2" });
  await scanner.undo(undone.scanId);
  const byTime = [undone, sent[2], sent[0], sent[3], sent[1]].map((scan) => scan?.scanId);
  const first = await list("?limit=2");
  expect(first.counts).toEqual({
    total: 4,
    undone: 1,
    byOutcome: { redeemed: 2, already_redeemed: 1, unknown: 1 },
    byPlace: [
      { place: "Gate 2", count: 2 },
      { place: "Gate 1", count: 1 },
      { place: null, count: 1 },
    ],
    isExact: true,
  });
  const second = await list(`?limit=2&cursor=${first.nextCursor}`);
  const third = await list(`?limit=2&cursor=${second.nextCursor}`);
  expect([second.counts, third.nextCursor]).toEqual([null, null]);
  expect([first, second, third].flatMap(({ items }) => items.map(({ scanId }) => scanId))).toEqual(byTime);
  expect(first.items[1]).toMatchObject({
    outcome: "already_redeemed",
    passId: one.id,
    place: "Gate 2",
    actor: "admin",
  });
  const idsOf = async (query: string) => (await list(query)).items.map(({ scanId }) => scanId);
  expect(await idsOf("?place=Gate%201")).toEqual([sent[0]?.scanId]);
  expect(await idsOf("?outcome=unknown")).toEqual([sent[3]?.scanId]);
  expect(await idsOf(`?passId=${two.id}`)).toEqual([sent[1]?.scanId]);
  expect(await idsOf(`?from=${sent[3]?.at}&to=${sent[0]?.at}`)).toEqual([sent[0]?.scanId, sent[3]?.scanId]);
  const counted = await list("?outcome=redeemed&place=Gate%202");
  expect(counted.counts).toMatchObject({ total: 1, undone: 1, byOutcome: { redeemed: 1 }, isExact: true });
  for (const query of ["from=yesterday", "outcome=eaten", "cursor=7", "place=", "nothing=1"])
    await refused(["GET", `/scans?${query}`], {
      status: 400,
      code: "invalid_parameter",
      pointer: `/${query.split("=")[0]}`,
    });
});

test("a page and the counts read a limited number of scans, however few of them have the outcome or are in the scope", async () => {
  await deleteRows(scans);
  const { id } = await admin.issue(templateId);
  const now = Date.now();
  const rows = [id, null, null, null, null, id].map((passId, n) => ({
    ...{ scanId: `few-${n}`, passId, isConflict: false, actor: "admin", at: now - n, receivedAt: now },
    outcome: passId === null ? ("unknown" as const) : ("shown" as const),
  }));
  await insertRows(scans, rows);
  const scope = { projects: [], events: [], templates: [templateId] };
  for (const filter of [
    { scope, outcome: undefined },
    { scope: undefined, outcome: "shown" as const },
  ]) {
    const pages: string[][] = [];
    let cursor: { at: number; id: number } | undefined;
    do {
      const page = await listScans(db, filter, { cursor, limit: 5 }, { counted: 5, examined: 2 });
      pages.push(page.items.map(({ scanId }) => scanId));
      // A key with a scope finds its own by its passes.
      const first = filter.scope === undefined ? { total: 1, isExact: false } : { total: 2, isExact: true };
      if (pages.length === 1) expect(page.counts).toMatchObject(first);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && pages.length < 9);
    expect(pages).toEqual([["few-0"], [], ["few-5"], []]);
    const whole = await listScans(db, filter, { limit: 1 }, { counted: 7, examined: 6 });
    expect(whole.items.map(({ scanId }) => scanId)).toEqual(["few-0"]);
    expect(whole.counts).toMatchObject({ total: 2, byOutcome: { shown: 2 }, isExact: true });
  }
});

test("only the newest scans are counted if there are many, and scans are removed after 90 days", async () => {
  const now = Date.now();
  await deleteRows(scans);
  const age = 90 * DAY;
  const rows = [age + 3, age + 2, age + 1, age, 2, 1].map((old, n) => ({
    ...{ scanId: `scan-${n}`, outcome: "shown" as const, isConflict: false, actor: "admin" },
    ...{ at: now - old, receivedAt: now - old },
  }));
  await insertRows(scans, rows);
  const counted = async (most: number) =>
    (await listScans(db, { scope: undefined }, { limit: 1 }, { counted: most, examined: 2 })).counts;
  expect(await counted(7)).toMatchObject({ total: 6, isExact: true });
  expect(await counted(5)).toMatchObject({ total: 5, isExact: false });
  expect(await pruneScans(db, now, { pageRows: 2, pages: 1 })).toBe(2);
  expect(await pruneScans(db, now, { pageRows: 2, pages: 2 })).toBe(1);
  expect((await rowsOf(scans)).map(({ scanId }) => scanId)).toEqual(["scan-3", "scan-4", "scan-5"]);
});
