/**
 * How many scans each hour had, by place and outcome.
 */
import { beforeAll, beforeEach, expect, test } from "vitest";
import { scans } from "../../src/db/schema.ts";
import { countByHour, type HourCounts } from "../../src/scans/by-hour.ts";
import { admin, call, refused } from "../harness.ts";
import { db, deleteRows, insertRows } from "../rows.ts";

const PASS_TYPE = "pass.test.scan-hours";
let passId: number;
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  passId = (await admin.issue(templateId)).id;
});
beforeEach(() => deleteRows(scans));

/** Stores scans: at a time of one day, at a place, with an outcome. */
async function store(...made: [time: string, place: string | null, outcome: string, more?: object][]) {
  const rows = made.map(([time, place, outcome, more], n) => ({
    ...{ scanId: `scan-${n}`, passId, place, outcome, isConflict: false, actor: "admin", undoneAt: null },
    ...{ at: Date.parse(`2027-03-05T${time}Z`), receivedAt: 0, ...more },
  }));
  await insertRows(scans, rows as (typeof scans.$inferInsert)[]);
}
const byHour = async (query = "") => (await call<HourCounts>("GET", `/scans/by-hour${query}`)).body;
const hours = ({ items }: HourCounts) =>
  items.map(({ hour, place, outcome, count }) => [hour.slice(11, 16), place, outcome, count]);

test("scans are counted by the hour in which they were made, by place and outcome, without those that were undone", async () => {
  await store(
    ["17:00:00", "Gate 1", "redeemed"],
    ["17:59:59.999", "Gate 1", "redeemed"],
    ["17:30:00", "Gate 2", "redeemed"],
    ["17:31:00", "Gate 1", "already_redeemed"],
    ["18:00:00", null, "unknown", { passId: null }],
    ["19:10:00", "Gate 1", "redeemed", { undoneAt: 1 }],
  );
  const all = await byHour();
  expect(hours(all)).toEqual([
    ["18:00", null, "unknown", 1],
    ["17:00", "Gate 1", "already_redeemed", 1],
    ["17:00", "Gate 1", "redeemed", 2],
    ["17:00", "Gate 2", "redeemed", 1],
  ]);
  expect(all).toMatchObject({ undone: 1, isExact: true, countedFrom: "2027-03-05T17:00:00.000Z" });
  expect(hours(await byHour("?place=Gate%202"))).toEqual([["17:00", "Gate 2", "redeemed", 1]]);
  expect(hours(await byHour("?from=2027-03-05T17:31:00Z&to=2027-03-05T17:40:00Z"))).toEqual([
    ["17:00", "Gate 1", "already_redeemed", 1],
  ]);
  expect((await byHour(`?passId=${passId}`)).items).toHaveLength(3);
});

test("hours begin where they begin in local time, at half past in India", async () => {
  await store(["17:29:59", null, "shown"], ["17:30:00", null, "shown"]);
  expect(hours(await byHour("?utcOffset=330"))).toEqual([
    ["17:30", null, "shown", 1],
    ["16:30", null, "shown", 1],
  ]);
  expect(hours(await byHour("?utcOffset=-180"))).toEqual([["17:00", null, "shown", 2]]);
});

test("only the newest scans are counted if there are many, and the answer says from when on", async () => {
  await store(["15:00:00", null, "shown"], ["16:30:00", null, "shown"], ["16:20:00", null, "shown"]);
  const some = await countByHour(db, { scope: undefined }, 0, 2);
  expect(hours(some)).toEqual([["16:00", null, "shown", 2]]);
  expect(some).toMatchObject({ isExact: false, countedFrom: "2027-03-05T16:20:00.000Z" });
});

test("a key with a scope counts the scans of passes that it reaches", async () => {
  await store(["15:00:00", null, "shown"], ["14:00:00", null, "unknown", { passId: null }]);
  const none = { projects: [], events: [], templates: [] };
  const mine = await countByHour(db, { scope: { ...none, templates: [templateId] } }, 0);
  expect([hours(mine), mine.countedFrom]).toEqual([
    [["15:00", null, "shown", 1]],
    "2027-03-05T15:00:00.000Z",
  ]);
  const foreign = await countByHour(db, { scope: none }, 0);
  expect(foreign).toEqual({ items: [], undone: 0, isExact: true, countedFrom: null });
});

test("a key with a scope counts all scans of its passes, however many others there are", async () => {
  const other = await admin.issue((await admin.makeTemplate(PASS_TYPE)).id);
  const foreign = { passId: other.id };
  await store(
    ["15:00:00", "Gate 1", "shown"],
    ["15:10:00", "Gate 2", "shown"],
    ["15:20:00", "Gate 1", "shown", { undoneAt: 1 }],
    ...["16:00:00", "16:10:00", "16:20:00", "16:30:00"].map(
      (time) => [time, "Gate 1", "shown", foreign] as [string, string, string, object],
    ),
  );
  const scope = { projects: [], events: [], templates: [templateId] };
  const own = await countByHour(db, { scope }, 0, 4);
  expect(hours(own)).toEqual([
    ["15:00", "Gate 1", "shown", 1],
    ["15:00", "Gate 2", "shown", 1],
  ]);
  expect(own).toMatchObject({ undone: 1, isExact: true, countedFrom: "2027-03-05T15:00:00.000Z" });
  const ofGate = await countByHour(db, { scope, place: "Gate 1" }, 0, 4);
  expect([hours(ofGate), ofGate.isExact]).toEqual([[["15:00", "Gate 1", "shown", 1]], true]);
  // If the scope itself reaches the limit, the count may not be complete.
  expect(await countByHour(db, { scope }, 0, 3)).toMatchObject({ items: [], isExact: false });
});

test("an offset that no place has, a malformed time and an unknown filter are refused", async () => {
  for (const query of ["utcOffset=841", "utcOffset=-721", "utcOffset=1.5", "from=yesterday", "outcome=shown"])
    await refused(["GET", `/scans/by-hour?${query}`], {
      ...{ status: 400, code: "invalid_parameter", pointer: `/${query.split("=")[0]}` },
    });
});
