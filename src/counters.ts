/**
 * Counters in Workers Analytics Engine, for a deployment that has the binding COUNTERS. .github/OPERATIONS.md says how to
 * read them.
 *
 * A data point has only names, the pattern of a route, a method, a status and a number: never a URL or an id. Equal counts
 * are summed in the isolate and written at the end of an invocation, so a batch of a thousand pushes is a few points. What
 * is counted later is written with the next invocation. What an isolate has not written when it ends is lost.
 */
import { logEvent } from "./log-events.ts";

export const COUNTERS = ["answer", "push", "queue_retry", "dead_letter", "d1_repeat"] as const;

interface Count {
  readonly counter: (typeof COUNTERS)[number];
  readonly label: string;
  readonly method: string;
  readonly status: number;
  times: number;
}

/** The platform accepts at most this many data points in one invocation. */
const MAX_DATA_POINTS = 250;

/** By counter, label, method and status. There are few, because all of them come from tables of this program. */
const counts = new Map<string, Count>();

/** @param label from a table of this program, so that it cannot name a pass or a person */
export function count(counter: Count["counter"], label = "", { method = "", status = 0 } = {}): void {
  const key = `${counter} ${label} ${method} ${status}`;
  const known = counts.get(key);
  if (known !== undefined) known.times++;
  else counts.set(key, { counter, label, method, status, times: 1 });
}

/** Writes what was counted, once in each invocation. Without the binding, or if it fails, the counts are dropped. */
export function writeCounts(dataset: AnalyticsEngineDataset | undefined): void {
  const due = [...counts].slice(0, MAX_DATA_POINTS);
  for (const [key] of due) counts.delete(key);
  if (dataset === undefined) return;
  try {
    for (const [, { counter, label, method, status, times }] of due)
      dataset.writeDataPoint({
        indexes: [counter],
        blobs: [counter, label, method],
        doubles: [times, status],
      });
  } catch (error) {
    logEvent("counters_failed", { error });
  }
}
