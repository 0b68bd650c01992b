/**
 * The outbox of APNs. If the row of a change has no dispatchedAt, phones still have to be notified of the change. The
 * request sends the job of the change to the queue directly after the commit. The sweep (sweep.ts) sends jobs again that
 * were lost (a crash, a queue that is down). While pushes are paused, changes wait here and not in the queue.
 *
 * The listeners of a change are found elsewhere (push/fan-out.ts). A job may be delivered twice. Then the second delivery
 * finds that the change is already dispatched, or repeats the work; phones that were already notified are not pushed
 * again (push/pace.ts).
 */

import { and, count, eq, isNotNull, isNull, lte, or, type SQL, sql } from "drizzle-orm";
import type { InvisibleChange, RecordedChange } from "../context.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import { chain } from "../db/chain.ts";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { changes, PUSH_CONTROL_ROW, pushControl } from "../db/schema.ts";
import { logEvent } from "../log-events.ts";
import { parseReaderNames, READER_NAMES } from "./readers.ts";
import { type ChangeTarget, TARGETS } from "./targets.ts";

/** For a WHERE. */
export const IS_NOT_PAUSED = sql`NOT EXISTS (SELECT 1 FROM ${pushControl} 
  WHERE ${and(eq(pushControl.id, PUSH_CONTROL_ROW), isNotNull(pushControl.pausedAt))})`;

/** Sends the job of a change to the queue, to be delivered after the delay. */
export type SendJob = (job: { changeId: number }, options: { delaySeconds: number }) => Promise<void>;

/**
 * Marks the change as queued and sends its job. While pushes are paused it does neither, and the change waits here. A change that
 * phones do not show is only marked as dispatched. Never throws: if it fails, the sweep sends the job later.
 */
export async function announce(
  db: Database,
  send: SendJob,
  change: RecordedChange,
  now: number,
  wake: WakeReaders = noReaders,
): Promise<void> {
  const { changeId, pushAt, invisible } = change;
  try {
    if (invisible !== undefined && (await skipPush(db, changeId, invisible, now))) return;
    const queuedAt = Math.max(now, pushAt);
    // If D1 fails here, the job is sent all the same. During a pause, the consumer returns it to the outbox.
    const queued = await markQueued(db, changeId, queuedAt).catch(() => ({ isDue: true, readers: [] }));
    if (!queued.isDue) return;
    const awake = wake(queued.readers);
    try {
      await send({ changeId }, { delaySeconds: delaySeconds(pushAt, now) });
    } catch (error) {
      await returnToOutbox(db, changeId);
      throw error;
    } finally {
      await awake;
    }
  } catch (error) {
    logEvent("outbox_send_failed", { changeId, error });
  }
}

/** Wakes other readers of the log, because there is a change. It must not throw: they look once a minute anyway. */
export type WakeReaders = (names: readonly string[]) => Promise<void>;

async function noReaders(): Promise<void> {}

/**
 * Marks a change as queued. The pause is a condition of this statement, so that looking at it costs no query of its own. The same is
 * true of the names of the other readers.
 * @returns `isDue`: false if pushes are paused, or if the change has been dispatched meanwhile
 */
async function markQueued(db: Database, changeId: number, queuedAt: number) {
  const isDue = and(eq(changes.id, changeId), isNull(changes.dispatchedAt), IS_NOT_PAUSED);
  const { rows } = await repeatableBatchOf(db, {
    rows: db
      .update(changes)
      .set({ queuedAt: notBefore(queuedAt) })
      .where(isDue)
      .returning({ readers: READER_NAMES }),
  });
  const [row] = rows;
  return { isDue: row !== undefined, readers: row === undefined ? [] : parseReaderNames(row.readers) };
}

/** Records that the change has no job in the queue: the sweep sends it. */
export async function returnToOutbox(db: Database, changeId: number): Promise<void> {
  const isUndispatched = and(eq(changes.id, changeId), isNull(changes.dispatchedAt));
  await repeatable(() => db.update(changes).set({ queuedAt: null }).where(isUndispatched));
}

/**
 * Marks a change that phones do not show as dispatched, and restores the pushAt of its target, as if there had been no change.
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
export function notBefore(queuedAt: number | SQL) {
  return sql`max(coalesce(queued_at, 0), ${queuedAt})`;
}

/** How long the queue must hold a job that is sent now. */
export function delaySeconds(pushAt: number, now: number): number {
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
