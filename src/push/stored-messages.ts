/**
 * Messages of the push queue that are stored in D1, in the table `dead_letters`: those that gave up (dead-letters.ts), and
 * those that a pause holds (held.ts). The two kinds differ in their messageId.
 */
import { and, asc, gt, gte, lt, lte, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import type { markIf } from "../db/requests.ts";
import { deadLetters } from "../db/schema.ts";
import { parseJson, writeJson } from "../json.ts";
import type { PushMessage } from "./messages.ts";

export interface StoredMessage {
  readonly id: number;
  readonly message: PushMessage;
  /** Milliseconds. */
  readonly receivedAt: number;
}

/** The messageId of a held message starts with this. An id of the queue has no space. */
const HELD = "held ";
const AFTER_HELD = "held!";

/** A page has at most this many rows, and as many as fit into the bytes: at least one, because a message has 128 KB at most. */
const PAGE_MESSAGES = 1000;
const PAGE_BYTES = 2_000_000;

/** For a WHERE: the messages that a pause holds. The index of the ids finds them among any number of dead letters. */
const IS_HELD = and(gte(deadLetters.messageId, HELD), lt(deadLetters.messageId, AFTER_HELD));
/** For a WHERE: the messages that gave up. */
export const IS_DEAD = sql`substr(${deadLetters.messageId}, 1, ${HELD.length}) <> ${HELD}`;

/**
 * Stores a message once, however often the queue delivers it.
 * @param messageId the queue's id of the message
 */
export async function storeMessage(
  db: Database,
  messageId: string,
  message: PushMessage,
  { isHeld, now }: { readonly isHeld: boolean; readonly now: number },
): Promise<void> {
  const row = {
    messageId: isHeld ? `${HELD}${messageId}` : messageId,
    message: writeJson(message),
    receivedAt: now,
  };
  await repeatable(() => db.insert(deadLetters).values(row).onConflictDoNothing());
}

/** The oldest dead letters of a condition. @param after the last id of the previous page, or 0 */
export async function readLetters(
  db: Database,
  where: SQL | undefined,
  after: number,
  limit = PAGE_MESSAGES,
): Promise<StoredMessage[]> {
  return readPage(db, and(IS_DEAD, where, gt(deadLetters.id, after)), deadLetters.id, limit);
}

/** Held messages, in no particular order. */
export async function readHeld(db: Database, limit: number): Promise<StoredMessage[]> {
  return readPage(db, IS_HELD, deadLetters.messageId, limit);
}

/** @param order a column with an index, which also finds the rows */
async function readPage(
  db: Database,
  where: SQL | undefined,
  order: SQLiteColumn,
  limit: number,
): Promise<StoredMessage[]> {
  const { id, message, receivedAt } = deadLetters;
  const page = db
    .select({ id, message, receivedAt, order: sql`${order}`.as("position") })
    .from(deadLetters)
    .where(where)
    .orderBy(asc(order))
    .limit(Math.min(limit, PAGE_MESSAGES))
    .as("page");
  const bytes = sql<number>`sum(length(${page.message})) OVER (ORDER BY ${page.order})`;
  const sized = db
    .select({
      id: page.id,
      message: page.message,
      receivedAt: page.receivedAt,
      order: page.order,
      bytes: bytes.as("bytes"),
    })
    .from(page)
    .as("sized");
  const rows = await db
    .select({ id: sized.id, message: sized.message, receivedAt: sized.receivedAt })
    .from(sized)
    .where(lte(sized.bytes, PAGE_BYTES))
    .orderBy(asc(sized.order));
  return rows.map((row) => ({ ...row, message: readMessage(row) }));
}

/** @param mark of the request that has sent them */
export async function deleteStored(
  db: Database,
  messages: readonly Pick<StoredMessage, "id">[],
  mark?: ReturnType<typeof markIf>,
): Promise<void> {
  const ids = writeJson(messages.map(({ id }) => id));
  const areListed = sql`${deadLetters.id} IN (SELECT value FROM json_each(${ids}))`;
  await repeatableBatchOf(db, { deleted: db.delete(deadLetters).where(areListed), mark });
}

/** The stored message. It may be from another version, with kinds and members that this version does not know. */
export function readMessage(row: { readonly message: string }): PushMessage {
  return parseJson(row.message) as PushMessage;
}
