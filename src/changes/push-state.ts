/**
 * The progress of a change's pushes, as far as its row shows it. What APNs answered for each phone is not in the log.
 */

import type { changes } from "../db/schema.ts";

export const PUSH_STATES = ["silent", "waiting", "queued", "dispatched"] as const;

/**
 * - silent: nothing was or will be sent. Phones do not show the change, or none had the pass.
 * - waiting: in the outbox. Pushes are paused, or the queue has not accepted its job yet.
 * - queued: its job, or the next page of its fan-out, is in the queue.
 * - dispatched: all of its messages were given to the queue.
 */
export type PushState = (typeof PUSH_STATES)[number];

type PushTimes = Pick<typeof changes.$inferSelect, "at" | "queuedAt" | "dispatchedAt">;

/**
 * The `at` of a change is not earlier than its request, rounded up to a second. A change that pushes nothing is marked as dispatched
 * with the time of the request (log.ts, outbox.ts), and any other one later, by the consumer of its job.
 */
export function pushStateOf({ at, queuedAt, dispatchedAt }: PushTimes): PushState {
  if (dispatchedAt === null) return queuedAt === null ? "waiting" : "queued";
  return queuedAt === null && dispatchedAt <= at ? "silent" : "dispatched";
}

/** Whether it was or will be pushed. */
export function isPushed(times: PushTimes): boolean {
  return pushStateOf(times) !== "silent";
}

/** Milliseconds: when its next job is due. Null if it has none any more. */
export function pushDueAt({
  queuedAt,
  dispatchedAt,
  pushAt,
}: Omit<PushTimes, "at"> & { readonly pushAt: number }): number | null {
  return dispatchedAt === null ? (queuedAt ?? pushAt) : null;
}
