/**
 * Announces many changes of one request: one statement marks them as queued, and one call of the queue sends a hundred jobs.
 * Most requests make a single change, which `announce` of outbox.ts announces.
 */
import { and, isNull, sql } from "drizzle-orm";
import type { RecordedChange } from "../context.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { changes } from "../db/schema.ts";
import { writeJson } from "../json.ts";
import { logEvent } from "../log-events.ts";
import { delaySeconds, IS_NOT_PAUSED, notBefore, type WakeReaders } from "./outbox.ts";
import { parseReaderNames, READER_NAMES } from "./readers.ts";

/** Sends up to BATCH_JOBS jobs at once, each to be delivered after its delay; without one, now. */
export type SendJobs = (jobs: readonly { changeId: number; delaySeconds?: number }[]) => Promise<void>;

/** A queue accepts 100 messages at once. */
export const BATCH_JOBS = 100;

/**
 * Marks the changes as queued and sends their jobs. While pushes are paused, they wait in the outbox. Never throws: the sweep sends
 * what could not be sent.
 */
export async function announceAll(
  db: Database,
  sendAll: SendJobs,
  recorded: readonly RecordedChange[],
  now: number,
  wake: WakeReaders = async () => {},
): Promise<void> {
  let waiting: Parameters<SendJobs>[0] = [];
  try {
    // If D1 fails here, the jobs are sent all the same.
    const { areDue, readers } = await markAllQueued(db, recorded, now).catch(() => ({
      areDue: true,
      readers: [],
    }));
    if (!areDue) return;
    await wake(readers);
    waiting = recorded.map(({ changeId, pushAt }) => ({ changeId, delaySeconds: delaySeconds(pushAt, now) }));
    while (waiting.length > 0) {
      await sendAll(waiting.slice(0, BATCH_JOBS));
      waiting = waiting.slice(BATCH_JOBS);
    }
  } catch (error) {
    logFailure(waiting, error);
    await returnAllToOutbox(db, waiting).catch((error) => logFailure(waiting, error));
  }
}

function logFailure([first]: Parameters<SendJobs>[0], error: unknown): void {
  logEvent("outbox_send_failed", { changeId: first?.changeId ?? 0, error });
}

/** @returns `areDue`: false if pushes are paused */
async function markAllQueued(db: Database, recorded: readonly RecordedChange[], now: number) {
  const areDue = and(isOneOf(recorded), isNull(changes.dispatchedAt), IS_NOT_PAUSED);
  const { rows } = await repeatableBatchOf(db, {
    rows: db
      .update(changes)
      .set({ queuedAt: notBefore(sql`max(${now}, ${changes.pushAt})`) })
      .where(areDue)
      .returning({ readers: READER_NAMES }),
  });
  const [row] = rows;
  return { areDue: row !== undefined, readers: row === undefined ? [] : parseReaderNames(row.readers) };
}

async function returnAllToOutbox(db: Database, jobs: readonly { readonly changeId: number }[]) {
  const areUndispatched = and(isOneOf(jobs), isNull(changes.dispatchedAt));
  await repeatable(() => db.update(changes).set({ queuedAt: null }).where(areUndispatched));
}

/** SQL, for a WHERE. */
function isOneOf(jobs: readonly { readonly changeId: number }[]) {
  const ids = writeJson(jobs.map(({ changeId }) => changeId));
  return sql`${changes.id} IN (SELECT value FROM json_each(${ids}))`;
}
