/**
 * Readers of the change log with a cursor: each change is handled once and in order, also if two runs happen at the same
 * time or a run fails half way.
 *
 * The reader of these tests writes one device log for each change: a statement that shows if it ran twice.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  addReader,
  type HandlePage,
  type LoggedChange,
  type Reader,
  removeReader,
  runReader,
  runReaders,
} from "../../src/changes/readers.ts";
import { openDatabase } from "../../src/db/client.ts";
import { changes, deviceLogs, readers } from "../../src/db/schema.ts";
import { parseJson, writeJson } from "../../src/json.ts";
import { recordHeartbeat } from "../../src/push/control.ts";
import { counted } from "../counting.ts";
import { watchLog } from "../push/timeline.ts";
import { deleteRows, insertRows, rowsOf, setRows } from "../rows.ts";

const NOW = 1_800_000_000_000;
const db = openDatabase(env.DB);

beforeEach(async () => {
  for (const table of [changes, readers, deviceLogs]) await deleteRows(table);
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Adds changes to the log. @returns their ids */
async function logChanges(count: number): Promise<number[]> {
  const change = {
    passTypeIdentifier: "pass.test.readers",
    kind: "changed" as const,
    actor: "test",
    at: 0,
    pushAt: 0,
  };
  const before = new Set((await rowsOf(changes)).map(({ id }) => id));
  await insertRows(
    changes,
    Array.from({ length: count }, (_, passId) => ({ ...change, passId })),
  );
  return (await rowsOf(changes)).map(({ id }) => id).filter((id) => !before.has(id));
}

const insertLogs = (page: readonly LoggedChange[], client: string) =>
  db
    .insert(deviceLogs)
    .values(page.map(({ id }) => ({ client, messages: writeJson([String(id)]), receivedAt: NOW })));

const write: HandlePage = (page, { name }) => ({ logs: insertLogs(page, name) });

/** The changes that a reader has handled, in the order in which it wrote them. */
async function handledBy(name: string): Promise<number[]> {
  return (await rowsOf(deviceLogs, { client: name })).map(({ messages }) => Number(parseJson(messages)[0]));
}

const cursorOf = async (name: string) => (await rowsOf(readers, { name }))[0]?.cursor ?? null;

const reader: Reader = { name: "test", handle: write };
const pagesOf = (pageChanges: number, pages = 100) => ({ pageChanges, pages });

test("a new reader starts after the newest change and handles every later one once, in order", async () => {
  const before = await logChanges(3);
  expect(await addReader(db, "test")).toBe(true);
  expect(await cursorOf("test")).toBe(before.at(-1));
  expect(await runReader(db, reader, NOW)).toBe(0);

  const ids = await logChanges(5);
  expect(await runReader(db, reader, NOW)).toBe(5);
  expect(await runReader(db, reader, NOW)).toBe(0);
  expect(await handledBy("test")).toEqual(ids);
  expect(await cursorOf("test")).toBe(ids.at(-1));
});

test("the first reader of an empty log starts before the first change", async () => {
  await addReader(db, "test");
  expect(await cursorOf("test")).toBe(0);
  const ids = await logChanges(1);
  await runReader(db, reader, NOW);
  expect(await handledBy("test")).toEqual(ids);
});

test("adding a reader again keeps its cursor", async () => {
  await addReader(db, "test");
  const ids = await logChanges(2);
  expect(await addReader(db, "test")).toBe(false);
  await runReader(db, reader, NOW);
  expect(await handledBy("test")).toEqual(ids);
});

test("a reader reads in pages, and the next run continues a run that reached its limit", async () => {
  await addReader(db, "test");
  const ids = await logChanges(10);
  const pages: number[][] = [];
  const handle: HandlePage = (page, options) => {
    pages.push(page.map(({ id }) => id));
    return write(page, options);
  };
  expect(await runReader(db, { name: "test", handle }, NOW, pagesOf(4, 2))).toBe(8);
  expect(await cursorOf("test")).toBe(ids[7]);
  expect(await runReader(db, { name: "test", handle }, NOW, pagesOf(4, 2))).toBe(2);
  expect(pages).toEqual([ids.slice(0, 4), ids.slice(4, 8), ids.slice(8)]);
  expect(await handledBy("test")).toEqual(ids);
});

test("gaps in the ids are not a problem", async () => {
  await addReader(db, "test");
  const ids = await logChanges(6);
  for (const id of ids.slice(1, 3)) await deleteRows(changes, { id });
  await setRows(changes, { id: ids[5] ?? 0 }, { id: (ids[5] ?? 0) + 1_000_000 });
  await runReader(db, reader, NOW, pagesOf(2));
  expect(await handledBy("test")).toEqual([ids[0], ids[3], ids[4], (ids[5] ?? 0) + 1_000_000]);
});

test("a page costs two round trips and reads only its own rows, however long the log is", async () => {
  await logChanges(1000);
  await addReader(db, "test");
  await logChanges(10);
  const counters = counted(env);
  const counting = openDatabase(counters.env.DB);
  await runReader(counting, { name: "test", handle: () => ({}) }, NOW, pagesOf(10, 1));
  const { trips, statements, rowsRead } = counters.spent();
  expect({ trips, statements }).toEqual({ trips: 2, statements: 2 });
  expect(rowsRead).toBeLessThan(20);
});

test.each([2, 5])("with %i runs at the same time, each change is handled exactly once", async (runs) => {
  await addReader(db, "test");
  const ids = await logChanges(40);
  let slowest = runs;
  const handle: HandlePage = async (page, options) => {
    // Every run has read the first page before any of them writes it.
    slowest -= 1;
    await vi.waitFor(() => expect(slowest).toBeLessThanOrEqual(0), { interval: 1 });
    return write(page, options);
  };
  const handled = await Promise.all(
    Array.from({ length: runs }, () => runReader(db, { name: "test", handle }, NOW, pagesOf(7))),
  );
  while ((await runReader(db, reader, NOW, pagesOf(7))) > 0);
  expect(await handledBy("test")).toEqual(ids);
  expect(handled.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(40);
  expect(await cursorOf("test")).toBe(ids.at(-1));
});

test("a run that fails half way keeps its finished pages, and the next run starts with the page that failed", async () => {
  await addReader(db, "test");
  const ids = await logChanges(9);
  const failing: HandlePage = (page, options) => {
    if (page.some(({ id }) => id === ids[4])) throw new Error("cannot handle this");
    return write(page, options);
  };
  await expect(runReader(db, { name: "test", handle: failing }, NOW, pagesOf(3))).rejects.toThrow(
    "cannot handle this",
  );
  expect(await handledBy("test")).toEqual(ids.slice(0, 3));
  expect(await cursorOf("test")).toBe(ids[2]);
  await runReader(db, reader, NOW, pagesOf(3));
  expect(await handledBy("test")).toEqual(ids);
});

test("a batch that fails writes nothing of its page and does not move the cursor", async () => {
  await addReader(db, "test");
  const ids = await logChanges(2);
  const failing: HandlePage = (page, { name }) => ({
    logs: insertLogs(page, name),
    // The id of the log that the statement before has written.
    again: db
      .insert(deviceLogs)
      .values({ id: ids[0], client: name, messages: writeJson(["x"]), receivedAt: NOW }),
    third: db
      .insert(deviceLogs)
      .values({ id: ids[0], client: name, messages: writeJson(["x"]), receivedAt: NOW }),
  });
  await expect(runReader(db, { name: "test", handle: failing }, NOW)).rejects.toThrow();
  expect([await handledBy("test"), await cursorOf("test")]).toEqual([[], 0]);
  await runReader(db, reader, NOW);
  expect(await handledBy("test")).toEqual(ids);
});

test("a removed reader handles no more changes, even if it is removed while it handles a page", async () => {
  await addReader(db, "test");
  await logChanges(3);
  const handle: HandlePage = async (page, options) => {
    expect(await removeReader(db, "test")).toBe(true);
    return write(page, options);
  };
  expect(await runReader(db, { name: "test", handle }, NOW)).toBe(0);
  expect([await handledBy("test"), await cursorOf("test")]).toEqual([[], null]);
  expect(await runReader(db, reader, NOW)).toBe(0);
  expect(await removeReader(db, "test")).toBe(false);
});

test("all readers run with the handler of their kind, and a failing reader is logged and does not stop the others", async () => {
  const log = watchLog();
  const names = ["broken:1", "good:1", "good:2", "single", "removed-kind:1"];
  for (const name of names) await addReader(db, name);
  const ids = await logChanges(4);
  const broken: HandlePage = () => {
    throw new Error("cannot handle this");
  };
  await runReaders(db, names, { broken, good: write, single: write }, NOW);
  for (const name of ["good:1", "good:2", "single"]) expect(await handledBy(name)).toEqual(ids);
  expect(log().toSorted((a, b) => String(a.name).localeCompare(String(b.name)))).toEqual([
    { event: "reader_failed", reader: "broken:1", error: "Error: cannot handle this" },
    {
      event: "reader_failed",
      reader: "removed-kind:1",
      error: 'Error: this version has no reader of the kind "removed-kind"',
    },
  ]);
  expect(await cursorOf("broken:1")).toBe(0);
});

test("the heartbeat returns the names of the readers, and without readers there is no query", async () => {
  expect(await recordHeartbeat(db, NOW)).toEqual([]);
  await addReader(db, "test");
  const counters = counted(env);
  const counting = openDatabase(counters.env.DB);
  expect(await recordHeartbeat(counting, NOW)).toEqual(["test"]);
  expect(counters.spent()).toMatchObject({ trips: 1, statements: 1, rowsWritten: 1 });
  await runReaders(counting, [], { test: write }, NOW);
  expect(counters.spent().trips).toBe(0);
  await runReaders(counting, ["test"], { test: write }, NOW);
  expect(counters.spent()).toMatchObject({ trips: 1, statements: 1, rowsWritten: 0 });
});
