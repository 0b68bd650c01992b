/**
 * The end of the line: what the push queue gave up on, kept in D1 so that it can be seen.
 */
import { desc } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { deadLetters } from "../db/schema.ts";
import type { PushMessage } from "./messages.ts";

export interface DeadLetter {
  readonly id: string;
  readonly message: PushMessage;
  readonly receivedAt: string;
}

export async function keepDeadLetter(
  db: Database,
  id: string,
  message: PushMessage,
  now: number,
): Promise<void> {
  await db
    .insert(deadLetters)
    .values({ id, message: JSON.stringify(message), receivedAt: now })
    .onConflictDoNothing();
}

export async function listDeadLetters(db: Database, limit: number): Promise<DeadLetter[]> {
  const rows = await db.select().from(deadLetters).orderBy(desc(deadLetters.receivedAt)).limit(limit);
  return rows.map((row) => ({
    id: row.id,
    message: JSON.parse(row.message),
    receivedAt: new Date(row.receivedAt).toISOString(),
  }));
}
