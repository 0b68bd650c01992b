/**
 * The sweep of the outbox: sends the jobs of changes that have none in the queue, because the queue was down, because pushes were
 * paused, or because the job was lost. It runs every minute and when a pause ends.
 *
 * The limits: D1 allows 1,000 queries in one invocation, and a queue accepts 5,000 messages a second. So one run takes up
 * to a minute. If the next run starts meanwhile, some jobs are sent twice, which is harmless.
 */
import { and, asc, isNull, lte, or, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { changes } from "../db/schema.ts";
import { writeJson } from "../json.ts";
import { logEvent } from "../log-events.ts";
import { BATCH_JOBS, type SendJobs } from "./announce-all.ts";
import { notBefore } from "./outbox.ts";

export interface SweepLimits {
  /** How long a change that was never queued is left to the request that made it. */
  readonly unqueuedAfterMs: number;
  /** Each page is a thousand changes and two statements. */
  readonly pages: number;
}

/** 200,000 changes with 400 statements. */
const EVERY_MINUTE: SweepLimits = { unqueuedAfterMs: 30_000, pages: 200 };
/**
 * When a pause has ended, no change is left to its request: a request sends no job during a pause. Few pages, because it
 * runs after a response.
 */
export const AFTER_PAUSE: SweepLimits = { unqueuedAfterMs: 0, pages: 10 };

const PAGE_CHANGES = 1000;
/** A job that was queued this long ago and is not finished is considered lost. */
const STALE_AFTER_MS = 10 * 60_000;
/**
 * How many jobs one run sends again as lost. They may not be lost but waiting in a long queue. So their number must not
 * exceed what the consumers finish in the meantime.
 */
const MAX_STALE = 10_000;

/** Sends the jobs of changes that were never queued or whose job was lost. @returns how many jobs were sent */
export async function sweepOutbox(
  db: Database,
  sendAll: SendJobs,
  now: number,
  { unqueuedAfterMs, pages }: SweepLimits = EVERY_MINUTE,
): Promise<number> {
  let sent = 0;
  let stale = 0;
  let after = { pushAt: 0, changeId: 0 };
  for (let page = 1; page <= pages; page++) {
    const isStale = stale < MAX_STALE ? lte(changes.queuedAt, now - STALE_AFTER_MS) : undefined;
    const due = await db
      .select({ changeId: changes.id, pushAt: changes.pushAt, queuedAt: changes.queuedAt })
      .from(changes)
      .where(
        and(
          isNull(changes.dispatchedAt),
          lte(changes.pushAt, now - unqueuedAfterMs),
          sql`(${changes.pushAt}, ${changes.id}) > (${after.pushAt}, ${after.changeId})`,
          or(isNull(changes.queuedAt), isStale),
        ),
      )
      .orderBy(asc(changes.pushAt), asc(changes.id))
      .limit(PAGE_CHANGES);
    const last = due.at(-1);
    if (last === undefined) break;
    after = last;
    const accepted = await sendPage(db, sendAll, due, now);
    sent += accepted;
    stale += due.filter(({ queuedAt }) => queuedAt !== null).length;
    if (accepted < due.length || due.length < PAGE_CHANGES) break;
  }
  return sent;
}

/**
 * Sends jobs, and marks those that the queue accepted. After a crash in between they are sent twice, and none is lost.
 * @returns how many the queue accepted
 */
async function sendPage(
  db: Database,
  sendAll: SendJobs,
  due: readonly { readonly changeId: number }[],
  now: number,
): Promise<number> {
  const accepted: number[] = [];
  try {
    for (let at = 0; at < due.length; at += BATCH_JOBS) {
      const ids = due.slice(at, at + BATCH_JOBS).map(({ changeId }) => changeId);
      await sendAll(ids.map((changeId) => ({ changeId })));
      accepted.push(...ids);
    }
  } catch (error) {
    logEvent("outbox_sweep_failed", { error });
  }
  if (accepted.length === 0) return 0;
  try {
    const areAccepted = sql`${changes.id} IN (SELECT value FROM json_each(${writeJson(accepted)}))`;
    await repeatable(() =>
      db
        .update(changes)
        .set({ queuedAt: notBefore(now) })
        .where(areAccepted),
    );
    return accepted.length;
  } catch (error) {
    logEvent("outbox_sweep_failed", { error });
    return 0;
  }
}
