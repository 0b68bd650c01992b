/**
 * What lists, their filters and their counts cost, counted. No test here looks for scans of tables: a list reads the newest rows, which
 * SQLite calls a scan.
 */
import { beforeAll, expect, test } from "vitest";
import { openDatabase } from "../src/db/client.ts";
import { passTags, scans } from "../src/db/schema.ts";
import { countPasses } from "../src/passes/count.ts";
import { countByHour } from "../src/scans/by-hour.ts";
import { adminCost, counters, NOTHING, spent } from "./cost.ts";
import { surroundScans } from "./counted-passes.ts";
import { admin } from "./harness.ts";
import { copyPass, insertRows } from "./rows.ts";

const PASS_TYPE = "pass.test.list-costs";

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

test("a page of the names of templates is one trip, and reads as many rows as the list of templates", async () => {
  const names = await adminCost("GET", "/template-summaries?limit=2");
  const whole = await adminCost("GET", "/templates?limit=2");
  expect([names.status, names.after]).toEqual([200, NOTHING]);
  expect(names.answer).toEqual(spent({ trips: 1, statements: 2, rowsRead: whole.answer.rowsRead }));
});

test("a scope's counts of scans are two trips if others have made many, and read its passes and their scans", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const { id } = await admin.issue(templateId);
  const own = [id, ...(await copyPass(id, 4, "own-"))];
  const other = await admin.issue((await admin.makeTemplate(PASS_TYPE)).id);
  await surroundScans();
  const scan = (passId: number, at: number) => ({
    ...{ scanId: `${passId}-${at}`, passId, at, receivedAt: at, place: "Gate" },
    ...{ outcome: "shown" as const, isConflict: false, actor: "admin" },
  });
  const foreign = Array.from({ length: 100 }, (_, n) => scan(other.id, 1000 + n));
  await insertRows(scans, [...own.map((passId) => scan(passId, 1)), ...foreign]);
  const scope = { projects: [], events: [], templates: [templateId] };
  for (const [filter, rows] of [
    [{}, 110],
    [{ place: "Gate" }, 109],
  ] as const) {
    counters.spent();
    const counts = await countByHour(openDatabase(counters.env.DB), { scope, ...filter }, 0, 20);
    expect([counts.items.length, counts.isExact]).toEqual([1, true]);
    expect(counters.spent()).toEqual(spent({ trips: 2, statements: 3, rowsRead: rows }));
  }
});

/**
 * 2,500 passes of one template, event, code and tag, and one pass with its own. Before them a pass of another event, because SQLite
 * counts the row at which a search ends.
 */
async function fillLists() {
  const other = await admin.makeTemplate(PASS_TYPE);
  await admin.issue(other.id, { eventId: (await admin.makeEvent()).id });
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const { id: eventId } = await admin.makeEvent();
  const { id } = await admin.issue(templateId, { eventId, barcodeMessage: "many" });
  const ids = [id, ...(await copyPass(id, 2499, "listed-"))];
  await insertRows(
    passTags,
    ids.map((passId) => ({ passId, tag: "many" })),
  );
  const own = { serialNumber: "one", externalId: "of/one", barcodeMessage: "one", tags: ["one"] };
  await admin.issue(templateId, own);
  return { templateId, eventId };
}

/**
 * A page examines at most 2,000 passes, whether one matches or none, and a count 10,000. To examine a pass costs two rows; with a
 * status up to six, because event and template are read. A page that is not full examines twice: for its items, and for its cursor.
 */
test("each filter of passes reads the rows that its index finds, and no more than one page examines", async () => {
  const { templateId, eventId } = await fillLists();
  const rowsRead = async (path: string) => {
    const { status, answer, after } = await adminCost("GET", path);
    expect([path, status, after]).toEqual([path, 200, NOTHING]);
    if (!path.startsWith("/passes/count?code")) expect([path, answer.trips]).toEqual([path, 1]);
    return answer.rowsRead;
  };
  const table: [filter: string, page: number, count?: number][] = [
    ["serialNumber=one", 27, 4],
    ["externalId=of/one", 27, 4],
    [`externalId=of/one&passTypeIdentifier=${PASS_TYPE}`, 21, 2],
    ["tag=one", 26, 4],
    ["code=one", 69, 65],
    [`templateId=${templateId}`, 451, 2 * 2501 + 1],
    [`eventId=${eventId}`, 498, 2 * 2500 + 2],
    ["tag=many", 498, 3 * 2500],
    ["code=many", 12_658, 115_941],
    ["", 451],
    ["status=active", 615],
    [`passTypeIdentifier=${PASS_TYPE}`, 451],
    // No pass matches, and 2,000 are examined.
    ["status=expired", 13 * 2000 + 1],
    ["text=of-nobody", 5 * 2000 + 5],
    ["installStatus=installed", 5 * 2000 + 5],
    ["passTypeIdentifier=pass.test.of-nobody", 5 * 2000 + 5],
    [`eventId=${eventId}&status=expired`, 13 * 2000 + 5, 6 * 2500 + 2],
    [`eventId=${eventId}&installStatus=installed`, 5 * 2000 + 5, 2 * 2500 + 1],
    [`eventId=${eventId}&text=of-nobody`, 7 * 2000 + 5, 2 * 2500 + 2],
    [`eventId=${eventId}&tag=of-nobody`, 7 * 2000 + 5, 2 * 2500 + 2],
  ];
  const read: typeof table = [];
  for (const [filter, , count] of table) {
    const page = await rowsRead(`/passes?limit=20&${filter}`);
    read.push(
      count === undefined ? [filter, page] : [filter, page, await rowsRead(`/passes/count?${filter}`)],
    );
  }
  expect(read).toEqual(table);
  expect(await rowsRead("/passes/by-external-id?externalId=of/one")).toBe(7);

  const database = openDatabase(counters.env.DB);
  for (const [filter, rows] of [
    [{}, 2 * 1001],
    [{ status: "expired" }, 6 * 1000 + 4],
  ] as const) {
    counters.spent();
    expect(await countPasses(database, { ...filter, scope: undefined }, Date.now(), 1000)).toMatchObject({
      isExact: false,
    });
    expect(counters.spent()).toEqual(spent({ trips: 1, statements: 1, rowsRead: rows }));
  }
});
