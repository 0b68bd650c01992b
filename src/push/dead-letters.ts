/**
 * Dead letters: the messages that the push queue gave up on, stored in D1 for a month so that the operator sees them.
 * Messages with a temporary reason (an outage, or a missing key that was added later) are replayed automatically. The
 * others wait for the operator. Letters that are replayed together are packed: 100,000 letters of one token become a few
 * hundred messages.
 */
import { and, count, desc, eq, gte, lt, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { type Page, type PagePosition, pageOf, toPage } from "../db/page.ts";
import { repeatable } from "../db/repeat.ts";
import { type Marker, markIf } from "../db/requests.ts";
import { deadLetters } from "../db/schema.ts";
import { DAY_MS } from "../durations.ts";
import { writeJson } from "../json.ts";
import { sendInBatches } from "./batches.ts";
import type { PushJob, PushMessage, SendMessages } from "./messages.ts";
import { packTokens } from "./pack.ts";
import {
  deleteStored,
  IS_DEAD,
  readLetters,
  readMessage,
  type StoredMessage,
  storeMessage,
} from "./stored-messages.ts";
import { HEALED_BY_OPERATOR } from "./verdict.ts";

export interface DeadLetter {
  readonly id: number;
  readonly message: PushMessage;
  readonly receivedAt: string;
}

const STORED_FOR_MS = 30 * DAY_MS;
const RECENT_MS = 7 * DAY_MS;
/** 200,000 letters of one token, or 2,600 of the largest, with 400 statements. */
const PAGES = 200;

/** Stores a letter once, however often the queue delivers it. */
export async function storeDeadLetter(
  db: Database,
  messageId: string,
  message: PushMessage,
  now: number,
): Promise<void> {
  await storeMessage(db, messageId, message, { isHeld: false, now });
}

/** Newest first. */
export async function listDeadLetters(db: Database, position: PagePosition): Promise<Page<DeadLetter>> {
  const page = pageOf(db, deadLetters, { ...position, where: IS_DEAD });
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

/** The letter without the push tokens of its devices. */
export function withoutTokens(letter: DeadLetter) {
  const { message } = letter;
  if (message.kind === "change") return letter;
  const { tokens: _tokens, ...others } = message;
  return { ...letter, message: others };
}

/**
 * Sends a letter to the push queue again, as a first attempt, and removes it from the list. After a crash in between,
 * it is still in the list, and its pushes are sent twice.
 * @returns false if there is no such letter
 */
export async function replayDeadLetter(context: Marker, queue: SendMessages, id: number): Promise<boolean> {
  const { db } = context;
  const [row] = await db
    .select()
    .from(deadLetters)
    .where(and(eq(deadLetters.id, id), IS_DEAD));
  if (row === undefined) return false;
  const message = readMessage(row);
  await queue.send(message.kind === "push" ? toFirstAttempt(message) : message);
  await deleteStored(db, [row], markIf(context, id));
  return true;
}

/** Replays the oldest letters. @returns how many, and how many are left */
export async function replayDeadLetters(
  context: Marker,
  queue: SendMessages,
  tokensPerMessage: number,
  limit: number,
) {
  const { db } = context;
  const letters = await readLetters(db, undefined, 0, limit);
  const mark = markIf(context, letters.length);
  await replay(db, queue, letters, letters.map(toFirstMessage), tokensPerMessage, mark);
  return { replayed: letters.length, left: await countDeadLetters(db) };
}

export async function countDeadLetters(db: Database): Promise<number> {
  const [left] = await db.select({ count: count() }).from(deadLetters).where(IS_DEAD);
  return left?.count ?? 0;
}

/**
 * Replays the letters with a temporary reason, oldest first: the first time immediately, and then after as much time as
 * they have already been failing, but at least once a day, for a month.
 * @returns how many letters
 */
export async function replayHealedByTime(
  db: Database,
  queue: SendMessages,
  tokensPerMessage: number,
  now: number,
): Promise<number> {
  const firstGaveUpAt = sql`coalesce(${deadLetters.message}->>'gaveUpAt', ${deadLetters.receivedAt})`;
  const failingFor = sql`(${deadLetters.receivedAt} - ${firstGaveUpAt})`;
  const isDue = and(
    // Skip the jobs of changes, because the outbox sends them again.
    sql`${deadLetters.message}->>'kind' = 'push'`,
    // Without a reason, the queue itself gave up, because D1, a setting or the queue failed.
    sql`coalesce(${deadLetters.message}->>'reason', '') NOT IN (SELECT value FROM json_each(${writeJson(HEALED_BY_OPERATOR)}))`,
    sql`${deadLetters.receivedAt} + min(${failingFor}, ${DAY_MS}) <= ${now}`,
    sql`${failingFor} < ${STORED_FOR_MS}`,
  );
  let replayed = 0;
  let after = 0;
  for (let page = 1; page <= PAGES; page++) {
    const letters = await readLetters(db, isDue, after);
    const last = letters.at(-1);
    if (last === undefined) break;
    after = last.id;
    const messages = letters.map((letter) => {
      const message = toFirstMessage(letter);
      if (message.kind !== "push" || letter.message.kind !== "push") return message; // the query excludes them
      return { ...message, gaveUpAt: letter.message.gaveUpAt ?? letter.receivedAt };
    });
    await replay(db, queue, letters, messages, tokensPerMessage);
    replayed += letters.length;
  }
  return replayed;
}

/** Sends the messages of a page of letters, and then removes the letters. */
async function replay(
  db: Database,
  queue: SendMessages,
  letters: readonly StoredMessage[],
  messages: readonly PushMessage[],
  tokensPerMessage: number,
  mark?: ReturnType<typeof markIf>,
): Promise<void> {
  if (letters.length === 0 && mark === undefined) return;
  const reasons = letters.map(({ message }) => (message.kind === "push" ? (message.reason ?? "") : ""));
  const packed = packTokens(messages, reasons, tokensPerMessage);
  await sendInBatches(
    queue,
    packed.map((body) => ({ body })),
  );
  await deleteStored(db, letters, mark);
}

function toFirstMessage({ message }: StoredMessage): PushMessage {
  return message.kind === "push" ? toFirstAttempt(message) : message;
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
    .where(and(gte(deadLetters.receivedAt, now - RECENT_MS), IS_DEAD));
  return row?.count ?? 0;
}

/** Removes letters older than a month. */
export async function sweepDeadLetters(db: Database, now: number): Promise<void> {
  const isOld = and(lt(deadLetters.receivedAt, now - STORED_FOR_MS), IS_DEAD);
  await repeatable(() => db.delete(deadLetters).where(isOld));
}
