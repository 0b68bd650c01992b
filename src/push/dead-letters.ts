/**
 * The end of the line: what the push queue gave up on, kept in D1 for a month so that it can be seen.
 */
import { count, desc, gte, lt } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { deadLetters } from "../db/schema.ts";
import type { PushMessage } from "./messages.ts";

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
