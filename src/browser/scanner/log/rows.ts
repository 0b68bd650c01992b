/**
 * The rows of the log: a scan, with the members that only the indexes need. They are computed from the scan whenever it is written, so
 * an index cannot disagree with it.
 */
import { knownOutcome, OUTCOMES } from "../../outcomes.ts";
import { GO, isConflict, isUnsettled, type KeptScan } from "../scan.ts";

/** Neither let in nor turned away. */
const UNDECIDED: readonly string[] = ["asked", "waiting", "refused", "undone"];

/** What scans are counted by. `asked`: a full card whose holder may get the reward. The answer to the question is another scan. */
export const TALLIES = [...OUTCOMES, "asked", "not_understood", "waiting", "refused", "undone"] as const;
export type Tally = (typeof TALLIES)[number];

export interface Counts {
  /** All scans but those that were undone. */
  readonly total: number;
  /** Scans that let a holder in, or gave what was asked for. */
  readonly go: number;
  /** Scans with any other answer. */
  readonly turnedAway: number;
  readonly byTally: Readonly<Record<Tally, number>>;
}

export interface Row extends KeptScan {
  /** The primary key, which IndexedDB gives: the order in which scans were recorded. */
  readonly order?: number;
  readonly unsettled?: 1;
  readonly conflict?: 1;
  readonly tally: readonly [Tally, number];
}

/** @param scan a new scan, or a row that was changed */
export function toRow(scan: KeptScan | Row): Row {
  const { order } = "order" in scan ? scan : {};
  const kept = "tally" in scan ? toScan(scan) : scan;
  return {
    ...kept,
    ...(order === undefined ? {} : { order }),
    ...(isUnsettled(kept) ? { unsettled: 1 } : {}),
    ...(isConflict(kept) ? { conflict: 1 } : {}),
    tally: [tallyOf(kept), kept.at],
  };
}

export function toScan(row: Row): KeptScan {
  const { order: _order, unsettled: _unsettled, conflict: _conflict, tally: _tally, ...scan } = row;
  return scan;
}

export function toScans(rows: readonly Row[]): KeptScan[] {
  return rows.map(toScan);
}

function tallyOf({ state, undo }: KeptScan): Tally {
  if (undo === "done") return "undone";
  switch (state.kind) {
    case "answered": {
      const outcome = knownOutcome(state.result);
      return outcome === "limit_reached" && state.result.reward !== undefined ? "asked" : outcome;
    }
    case "waiting":
    case "not_stored":
      return "waiting";
    case "refused":
      return "refused";
    case "withdrawn":
      return "undone";
  }
}

export function countsOf(counts: ReadonlyMap<Tally, number>): Counts {
  const sum = (tallies: readonly Tally[]) =>
    tallies.reduce((total, tally) => total + (counts.get(tally) ?? 0), 0);
  const byTally = Object.fromEntries(TALLIES.map((tally) => [tally, sum([tally])]));
  return {
    total: sum(TALLIES.filter((tally) => tally !== "undone")),
    go: sum(TALLIES.filter((tally) => GO.includes(tally))),
    turnedAway: sum(TALLIES.filter((tally) => !GO.includes(tally) && !UNDECIDED.includes(tally))),
    byTally: byTally as Record<Tally, number>,
  };
}
