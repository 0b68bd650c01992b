/**
 * Dead letters: the messages that the push queue gave up on, stored in D1 for a month so that the operator sees them.
 * Messages with a temporary reason (an outage, or a missing key that was added later) are replayed automatically. The
 * others wait for the operator.
 */
import { and, asc, count, desc, eq, gte, inArray, lt, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { type Page, type PagePosition, pageOf, toPage } from "../db/page.ts";
import { repeatable } from "../db/repeat.ts";
import { deadLetters } from "../db/schema.ts";
import { parseJson, writeJson } from "../json.ts";
import type { PushJob, PushMessage, SendMessages } from "./messages.ts";
import { HEALED_BY_OPERATOR } from "./verdict.ts";

export interface DeadLetter {
  readonly id: number;
  readonly message: PushMessage;
  readonly receivedAt: string;
}

const DAY_MS = 24 * 60 * 60_000;
const STORED_FOR_MS = 30 * DAY_MS;
const RECENT_MS = 7 * DAY_MS;
/** A letter has at most 128 KB, and one run replays five hundred. */
const ROUND_LIMIT = 20;
const ROUNDS = 25;

/** Stores a letter once, however often the queue delivers it. */
export async function storeDeadLetter(
  db: Database,
  messageId: string,
  message: PushMessage,
  now: number,
): Promise<void> {
  await repeatable(() =>
    db
      .insert(deadLetters)
      .values({ messageId, message: writeJson(message), receivedAt: now })
      .onConflictDoNothing(),
  );
}

/** Newest first. */
export async function listDeadLetters(db: Database, position: PagePosition): Promise<Page<DeadLetter>> {
  const page = pageOf(db, deadLetters, position);
  const rows = await db
    .select({ row: deadLetters, candidates: page.candidates })
    .from(page)
    .innerJoin(deadLetters, eq(deadLetters.id, page.id))
    .orderBy(desc(page.id));
  return toPage(rows, ({ row }) => ({
    id: row.id,
    message: readMessage(row),
    receivedAt: new Date(row.receivedAt).toISOString(),
  }));
}

/**
 * Sends a letter to the push queue again, as a first attempt, and removes it from the list. After a crash in between,
 * it is still in the list, and its pushes are sent twice.
 * @returns false if there is no such letter
 */
export async function replayDeadLetter(db: Database, queue: SendMessages, id: number): Promise<boolean> {
  const [row] = await db.select().from(deadLetters).where(eq(deadLetters.id, id));
  if (row === undefined) return false;
  const message = readMessage(row);
  await queue.send(message.kind === "push" ? toFirstAttempt(message) : message);
  await repeatable(() => db.delete(deadLetters).where(eq(deadLetters.id, id)));
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
 * Replays the letters with a temporary reason, oldest first: the first time immediately, and then after as much time as
 * they have already been failing, but at least once a day, for a month.
 * @returns how many letters
 */
export async function replayHealedByTime(db: Database, queue: SendMessages, now: number): Promise<number> {
  const firstGaveUpAt = sql`coalesce(${deadLetters.message}->>'gaveUpAt', ${deadLetters.receivedAt})`;
  const failingFor = sql`(${deadLetters.receivedAt} - ${firstGaveUpAt})`;
  let replayed = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const rows = await db
      .select()
      .from(deadLetters)
      .where(
        and(
          // Skip the jobs of changes, because the outbox sends them again.
          sql`${deadLetters.message}->>'kind' = 'push'`,
          // Without a reason, the queue itself gave up, because D1, a setting or the queue failed.
          sql`coalesce(${deadLetters.message}->>'reason', '') NOT IN (SELECT value FROM json_each(${writeJson(HEALED_BY_OPERATOR)}))`,
          sql`${deadLetters.receivedAt} + min(${failingFor}, ${DAY_MS}) <= ${now}`,
          sql`${failingFor} < ${STORED_FOR_MS}`,
        ),
      )
      .orderBy(asc(deadLetters.id))
      .limit(ROUND_LIMIT);
    if (rows.length === 0) break;
    for (const row of rows) {
      const message = readMessage(row);
      if (message.kind !== "push") continue; // the query excludes them
      await queue.send({ ...toFirstAttempt(message), gaveUpAt: message.gaveUpAt ?? row.receivedAt });
    }
    const ids = rows.map(({ id }) => id);
    await repeatable(() => db.delete(deadLetters).where(inArray(deadLetters.id, ids)));
    replayed += rows.length;
  }
  return replayed;
}

/** The stored message. It may be from another version, with kinds and members that this version does not know. */
function readMessage(row: { readonly message: string }): PushMessage {
  return parseJson(row.message) as PushMessage;
}

function toFirstAttempt(job: PushJob): PushJob {
  const { reason: _reason, doubted: _doubted, gaveUpAt: _gaveUpAt, ...push } = job;
  return { ...push, attempt: 1 };
}

/** How many letters were stored in the last seven days, for the health report. */
export async function countRecentDeadLetters(db: Database, now: number): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(deadLetters)
    .where(gte(deadLetters.receivedAt, now - RECENT_MS));
  return row?.count ?? 0;
}

/** Removes letters older than a month. */
export async function sweepDeadLetters(db: Database, now: number): Promise<void> {
  await repeatable(() => db.delete(deadLetters).where(lt(deadLetters.receivedAt, now - STORED_FOR_MS)));
}
