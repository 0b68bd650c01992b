/**
 * What a scan becomes when something happens to it. Pure: scan-log.ts calls these in the transaction that reads and writes the scan.
 */
import type { ScanResult } from "../answers.ts";
import type { KeptScan } from "../scan.ts";

export interface Refusal {
  readonly code: string;
  readonly detail: string;
}

/** What the server said to an undo: the scan, or why it was not undone, or that there is nothing to undo. */
export type UndoEnd = ScanResult | { readonly refused: string } | "nothing";

/** The first answer stays: a repeated one is the same. */
export function answered(
  scan: KeptScan,
  { result, answeredAt, redeemedBy }: Omit<Extract<KeptScan["state"], { kind: "answered" }>, "kind">,
): KeptScan {
  if (scan.state.kind !== "waiting") return scan;
  return { ...scan, state: { kind: "answered", result, answeredAt, redeemedBy } };
}

/**
 * An undo that waited has nothing to undo any more.
 * @param lookedAt when the person saw the refusal; null: not yet
 */
export function refused(scan: KeptScan, { code, detail }: Refusal, lookedAt: number | null): KeptScan {
  if (scan.state.kind !== "waiting") return scan;
  const undo = scan.undo === "wanted" ? "done" : scan.undo;
  return { ...scan, state: { kind: "refused", code, detail }, undo, lookedAt };
}

/** Only what was never sent is withdrawn: the server may have counted everything else, and has to undo it. */
export function withdrawn(scan: KeptScan): KeptScan {
  const { state, sentAt, undo } = scan;
  if (state.kind === "waiting" && sentAt === null)
    return { ...scan, state: { kind: "withdrawn" }, undo: "done" };
  const isPossible = (state.kind === "waiting" || state.kind === "answered") && undo !== "done";
  return isPossible ? { ...scan, undo: "wanted", lookedAt: null } : scan;
}

export function undoEnded(scan: KeptScan, end: UndoEnd): KeptScan {
  if (end === "nothing") return { ...scan, undo: "done" };
  if ("refused" in end) return { ...scan, undo: { refused: end.refused } };
  const state = scan.state.kind === "answered" ? { ...scan.state, result: end } : scan.state;
  return { ...scan, state, undo: "done" };
}
