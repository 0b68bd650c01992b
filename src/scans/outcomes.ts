/**
 * The outcome of a scan, as its scanner gets it.
 */
import type { scans } from "../db/schema.ts";
import { parseJson } from "../json.ts";
import { instantOf } from "../passes/show.ts";
import type { AddRule } from "../templates/scan-rule.ts";
import type { Scan } from "./decide.ts";
import type { StoredScan } from "./find.ts";
import { pauseOf } from "./pause.ts";
import { isUndoable, lastUndoAt } from "./undoable.ts";
import type { FirstRedemption, ScannedPass, View } from "./view.ts";

export type StoredOutcome = (typeof scans.outcome.enumValues)[number];

/** A scanId that belongs to another scan is refused, and nothing is stored. */
export type ScanOutcome = StoredOutcome | "scan_id_reused";

export interface ScanResult {
  readonly scanId: string;
  readonly outcome: ScanOutcome;
  /** The scanner's time, as it was used. */
  readonly at: string;
  /** When the scan was undone. */
  readonly undoneAt: string | null;
  /** Null if no single pass has the code. */
  readonly pass: ScannedPass | null;
  /** For a scan that adds: the field, the number that it shows after the scan, and its bounds. */
  readonly field?: string;
  readonly value?: AddRule["by"];
  readonly max?: AddRule["max"];
  readonly min?: AddRule["min"];
  /** What the holder of a full card gets, and what a scan with `reward: true` sets the field to. */
  readonly reward?: AddRule["reward"];
  /** For a scan that was too soon: when the pass can be added to again. */
  readonly nextAt?: string;
  /** Until when the scan can be undone. */
  readonly undoUntil?: string;
  /** For a pass that is already redeemed: when and where. */
  readonly firstRedemption?: FirstRedemption;
  /** Another scan redeemed the pass. It arrived first, but was made after this one. */
  readonly conflict?: true;
}

/** @param view undefined if the scan has no pass, or it was deleted */
export function resultOf(scan: StoredScan, view: View | undefined): ScanResult {
  const rule = scan.rule === null ? undefined : parseJson(scan.rule);
  const { outcome } = scan;
  return {
    scanId: scan.scanId,
    outcome,
    at: new Date(scan.at).toISOString(),
    undoneAt: instantOf(scan.undoneAt),
    ...(rule === undefined ? {} : addedOf(scan, rule)),
    ...nextOf(scan, rule, view),
    ...(view !== undefined && isUndoable(scan, view.row)
      ? { undoUntil: new Date(lastUndoAt(scan)).toISOString() }
      : {}),
    ...(outcome === "already_redeemed" && view?.firstRedemption
      ? { firstRedemption: view.firstRedemption }
      : {}),
    ...(scan.isConflict ? { conflict: true } : {}),
    pass: view?.pass ?? null,
  };
}

function addedOf({ outcome, value }: StoredScan, { field, max, min, reward }: AddRule) {
  return {
    field,
    ...(value === null ? {} : { value: parseJson(value) }),
    ...(max === undefined ? {} : { max }),
    ...(min === undefined ? {} : { min }),
    ...((outcome === "limit_reached" || outcome === "rewarded") && reward !== undefined ? { reward } : {}),
  };
}

function nextOf({ outcome }: StoredScan, rule: AddRule | undefined, view: View | undefined) {
  const pause = pauseOf(rule);
  const lastAt = view?.lastAdditionAt;
  if (outcome !== "too_soon" || pause === undefined || lastAt === undefined) return {};
  return { nextAt: new Date(lastAt + pause).toISOString() };
}

/** The result for a scanId that belongs to another scan. */
export function reusedScanId({ scanId, at }: Scan): ScanResult {
  return { scanId, outcome: "scan_id_reused", at: new Date(at).toISOString(), undoneAt: null, pass: null };
}
