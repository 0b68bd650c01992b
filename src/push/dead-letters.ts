/**
 * The end of the line: what the push queue gave up on, kept in D1 for a month so that it can be seen. What may be over by
 * itself (an outage, a key that came later) is sent again by itself; the rest waits for the operator.
 */
import { and, asc, count, desc, eq, gte, inArray, lt, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { deadLetters } from "../db/schema.ts";
import type { PushJob, PushMessage, SendMessages } from "./messages.ts";
import { LASTING } from "./verdict.ts";

export interface DeadLetter {
  readonly id: number;
  readonly message: PushMessage;
  readonly receivedAt: string;
}

const DAY_MS = 24 * 60 * 60_000;
const KEPT_FOR_MS = 30 * DAY_MS;
const RECENT_MS = 7 * DAY_MS;
/** A letter is at most 128 KB, and one sweep sends five hundred. */
const ROUND_LIMIT = 20;
const ROUNDS = 25;

/** Keeps a letter once, however often the queue brings it. */
export async function keepDeadLetter(
  db: Database,
  messageId: string,
  message: PushMessage,
  now: number,
): Promise<void> {
  await db
    .insert(deadLetters)
    .values({ messageId, message: JSON.stringify(message), receivedAt: now })
    .onConflictDoNothing();
}

/** Newest first. @param cursor the id that the page before ended with */
export async function listDeadLetters(
  db: Database,
  cursor: number | undefined,
  limit: number,
): Promise<DeadLetter[]> {
  const rows = await db
    .select()
    .from(deadLetters)
    .where(cursor === undefined ? undefined : lt(deadLetters.id, cursor))
    .orderBy(desc(deadLetters.id))
    .limit(limit);
  return rows.map((row) => ({
    id: row.id,
    message: JSON.parse(row.message),
    receivedAt: new Date(row.receivedAt).toISOString(),
  }));
}

/**
 * Sends a letter to the push queue once more, as a first attempt, and takes it out of the list. A crash in between leaves
 * it in the list: then it is pushed twice.
 * @returns false if there is no such letter
 */
export async function replayDeadLetter(db: Database, queue: SendMessages, id: number): Promise<boolean> {
  const [row] = await db.select().from(deadLetters).where(eq(deadLetters.id, id));
  if (row === undefined) return false;
  const message: PushMessage = JSON.parse(row.message);
  await queue.send(message.kind === "push" ? firstAttempt(message) : message);
  await db.delete(deadLetters).where(eq(deadLetters.id, id));
  return true;
}

/** Replays the oldest letters. @returns how many, and how many are left */
export async function replayDeadLetters(db: Database, queue: SendMessages, limit: number) {
  const rows = await db
    .select({ id: deadLetters.id })
    .from(deadLetters)
    .orderBy(asc(deadLetters.id))
    .limit(limit);
  let replayed = 0;
  for (const { id } of rows) if (await replayDeadLetter(db, queue, id)) replayed++;
  const [left] = await db.select({ count: count() }).from(deadLetters);
  return { replayed, left: left?.count ?? 0 };
}

/**
 * Sends again, the oldest first, what gave up for a reason that may be over by itself: at once, then when as much time has
 * passed as it had been given up on by then, a day at most, for a month. @returns how many letters
 */
export async function replayPassing(db: Database, queue: SendMessages, now: number): Promise<number> {
  const firstGaveUpAt = sql`coalesce(${deadLetters.message}->>'gaveUpAt', ${deadLetters.receivedAt})`;
  const tried = sql`(${deadLetters.receivedAt} - ${firstGaveUpAt})`;
  let replayed = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const rows = await db
      .select()
      .from(deadLetters)
      .where(
        and(
          // The job of a change that is not told the outbox sends again.
          sql`${deadLetters.message}->>'kind' = 'push'`,
          // None: the queue gave up, since D1, a setting or the queue itself was not there.
          sql`coalesce(${deadLetters.message}->>'reason', '') NOT IN (SELECT value FROM json_each(${JSON.stringify(LASTING)}))`,
          sql`${deadLetters.receivedAt} + min(${tried}, ${DAY_MS}) <= ${now}`,
          sql`${tried} < ${KEPT_FOR_MS}`,
        ),
      )
      .orderBy(asc(deadLetters.id))
      .limit(ROUND_LIMIT);
    if (rows.length === 0) break;
    for (const { message, receivedAt } of rows) {
      const letter: PushJob = JSON.parse(message);
      await queue.send({ ...firstAttempt(letter), gaveUpAt: letter.gaveUpAt ?? receivedAt });
    }
    await db.delete(deadLetters).where(
      inArray(
        deadLetters.id,
        rows.map(({ id }) => id),
      ),
    );
    replayed += rows.length;
  }
  return replayed;
}

function firstAttempt(job: PushJob): PushJob {
  const { reason: _reason, doubted: _doubted, gaveUpAt: _gaveUpAt, ...push } = job;
  return { ...push, attempt: 1 };
}

/** How many came in the last seven days: what the operator should know of. */
export async function countRecentDeadLetters(db: Database, now: number): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(deadLetters)
    .where(gte(deadLetters.receivedAt, now - RECENT_MS));
  return row?.count ?? 0;
}

/** Removes what is older than a month. */
export async function sweepDeadLetters(db: Database, now: number): Promise<void> {
  await db.delete(deadLetters).where(lt(deadLetters.receivedAt, now - KEPT_FOR_MS));
}
