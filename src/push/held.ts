/**
 * What waits during a pause, and its way back to the queue.
 *
 * A change waits in the outbox. A message of tokens or of a later page is stored in D1 (stored-messages.ts), unchanged. In
 * the queue it would have to be sent again every few minutes, because a queue delays a message by twelve hours at most, and
 * nothing can end a delay early.
 */
import { markInProgress, returnToOutbox } from "../changes/outbox.ts";
import { type SweepLimits, sweepOutbox } from "../changes/sweep.ts";
import type { Database } from "../db/client.ts";
import { type Outgoing, sendInBatches } from "./batches.ts";
import type { PushControl } from "./control.ts";
import { type PushMessage, type SendMessages, sendChangeJobs } from "./messages.ts";
import { LONGEST_DELAY_SECONDS } from "./retry.ts";
import { deleteStored, readHeld, storeMessage } from "./stored-messages.ts";

/** 100,000 messages with 400 statements, and one for each campaign that continues. */
const PAGES = 200;
const PAGE_MESSAGES = 500;

/** Takes a message from the queue for as long as pushes are paused. It writes once, however long the pause is. */
export async function holdMessage(
  db: Database,
  messageId: string,
  message: PushMessage,
  now: number,
): Promise<void> {
  if (message.kind === "change" && message.afterListener === undefined)
    await returnToOutbox(db, message.changeId);
  else await storeMessage(db, messageId, message, { isHeld: true, now });
}

/**
 * Sends everything that has to be in the queue while pushes are not paused: the held messages, and then the changes in the
 * outbox. The order matters: a held page marks its change as in progress, so that the sweep does not start it from the
 * beginning.
 */
export async function sendWaiting(
  db: Database,
  queue: SendMessages,
  control: PushControl,
  now: number,
  limits?: SweepLimits,
): Promise<void> {
  if (control.pausedAt !== null) return;
  await releaseHeld(db, queue, control, now, limits?.pages ?? PAGES);
  await sweepOutbox(db, sendChangeJobs(queue), now, limits);
}

/** Sends the held messages, and deletes them. After a crash in between they are sent twice, and none is lost. */
async function releaseHeld(
  db: Database,
  queue: SendMessages,
  { pushesPerSecond }: PushControl,
  now: number,
  pages: number,
): Promise<void> {
  const delayOf = spreadAt(pushesPerSecond);
  for (let page = 1; page <= pages; page++) {
    const held = await readHeld(db, PAGE_MESSAGES);
    if (held.length === 0) return;
    const messages = held.map(({ message }) => message);
    const outgoing: Outgoing[] = messages.flatMap((body) =>
      body.kind === "push" ? [{ body, delaySeconds: delayOf(body.throughId, body.tokens.length) }] : [],
    );
    for (const body of messages) {
      if (body.kind === "push") continue;
      const delaySeconds = delayOf(body.throughId, 0);
      // The page of a change that was dispatched meanwhile is dropped.
      if (await markInProgress(db, body, now + delaySeconds * 1000)) outgoing.push({ body, delaySeconds });
    }
    await sendInBatches(queue, outgoing);
    await deleteStored(db, held);
  }
}

/**
 * The delays that keep a campaign within the rate: the messages of a change are sent one after the other, and its next page
 * after them.
 */
function spreadAt(rate: number | null): (throughId: number | undefined, tokens: number) => number {
  const sent = new Map<number | undefined, number>();
  return (throughId, tokens) => {
    if (rate === null) return 0;
    const before = sent.get(throughId) ?? 0;
    sent.set(throughId, before + tokens);
    return Math.min(Math.floor(before / rate), LONGEST_DELAY_SECONDS);
  };
}
