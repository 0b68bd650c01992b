/**
 * The log of the scanner alone: what it finds, counts, forgets, and how it opens.
 */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test, vi } from "vitest";
import type { ScanResult } from "../../../../src/browser/scanner/answers.ts";
import { KEPT_MS, openScanLog, type ScanLog } from "../../../../src/browser/scanner/log/scan-log.ts";
import { canUndo, startOfDay } from "../../../../src/browser/scanner/scan.ts";

const DAY = 24 * 60 * 60_000;
const NOW = Date.parse("2026-06-30T20:00:00Z");
let factory: IDBFactory;
let log: ScanLog;
let scans = 0;

async function open(persist = async () => true): Promise<ScanLog> {
  const opened = await openScanLog({ factory: () => factory, persist });
  if (opened.kind !== "open") throw new Error(opened.detail);
  return opened.log;
}
beforeEach(async () => {
  factory = new IDBFactory();
  log = await open();
});

async function record(code: string, at = NOW) {
  const scanId = `scan-${++scans}`;
  return (await log.record({ scanId, code, at, clockError: 0, place: null, reward: false, sentAt: null }))
    .scan;
}
const resultOf = (scanId: string, outcome: string): ScanResult => ({
  scanId,
  outcome,
  undoneAt: null,
  pass: null,
});
async function answered(code: string, outcome: string, at = NOW, isShown = true) {
  const { scanId } = await record(code, at);
  const [scan] = await log.answer([resultOf(scanId, outcome)], at, isShown ? scanId : undefined);
  return scan;
}
const codesOf = (found: readonly { code: string }[]) => found.map(({ code }) => code);

test("a code is seen before if it waits or lets nobody in again, but not that of a stamp card, a membership or no pass", async () => {
  for (const outcome of ["redeemed", "already_redeemed", "voided", "expired", "scan_id_reused"]) {
    const first = await answered(outcome, outcome);
    expect(await log.seenBefore(outcome)).toEqual(first);
    expect((await record(outcome)).shown).toBe("seen_before");
  }
  const waiting = await record("waiting");
  expect(await log.seenBefore("waiting")).toEqual(waiting);
  for (const outcome of ["added", "shown", "limit_reached", "unknown", "of a newer server"]) {
    await answered(outcome, outcome);
    expect(await log.seenBefore(outcome)).toBeUndefined();
  }
  await record("added");
  expect((await record("added")).shown).toBe("unchecked");
});

test("a conflict is what the person did not see: a stop after amber, or a good pass after red; not a scan of this phone", async () => {
  for (const outcome of [
    "voided",
    "unknown",
    "limit_reached",
    "too_soon",
    "of a newer server",
    "redeemed",
    "added",
  ]) {
    await answered(`amber, ${outcome}`, outcome, NOW, false);
    await answered(`checked, ${outcome}`, outcome);
  }
  const first = await record("red");
  const second = await record("red");
  await log.refuse(first.scanId, { code: "invalid_body", detail: "" }, NOW, true);
  await log.answer([resultOf(second.scanId, "redeemed")], NOW);
  const amber = await record("twice on this phone");
  await answered("twice on this phone", "redeemed");
  await log.answer([resultOf(amber.scanId, "already_redeemed")], NOW);
  expect((await log.get(amber.scanId))?.state).toMatchObject({ redeemedBy: expect.any(String) });
  const stops = ["voided", "unknown", "limit_reached", "too_soon", "of a newer server"];
  expect(codesOf(await log.conflicts())).toEqual([...stops.map((outcome) => `amber, ${outcome}`), "red"]);
});

test("the counter is of a day in the time zone of the phone, without what was undone, also on the day the clocks change", async () => {
  vi.stubEnv("TZ", "Europe/Berlin");
  try {
    const noon = Date.parse("2026-10-25T12:00:00+01:00");
    expect(startOfDay(noon)).toBe(Date.parse("2026-10-25T00:00:00+02:00"));
    const times = ["2026-10-24T23:59:59+02:00", "2026-10-25T00:00:00+02:00", "2026-10-25T23:59:59+01:00"];
    for (const [index, time] of times.entries())
      await answered(`ticket ${index}`, "redeemed", Date.parse(time));
    await answered("bad", "voided", noon);
    await answered("new", "of a newer server", noon);
    await record("waiting", noon);
    await log.withdraw((await record("withdrawn", noon)).scanId);
    const undone = await answered("undone", "redeemed", noon);
    await log.withdraw(undone?.scanId ?? "");
    await log.endUndo(undone?.scanId ?? "", "nothing");
    const { total, go, byTally } = await log.countsSince(startOfDay(noon));
    expect([total, go]).toEqual([5, 2]);
    expect(byTally).toMatchObject({
      redeemed: 2,
      voided: 1,
      not_understood: 1,
      waiting: 1,
      undone: 2,
      expired: 0,
    });
  } finally {
    vi.unstubAllEnvs();
  }
});

test("a full card that the holder may get a reward for is not turned away, and one that is used up is", async () => {
  const { scanId } = await record("full");
  await log.answer([{ ...resultOf(scanId, "limit_reached"), reward: { resetTo: 0 } }], NOW);
  await answered("used up", "limit_reached");
  expect(await log.countsSince(0)).toMatchObject({ total: 2, turnedAway: 1 });
});

test("after a week a scan is forgotten, but never one that waits, is to be undone or was not looked at", async () => {
  const old = NOW - 8 * DAY;
  await answered("old", "redeemed", old);
  await record("waiting", old);
  const undone = await answered("to be undone", "redeemed", old);
  await log.withdraw(undone?.scanId ?? "");
  await answered("conflict", "voided", old, false);
  await answered("new", "redeemed", NOW - 6 * DAY);
  await log.forgetOlder(NOW - KEPT_MS);
  expect(codesOf(await log.latest(9))).toEqual(["new", "conflict", "to be undone", "waiting"]);
});

test("a long history is forgotten in parts, and a new scan does not wait for all of them", async () => {
  for (let count = 0; count < 250; count++) await answered(`old ${count}`, "redeemed", NOW - KEPT_MS - DAY);
  const ended: string[] = [];
  await Promise.all([
    log.forgetOlder(NOW - KEPT_MS).then(() => ended.push("forgotten")),
    record("new").then(() => ended.push("recorded")),
  ]);
  expect([ended, codesOf(await log.latest(999))]).toEqual([["recorded", "forgotten"], ["new"]]);
});

test("an answer that comes twice changes nothing, and a scan with the same id is recorded once", async () => {
  const scan = await record("A");
  await log.answer([resultOf(scan.scanId, "redeemed"), resultOf("of nobody", "redeemed")], NOW);
  await log.answer([resultOf(scan.scanId, "voided")], NOW);
  await log.refuse(scan.scanId, { code: "invalid_body", detail: "" }, NOW, false);
  expect((await log.get(scan.scanId))?.state).toMatchObject({ result: { outcome: "redeemed" } });
  const again = await log.record(scan);
  expect([again.scan.state.kind, again.others, (await log.latest(9)).length]).toEqual(["answered", [], 1]);
  expect(await log.markSent([scan.scanId, "of nobody"], NOW)).toEqual([]);
});

test("if the storage is full, the history is deleted for a new scan", async () => {
  await answered("history", "redeemed", NOW - DAY);
  await record("waiting", NOW - DAY);
  const add = vi.spyOn(IDBObjectStore.prototype, "add").mockImplementationOnce(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  await record("new");
  add.mockRestore();
  expect(codesOf(await log.latest(9))).toEqual(["new", "waiting"]);
});

test("a connection that the browser has closed is opened again", async () => {
  const connections: IDBDatabase[] = [];
  const opening = vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (
    this: IDBDatabase,
  ) {
    connections.push(this);
    opening.mockRestore();
    this.close();
    return this.transaction("scans");
  });
  await record("A");
  expect(connections).toHaveLength(1);
  expect(codesOf(await log.latest(9))).toEqual(["A"]);
});

test("a storage that never answers is an error after a while, at the start and later, and stops no page", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const silent = { open: () => ({}) } as unknown as IDBFactory;
    const opening = openScanLog({ factory: () => silent });
    await vi.advanceTimersByTimeAsync(3000);
    expect(await opening).toMatchObject({ kind: "unavailable" });
    vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(
      () => ({ objectStore: () => ({ index: () => ({ getAll: () => ({}), count: () => ({}) }) }) }) as never,
    );
    const recording = record("A").catch(String);
    const counting = log.countUnsettled().catch(String);
    await vi.advanceTimersByTimeAsync(3000);
    for (const failed of [recording, counting]) expect(await failed).toContain("does not answer");
  } finally {
    vi.restoreAllMocks();
    vi.useRealTimers();
  }
  expect(codesOf(await log.latest(9))).toEqual([]);
});

test("a browser that cannot store scans says so before the first one, and one that promises nothing is no obstacle", async () => {
  const unavailable = await openScanLog({
    factory: () => {
      throw new DOMException("not in this window", "SecurityError");
    },
  });
  expect(unavailable).toEqual({ kind: "unavailable", detail: expect.stringContaining("not in this window") });
  const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  expect(await openScanLog({ factory: () => factory })).toMatchObject({ kind: "unavailable" });
  put.mockRestore();
  const promised = await openScanLog({
    factory: () => factory,
    persist: () => Promise.reject(new Error("no")),
  });
  expect(promised).toMatchObject({ kind: "open", isPersistent: false });
});

test("a scan can be undone while it waits, and after its answer as long as the server says, once", async () => {
  const waiting = await record("A");
  expect(canUndo(waiting, NOW)).toBe(true);
  const undoUntil = new Date(NOW + 5 * 60_000).toISOString();
  const [scan] = await log.answer([{ ...resultOf(waiting.scanId, "redeemed"), undoUntil }], NOW);
  if (scan === undefined) throw new Error("a scan is lost");
  expect([canUndo(scan, NOW + 299_999), canUndo(scan, NOW + 300_000)]).toEqual([true, false]);
  expect(canUndo({ ...scan, undo: "wanted" }, NOW)).toBe(false);
  const stop = await answered("B", "voided");
  expect(stop && canUndo(stop, NOW)).toBe(false);
});
