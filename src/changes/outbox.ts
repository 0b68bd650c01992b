/**
 * The outbox of APNs. If the row of a change has no dispatchedAt, phones still have to be notified of the change. The
 * request sends the job of the change to the queue directly after the commit. The sweep sends jobs again that were lost
 * (a crash, a queue that is down).
 *
 * This file does not know the listeners (push/fan-out.ts does). A job may be delivered twice. Then the second delivery
 * finds that the change is already dispatched, or repeats the work; phones that were already notified are not pushed
 * again (push/pace.ts).
 */

import { and, asc, count, eq, isNull, lte, or, sql } from "drizzle-orm";
import type { InvisibleChange, RecordedChange } from "../context.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import { chain } from "../db/chain.ts";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { changes } from "../db/schema.ts";
import { writeJson } from "../json.ts";
import { logEvent } from "../log-events.ts";
import { type ChangeTarget, TARGETS } from "./targets.ts";

/** Sends the job of a change to the queue, to be delivered after the delay. */
export type SendJob = (job: { changeId: number }, options: { delaySeconds: number }) => Promise<void>;

/** Sends many jobs at once, to be delivered now. */
export type SendJobs = (jobs: readonly { changeId: number }[]) => Promise<void>;

/** A job that was queued this long ago and is not finished is considered lost. */
const STALE_AFTER_MS = 10 * 60_000;
/** How long the sweep leaves a change that was never queued to the request that made it. */
const UNQUEUED_AFTER_MS = 30_000;
/** A queue accepts 100 messages at once. */
const SWEEP_LIMIT = 100;
/** One sweep sends at most a thousand changes, for example after a long outage. */
const SWEEP_ROUNDS = 10;

/**
 * Sends the change's job and records that it was sent. A change that phones do not show is only marked as dispatched.
 * Never throws: if it fails, the sweep sends the job later.
 */
export async function announce(
  db: Database,
  send: SendJob,
  change: RecordedChange,
  now: number,
): Promise<void> {
  try {
    const { invisible } = change;
    if (invisible !== undefined && (await skipPush(db, change.changeId, invisible, now))) return;
    await send({ changeId: change.changeId }, { delaySeconds: delaySeconds(change.pushAt, now) });
    await repeatable(() =>
      db
        .update(changes)
        .set({ queuedAt: notBefore(Math.max(now, change.pushAt)) })
        .where(eq(changes.id, change.changeId)),
    );
  } catch (error) {
    logEvent("outbox_send_failed", { changeId: change.changeId, error });
  }
}

/**
 * Marks a change that phones do not show as dispatched, and lets its target push again as early as without the change.
 *
 * An earlier change with the same pushAt leaves its push to the last one of them (push/fan-out.ts). Its job may already have
 * found this change and ended. So while such a change waits, this one is pushed like any other.
 * @returns false if the change has to be pushed, or if a repeat finds what an earlier attempt has marked: its job ends at once
 */
async function skipPush(
  db: Database,
  changeId: number,
  { kind, id, pushAtBefore }: InvisibleChange,
  now: number,
): Promise<boolean> {
  const { table } = TARGETS[kind];
  const earlierWaits = sql`EXISTS (SELECT 1 FROM changes AS earlier INDEXED BY changes_untold WHERE ${sameTargetAs("earlier")}
    AND earlier.dispatched_at IS NULL AND earlier.push_at = changes.push_at AND earlier.id < changes.id)`;
  const { skipped } = await repeatableBatchOf(db, {
    skipped: chain({
      marked: db
        .update(changes)
        .set({ dispatchedAt: now })
        .where(and(eq(changes.id, changeId), isNull(changes.dispatchedAt), sql`NOT ${earlierWaits}`)),
      // A change that was made meanwhile has already computed its own pushAt from this one's.
      restored: (wrote) =>
        db
          .update(table)
          .set({ pushAt: pushAtBefore })
          .where(and(eq(table.id, id), eq(table.tag, changeId), wrote)),
    }),
  });
  return skipped.marked.meta.changes > 0;
}

/** Sends the jobs of changes that were never queued or whose job was lost. @returns how many jobs were sent */
export async function sweepOutbox(db: Database, sendAll: SendJobs, now: number): Promise<number> {
  let sent = 0;
  for (let round = 1; round <= SWEEP_ROUNDS; round++) {
    const due = await db
      .select({ changeId: changes.id })
      .from(changes)
      .where(
        and(
          isNull(changes.dispatchedAt),
          lte(changes.pushAt, now - UNQUEUED_AFTER_MS),
          or(isNull(changes.queuedAt), lte(changes.queuedAt, now - STALE_AFTER_MS)),
        ),
      )
      .orderBy(asc(changes.pushAt))
      .limit(SWEEP_LIMIT);
    if (due.length === 0) break;
    try {
      await sendAll(due);
      const ids = writeJson(due.map(({ changeId }) => changeId));
      await repeatable(() =>
        db
          .update(changes)
          .set({ queuedAt: notBefore(now) })
          .where(sql`${changes.id} IN (SELECT value FROM json_each(${ids}))`),
      );
    } catch (error) {
      logEvent("outbox_sweep_failed", { error });
      break;
    }
    sent += due.length;
    if (due.length < SWEEP_LIMIT) break;
  }
  return sent;
}

/**
 * A change, and the changes of the same pass, template or event that are dispatched together with it: up to
 * `lastWithSamePushAt`, the last undispatched one with the same pushAt, and `newestId`, the newest one of all.
 */
export async function findDispatch(db: Database, changeId: number) {
  const [row] = await db
    .select({
      passId: changes.passId,
      templateId: changes.templateId,
      eventId: changes.eventId,
      dispatchedAt: changes.dispatchedAt,
      newestId: sql<number>`(SELECT max(later.id) FROM changes AS later WHERE ${sameTargetAs("later")})`,
      lastWithSamePushAt: sql<number>`(SELECT max(later.id) FROM changes AS later INDEXED BY changes_untold
        WHERE ${sameTargetAs("later")} AND later.dispatched_at IS NULL AND later.push_at = changes.push_at)`,
    })
    .from(changes)
    .where(eq(changes.id, changeId));
  if (row === undefined) return undefined;
  const { passId, templateId, eventId, ...rest } = row;
  return { ...rest, target: { passId, templateId, eventId } };
}

/** SQL: whether the row of `changes` with this alias has the same target as the row without an alias. */
function sameTargetAs(alias: "earlier" | "later") {
  const other = sql.raw(alias);
  return sql`${other}.pass_id IS changes.pass_id AND ${other}.template_id IS changes.template_id
    AND ${other}.event_id IS changes.event_id`;
}

/**
 * Records that the change's job continues at `dueAt`. Until then, and for the usual delay after it, the sweep does not
 * send it again, nor any other change of its target up to `throughId`, because the job covers those too.
 * @returns false if the change has been dispatched meanwhile: its job is finished
 */
export async function markInProgress(
  db: Database,
  { changeId, throughId = changeId }: { readonly changeId: number; readonly throughId?: number },
  dueAt: number,
): Promise<boolean> {
  const { meta } = await repeatable(() =>
    db
      .update(changes)
      .set({ queuedAt: dueAt })
      .where(
        sql`changes.id IN (SELECT later.id FROM changes CROSS JOIN changes AS later INDEXED BY changes_untold
          WHERE changes.id = ${changeId} AND changes.dispatched_at IS NULL AND ${sameTargetAs("later")}
            AND later.dispatched_at IS NULL AND later.id <= ${Math.max(changeId, throughId)})`,
      ),
  );
  return meta.changes > 0;
}

/** Marks all changes of the target up to `throughId` as dispatched: their fan-out is finished. */
export async function markDispatched(
  db: Database,
  target: ChangeTarget,
  throughId: number,
  now: number,
): Promise<void> {
  await repeatable(() =>
    db
      .update(changes)
      .set({ dispatchedAt: now })
      .where(
        and(
          sql`${changes.passId} IS ${target.passId}`,
          sql`${changes.templateId} IS ${target.templateId}`,
          sql`${changes.eventId} IS ${target.eventId}`,
          lte(changes.id, throughId),
          isNull(changes.dispatchedAt),
        ),
      ),
  );
}

/** A job that was just sent may already have been consumed, and may have set a later time. */
function notBefore(queuedAt: number) {
  return sql`max(coalesce(queued_at, 0), ${queuedAt})`;
}

function delaySeconds(pushAt: number, now: number): number {
  return Math.max(0, Math.ceil((pushAt - now) / 1000));
}

const WAITING_AFTER_MS = 5 * 60_000;
/** A queue is not punctual. */
const LATE_AFTER_MS = 60_000;

/** How many changes are overdue: more than five minutes late, and without a job that the queue has still to deliver. */
export async function countWaiting(db: Database, now: number): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(changes)
    .where(
      and(
        isNull(changes.dispatchedAt),
        lte(changes.pushAt, now - WAITING_AFTER_MS),
        // The pages of a slow campaign and messages that a pause delays are intentionally late.
        or(isNull(changes.queuedAt), lte(changes.queuedAt, now - LATE_AFTER_MS)),
      ),
    );
  return row?.count ?? 0;
}
