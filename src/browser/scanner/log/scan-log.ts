/**
 * What this phone has scanned: kept in IndexedDB until the server has answered, and then for a week. Several tabs may use it at the
 * same time, so each change reads the scan in the transaction that writes it.
 */
import { DAY_MS, HOUR_MS } from "../../../durations.ts";
import { SCAN_LIMITS } from "../../../limits.ts";
import type { ScanResult } from "../answers.ts";
import { type KeptScan, type NewScan, usedBefore } from "../scan.ts";
import { type Database, done, type IndexName, openScanDatabase } from "./database.ts";
import { type Counts, countsOf, type Row, TALLIES, type Tally, toRow, toScan, toScans } from "./rows.ts";
import { answered, type Refusal, refused, type UndoEnd, undoEnded, withdrawn } from "./transitions.ts";

export interface ScanLog {
  /**
   * Stores a scan that waits. Resolves once it is on the disk. A scan that is stored already stays as it is.
   * @returns the scan as it is kept, and the others of its code
   * @throws DOMException if nothing more can be stored
   */
  record(scan: NewScan & Pick<KeptScan, "scanId" | "at" | "clockError" | "sentAt">): Promise<Recorded>;
  /** Marks scans before they are sent. @returns those that are still to be sent */
  markSent(scanIds: readonly string[], now: number): Promise<KeptScan[]>;
  /**
   * Stores what the server has answered. It need not be on the disk at once: a scan that is sent again has the same answer.
   * @param shown the scanId of the scan whose answer the person sees now
   */
  answer(results: readonly ScanResult[], now: number, shown?: string): Promise<KeptScan[]>;
  /**
   * The server cannot take the scan.
   * @param isShown whether the person sees it now
   */
  refuse(scanId: string, refusal: Refusal, now: number, isShown: boolean): Promise<KeptScan | undefined>;
  /** Withdraws a scan that was never sent. For any other scan, it records that the server has to undo it. */
  withdraw(scanId: string): Promise<KeptScan | undefined>;
  endUndo(scanId: string, end: UndoEnd): Promise<void>;
  get(scanId: string): Promise<KeptScan | undefined>;
  /** Newest first, in the order in which they were recorded, also if the clock was changed. */
  latest(limit: number): Promise<KeptScan[]>;
  /** What has to be sent or undone, oldest first. */
  unsettled(limit: number): Promise<KeptScan[]>;
  countUnsettled(): Promise<number>;
  /** The first scan of this phone after which the code must let nobody in again: the earlier scan of one that is `seen_before`. */
  seenBefore(code: string): Promise<KeptScan | undefined>;
  /** What somebody has to look at, oldest first. */
  conflicts(): Promise<KeptScan[]>;
  markLooked(scanIds: readonly string[], now: number): Promise<void>;
  /** The scans of this phone since a time by its clock. */
  countsSince(time: number): Promise<Counts>;
  /** Deletes scans from before a time, but never what has to be sent, undone or looked at. */
  forgetOlder(time: number): Promise<void>;
  close(): void;
}

export interface Recorded {
  readonly scan: KeptScan;
  /** The other scans of its code, oldest first. */
  readonly others: readonly KeptScan[];
}

/** How long the history is kept. */
export const KEPT_MS = SCAN_LIMITS.ageDays * DAY_MS;
/** How many rows a transaction changes. It has to be short, because a new scan waits until it has ended. */
const ROWS_AT_ONCE = 100;
const WAITING = { kind: "waiting" } as const;

export type OpenedLog =
  | {
      readonly kind: "open";
      readonly log: ScanLog;
      /** Whether the browser has promised not to delete it by itself. */
      readonly isPersistent: boolean;
    }
  /** No scan can be kept here. A person has to know before the first one. */
  | { readonly kind: "unavailable"; readonly detail: string };

/** Opens the log, and tries whether anything can be stored. */
export async function openScanLog({
  name = "edgepass-scanner",
  factory = () => indexedDB,
  persist = async () => navigator.storage.persist(),
} = {}): Promise<OpenedLog> {
  try {
    const database = await openScanDatabase(name, factory());
    // About as much as a hundred scans. It has the key 0, which no scan has.
    await database.write((store) => done(store.put({ order: 0, text: "-".repeat(200_000) })));
    await database.write((store) => done(store.delete(0)));
    const isPersistent = await persist().catch(() => false);
    return { kind: "open", log: scanLogOf(database), isPersistent };
  } catch (error) {
    return { kind: "unavailable", detail: String(error) };
  }
}

function scanLogOf(database: Database): ScanLog {
  const list = (index: IndexName, key: IDBValidKey, limit?: number) =>
    database.read(async (store) => toScans(await done(store.index(index).getAll(key, limit))));
  const change = (scanId: string, changed: (row: Row) => KeptScan) =>
    database.write((store) => changeRow(store, scanId, changed));
  const add = (scan: KeptScan) =>
    database.write(async (store) => {
      const known = toScans(await done(store.index("code").getAll(scan.code)));
      const stored = known.find(({ scanId }) => scanId === scan.scanId);
      const others = known.filter(({ scanId }) => scanId !== scan.scanId);
      const kept: KeptScan = {
        ...scan,
        clockError: Math.max(scan.clockError, ...others.map((other) => timeOf(other) + 1 - scan.at)),
        shown: usedBefore(others) === undefined ? "unchecked" : "seen_before",
      };
      if (stored === undefined) await done(store.add(toRow(kept)));
      return { scan: stored ?? kept, others };
    });

  const forgetSome = (time: number) =>
    database.write(async (store) => {
      let forgotten = 0;
      const request = store.index("at").openCursor(IDBKeyRange.upperBound(time, true));
      for (let cursor = await done(request); cursor !== null && forgotten < ROWS_AT_ONCE; ) {
        const row: Row = cursor.value;
        if (row.unsettled === undefined && row.conflict === undefined) {
          cursor.delete();
          forgotten += 1;
        }
        cursor.continue();
        cursor = await done(request);
      }
      return forgotten;
    });

  const log: ScanLog = {
    async record({ scanId, code, at, clockError, place, reward, sentAt }) {
      const scan: KeptScan = {
        ...{ scanId, code, at, clockError, place, reward, sentAt, lookedAt: null },
        ...{ shown: "unchecked", state: WAITING, undo: "no" },
      };
      try {
        return await add(scan);
      } catch (error) {
        if (!(error instanceof Error || error instanceof DOMException) || error.name !== "QuotaExceededError")
          throw error;
        // A new scan matters more than the history.
        await log.forgetOlder(at - HOUR_MS);
        return add(scan);
      }
    },
    markSent: (scanIds, now) =>
      database.write(async (store) => {
        const sent: KeptScan[] = [];
        for (const scanId of scanIds) {
          const scan = await changeRow(store, scanId, (row) =>
            row.state.kind === "waiting" ? { ...row, sentAt: row.sentAt ?? now } : row,
          );
          if (scan?.state.kind === "waiting") sent.push(scan);
        }
        return sent;
      }),
    answer: (results, now, shown) =>
      database.write(async (store) => {
        const changed: KeptScan[] = [];
        for (const result of results) {
          const isShown = result.scanId === shown;
          const scan = await changeRow(store, result.scanId, async (row) => {
            const redeemedBy =
              result.outcome === "already_redeemed" ? await findRedemption(store, row) : null;
            const next = answered(row, { result, answeredAt: now, redeemedBy });
            return isShown ? { ...next, shown: "checked" } : next;
          });
          if (scan !== undefined) changed.push(scan);
        }
        return changed;
      }, "relaxed"),
    refuse: (scanId, refusal, now, isShown) =>
      change(scanId, (row) => refused(row, refusal, isShown ? now : row.lookedAt)),
    withdraw: (scanId) => change(scanId, withdrawn),
    async endUndo(scanId, end) {
      await change(scanId, (row) => undoEnded(row, end));
    },
    get: async (scanId) => (await list("scanId", scanId, 1))[0],
    latest: (limit) =>
      database.read(async (store) => {
        const rows: Row[] = [];
        const request = store.openCursor(IDBKeyRange.lowerBound(1), "prev");
        for (let cursor = await done(request); cursor !== null && rows.length < limit; ) {
          rows.push(cursor.value);
          cursor.continue();
          cursor = await done(request);
        }
        return toScans(rows);
      }),
    unsettled: (limit) => list("unsettled", 1, limit),
    countUnsettled: () => database.read((store) => done(store.index("unsettled").count(1))),
    seenBefore: async (code) => usedBefore(await list("code", code)),
    conflicts: () => list("conflict", 1),
    async markLooked(scanIds, now) {
      for (let first = 0; first < scanIds.length; first += ROWS_AT_ONCE)
        await database.write(async (store) => {
          for (const scanId of scanIds.slice(first, first + ROWS_AT_ONCE))
            await changeRow(store, scanId, (row) => ({ ...row, lookedAt: now }));
        });
    },
    countsSince: (time) =>
      database.read(async (store) => {
        const index = store.index("tally");
        const rangeOf = (tally: Tally) => IDBKeyRange.bound([tally, time], [tally, Number.POSITIVE_INFINITY]);
        const counted = TALLIES.map(
          async (tally) => [tally, await done(index.count(rangeOf(tally)))] as const,
        );
        return countsOf(new Map(await Promise.all(counted)));
      }),
    async forgetOlder(time) {
      while ((await forgetSome(time)) === ROWS_AT_ONCE);
    },
    close: () => database.close(),
  };
  return log;
}

/**
 * By the server's clock. A scan comes after the others of its code, also if the clock was set back meanwhile: the server counts
 * them in the order of their times.
 */
function timeOf({ at, clockError }: KeptScan): number {
  return at + clockError;
}

/** @returns undefined if there is no such scan */
async function changeRow(
  store: IDBObjectStore,
  scanId: string,
  changed: (row: Row) => KeptScan | Promise<KeptScan>,
): Promise<KeptScan | undefined> {
  const row: Row | undefined = await done(store.index("scanId").get(scanId));
  if (row === undefined) return undefined;
  const next = toRow(await changed(row));
  await done(store.put(next));
  return toScan(next);
}

/** The scan of this phone, if one has redeemed the pass of a scan. */
async function findRedemption(store: IDBObjectStore, { scanId, code }: Row): Promise<string | null> {
  const rows: Row[] = await done(store.index("code").getAll(code));
  // A redemption that was undone has the tally `undone`.
  const redemption = rows.find((row) => row.scanId !== scanId && row.tally[0] === "redeemed");
  return redemption?.scanId ?? null;
}
