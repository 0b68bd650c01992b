/**
 * Scans: what scanners read from barcodes, and what a scan does. A scan is stored in the batch of its effect, under the id that
 * its scanner chose. A scan that is sent again violates the unique index of ids, its batch is rolled back, and the answer is
 * the stored outcome. So no scan counts twice, even if an answer was lost.
 */
import { eq } from "drizzle-orm";
import { recordedChange } from "../changes/log.ts";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import { isUniqueViolation } from "../db/d1-errors.ts";
import { writeOnce } from "../db/repeat.ts";
import { scans } from "../db/schema.ts";
import { DAY_MS } from "../durations.ts";
import { parseJson } from "../json.ts";
import { SCAN_LIMITS } from "../limits.ts";
import { announceIfVisible, selectBefore } from "../passes/visible.ts";
import type { ScanRule } from "../templates/scan-rule.ts";
import { hashOfCode, isHashOf } from "./code-hash.ts";
import { insertDecided, type Scan } from "./decide.ts";
import { recordEffect } from "./effect.ts";
import { type Found, findKnown, findScan, isSharedCode, type StoredScan } from "./find.ts";
import { resultOf, reusedScanId, type ScanResult, type StoredOutcome } from "./outcomes.ts";
import { pauseOf } from "./pause.ts";
import { selectView, viewOf } from "./view.ts";

const MAX_AGE_MS = SCAN_LIMITS.ageDays * DAY_MS;

export interface NewScan {
  readonly scanId: string;
  readonly code: string;
  /** Milliseconds. Absent: now. */
  readonly at?: number | undefined;
  readonly place?: string | undefined;
  readonly reward: boolean;
}

/**
 * Processes scans in the order in which they were made.
 * @param asked each has a different scanId
 * @returns their results, in the order of `asked`
 */
export async function processScans(context: Context, asked: readonly NewScan[]): Promise<ScanResult[]> {
  const { now } = context;
  const all: Scan[] = asked.map(({ at = now, place = null, ...scan }) => ({
    ...scan,
    place,
    at: Math.min(now, Math.max(at, now - MAX_AGE_MS)),
  }));
  const known = await findKnown(context, all);
  const results = new Map<string, ScanResult>();
  for (const scan of all.toSorted((a, b) => a.at - b.at)) {
    const stored = known.stored.get(scan.scanId);
    const found = known.found.get(scan.code) ?? { kind: "none" };
    const result =
      stored === undefined ? processOne(context, scan, found) : answerStored(context, scan, stored);
    results.set(scan.scanId, await result);
  }
  return all.flatMap(({ scanId }) => results.get(scanId) ?? []);
}

async function processOne(context: Context, scan: Scan, found: Found): Promise<ScanResult> {
  const codeHash = await hashOfCode(context.config.secrets, scan.code);
  if (found.kind === "one") {
    const result = await storeOnce(context, scan, () => scanPass(context, scan, { ...found, codeHash }));
    if (result !== undefined) return result;
  }
  const outcome = await outcomeWithoutPass(context, scan, found);
  return storeOnce(context, scan, () => storeWithoutPass(context, scan, codeHash, outcome));
}

/** Stores a scan with its effect. If a request has stored the id before, the stored outcome is the answer. */
async function storeOnce<Result extends ScanResult | undefined>(
  context: Context,
  scan: Scan,
  write: () => Promise<Result>,
): Promise<Result | ScanResult> {
  // If the answer of an attempt was lost, its push is left to the sweep of the outbox.
  const findStored = async () => {
    const stored = await findScan(context.db, scan.scanId);
    return stored && { stored };
  };
  let written: { readonly result: Result } | { readonly stored: StoredScan };
  try {
    written = await writeOnce<typeof written>(async () => ({ result: await write() }), findStored);
  } catch (error) {
    const found = isUniqueViolation(error) ? await findStored() : undefined;
    if (found === undefined) throw error;
    written = found;
  }
  return "stored" in written ? answerStored(context, scan, written.stored) : written.result;
}

/** @returns undefined if the pass was deleted meanwhile. Then nothing is stored */
async function scanPass(
  context: Context,
  scan: Scan,
  found: Extract<Found, { kind: "one" }> & { readonly codeHash: string },
): Promise<ScanResult | undefined> {
  const { db, now } = context;
  const { passId, rule } = found;
  const {
    before,
    change,
    rows,
    view: after,
  } = await batchOf(db, {
    before: selectBefore(db, passId),
    decided: insertDecided(context, scan, found),
    change: recordEffect(context, scan, passId, rule),
    rows: db.select().from(scans).where(eq(scans.scanId, scan.scanId)),
    view: selectView(context, passId, startOfPause(scan, rule)),
  });
  const view = viewOf(after, now);
  const [stored] = rows;
  if (stored === undefined || view === undefined) return undefined;
  announceIfVisible(context, change && recordedChange(change, view.row), view.row, before);
  return resultOf(stored, view);
}

async function outcomeWithoutPass(context: Context, { code }: Scan, found: Found): Promise<StoredOutcome> {
  if (found.kind === "several") return "several";
  return (await isSharedCode(context, code)) ? "shared_code" : "unknown";
}

async function storeWithoutPass(
  { db, actor, now }: Context,
  { scanId, at, place }: Scan,
  codeHash: string,
  outcome: StoredOutcome,
): Promise<ScanResult> {
  const row = { scanId, codeHash, outcome, isConflict: false, at, receivedAt: now, place, actor };
  const { rows } = await batchOf(db, { rows: db.insert(scans).values(row).returning() });
  const [stored] = rows;
  if (stored === undefined) throw new Error("an insert that returned no row");
  return resultOf(stored, undefined);
}

/** The stored outcome, with the pass as it is now. */
async function answerStored(context: Context, scan: Scan, stored: StoredScan): Promise<ScanResult> {
  const { db, config, actor, now } = context;
  const { codeHash, passId } = stored;
  const isSame = codeHash === null || (await isHashOf(config.secrets, codeHash, scan.code));
  if (!isSame || stored.actor !== actor) return reusedScanId(scan);
  if (passId === null) return resultOf(stored, undefined);
  const rule = stored.rule === null ? undefined : parseJson(stored.rule);
  return resultOf(
    stored,
    viewOf(await batchOf(db, selectView(context, passId, startOfPause(stored, rule))), now),
  );
}

/** Milliseconds: the scan is too soon only if another scan has added after this time. */
function startOfPause({ at }: Pick<Scan, "at">, rule: ScanRule | undefined): number | undefined {
  const pause = pauseOf(rule);
  return pause === undefined ? undefined : at - pause;
}
