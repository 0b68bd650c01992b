/**
 * The end of the line: what the push queue gave up on, kept in D1 for a month so that it can be seen.
 */
import { asc, count, desc, eq, gte, lt } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { deadLetters } from "../db/schema.ts";
import type { PushMessage, SendMessages } from "./messages.ts";

export interface DeadLetter {
  readonly id: number;
  readonly message: PushMessage;
  readonly receivedAt: string;
}

const DAY_MS = 24 * 60 * 60_000;
const KEPT_FOR_MS = 30 * DAY_MS;
const RECENT_MS = 7 * DAY_MS;

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
  await queue.send(anew(JSON.parse(row.message)));
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

function anew(message: PushMessage): PushMessage {
  if (message.kind === "change") return message;
  const { reason: _reason, doubted: _doubted, ...push } = message;
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
