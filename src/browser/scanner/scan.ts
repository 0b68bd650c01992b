/**
 * A scan as this phone keeps it, and what the server has answered. Types, and the pure rules about them: whether a code was seen
 * before, and what a person has to look at. Times are milliseconds by the clock of this phone.
 */
import type { ScanResult } from "./answers.ts";

/** What a person scans. */
export interface NewScan {
  readonly code: string;
  readonly place: string | null;
  /** Whether the holder of a full card gets the reward now. */
  readonly reward: boolean;
}

export interface KeptScan extends NewScan {
  /** Random. The server counts each scanId once, so a scan may be sent as often as needed. */
  readonly scanId: string;
  readonly at: number;
  /** `at` plus this is the server's time. It was measured before the scan, because the clock may be set while the scan waits. */
  readonly clockError: number;
  /** The first attempt to send it. From then on the server may have counted it, also if no answer came. */
  readonly sentAt: number | null;
  /**
   * What the person saw when the scan was made: the answer, that it was recorded but not checked, or that this phone has
   * seen the code before. It is `unchecked` until an answer was shown, also if the battery dies before.
   */
  readonly shown: "checked" | "unchecked" | "seen_before";
  readonly state: ScanState;
  readonly undo: UndoState;
  /** When somebody has looked at it in the list of conflicts. */
  readonly lookedAt: number | null;
}

export type ScanState =
  | { readonly kind: "waiting" }
  | {
      readonly kind: "answered";
      readonly result: ScanResult;
      readonly answeredAt: number;
      /** With already_redeemed: the other scan of this phone that redeemed the pass, if one did. */
      readonly redeemedBy: string | null;
    }
  /** The server cannot take this scan. It does not count, and is not sent again. */
  | { readonly kind: "refused"; readonly code: string; readonly detail: string }
  /** It was undone before it was ever sent. */
  | { readonly kind: "withdrawn" }
  /** Only in memory: this phone could not store the scan, and no answer came. It is not recorded: scan again. */
  | { readonly kind: "not_stored"; readonly detail: string };

export type UndoState = "no" | "wanted" | "done" | { readonly refused: string };

/** The outcomes that let a holder in, or give what was asked for. */
export const GO: readonly string[] = ["redeemed", "shown", "added", "rewarded"];
/** The outcomes of codes that may be scanned again on purpose: of stamp cards and memberships, or of no pass. */
const REPEATABLE: readonly string[] = [
  "shown",
  "added",
  "rewarded",
  "no_reward",
  "limit_reached",
  "too_soon",
  "value_not_a_number",
  "unknown",
  "shared_code",
  "several",
];
/** The outcomes after which the code must let nobody in again. With scan_id_reused, the scan was counted with an earlier key. */
const USED_UP: readonly string[] = ["redeemed", "already_redeemed", "voided", "expired", "scan_id_reused"];

/** The outcome, if the server has answered. */
export function outcomeOf({ state }: KeptScan): string | undefined {
  return state.kind === "answered" ? state.result.outcome : undefined;
}

/**
 * Whether a person may still undo the scan.
 * @param serverTime by the clock of the server, which decides
 */
export function canUndo({ state, undo }: KeptScan, serverTime: number): boolean {
  if (undo !== "no") return false;
  if (state.kind !== "answered") return state.kind === "waiting";
  const { undoUntil, undoneAt } = state.result;
  return undoneAt === null && undoUntil !== undefined && serverTime < Date.parse(undoUntil);
}

/**
 * The earlier scan because of which a code must let nobody in again while there is no network.
 * @param earlier all scans of the code, oldest first
 * @returns undefined if there is none, or the code is known to be one that is scanned again on purpose
 */
export function usedBefore(earlier: readonly KeptScan[]): KeptScan | undefined {
  const counted = earlier.filter(({ undo }) => undo !== "done" && undo !== "wanted");
  if (counted.some((scan) => REPEATABLE.includes(outcomeOf(scan) ?? ""))) return undefined;
  return counted.find((scan) => scan.state.kind === "waiting" || USED_UP.includes(outcomeOf(scan) ?? ""));
}

/** Whether somebody has to look at the scan, because what the person saw is not what the server says. */
export function isConflict(scan: KeptScan): boolean {
  const { shown, state, undo, lookedAt } = scan;
  if (lookedAt !== null || undo === "done" || undo === "wanted") return false;
  if (undo !== "no") return true;
  switch (state.kind) {
    case "waiting":
    case "withdrawn":
    case "not_stored":
      return false;
    case "refused":
      return true;
    case "answered":
      // First a holder who was sent away although the pass was good, then one who was let in although it was not.
      if (shown === "seen_before") return state.result.outcome === "redeemed";
      return shown === "unchecked" && !GO.includes(state.result.outcome) && state.redeemedBy === null;
  }
}

/** Whether the scan or its undo still has to be sent. Until then the scan must not be deleted. */
export function isUnsettled({ state, undo }: KeptScan): boolean {
  return state.kind === "waiting" || undo === "wanted";
}

/** The beginning of the day in the time zone of this phone. */
export function startOfDay(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}
