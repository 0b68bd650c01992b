/**
 * From a change to those who listen: one page a job, messages of many tokens each, and last the job of the next page.
 *
 * A job that comes when its change has been told, by itself or together with a later one, finds dispatchedAt set and ends.
 * A crash between two steps repeats the page: who was pushed for it by then is not pushed again, as a rule, and who is
 * asks twice and loses nothing.
 */
import { markDispatched, stillUnderWay, toldWith } from "../changes/outbox.ts";
import type { Database } from "../db/client.ts";
import { type Listener, listenersOf } from "./listeners.ts";
import type { ChangeJob, SendMessages } from "./messages.ts";

/** Rows of one page: one query, and some messages. */
export const PAGE_LISTENERS = 1200;
/** What a pause holds back for as long (consumer.ts) comes out of it as far apart as it went in. */
const LONGEST_PAGE_SECONDS = 5 * 60;
/** A queue takes messages of 128,000 bytes, and in one batch 100 of them with 256,000 bytes together. */
const MESSAGE_BYTES = 120_000;
const BATCH_MESSAGES = 100;
const BATCH_BYTES = 250_000;

export interface Pace {
  readonly tokensPerMessage: number;
  /** For a template or an event: a pass of its own is no campaign. Null for as fast as it can. */
  readonly pushesPerSecond: number | null;
}

/** Sends one page of a change's pushes to the queue, and the job of the next page. */
export async function fanOut(
  db: Database,
  queue: SendMessages,
  job: ChangeJob,
  { tokensPerMessage, pushesPerSecond }: Pace,
  now: number,
): Promise<void> {
  const change = await toldWith(db, job.changeId);
  if (change === undefined || change.dispatchedAt !== null) return;
  // Changes that share a moment share a push: the last of them tells of all, by its own job or by the sweep.
  if (job.afterListener === undefined && change.lastOfSlot !== job.changeId) return;
  const { target } = change;
  // Also of later ones: they are committed, so a phone that asks now is given them.
  const throughId = job.throughId ?? change.newestId;
  const rate = target.passId === null ? pushesPerSecond : null;
  const pageListeners = rate === null ? PAGE_LISTENERS : pageAt(rate);
  const listeners = await listenersOf(db, target, job.afterListener, pageListeners);

  let sent = 0;
  const messages = byPassType(listeners).flatMap(({ passTypeIdentifier, tokens }) =>
    packed(
      tokens,
      (token) => token.length + 3,
      Math.min(tokensPerMessage, rate ?? Infinity),
      MESSAGE_BYTES,
    ).map((tokens) => {
      const body = { kind: "push" as const, passTypeIdentifier, tokens, throughId, attempt: 1 };
      const delaySeconds = rate === null ? 0 : Math.floor(sent / rate);
      sent += tokens.length;
      return delaySeconds === 0 ? { body } : { body, delaySeconds };
    }),
  );
  for (const batch of packed(messages, sizeOf, BATCH_MESSAGES, BATCH_BYTES)) await queue.sendBatch(batch);

  const afterListener = listeners.at(-1);
  if (listeners.length < pageListeners || afterListener === undefined) {
    await markDispatched(db, target, throughId, now);
    return;
  }
  // The next page comes when this one is through: what a pause holds back, and all at once lets go, is one page.
  const delaySeconds = rate === null ? 0 : Math.ceil(pageListeners / rate);
  const next: ChangeJob = { kind: "change", changeId: job.changeId, afterListener, throughId };
  if (await stillUnderWay(db, next, now + delaySeconds * 1000)) await queue.send(next, { delaySeconds });
}

/** As many listeners of a page as take whole seconds at this pace, since a queue delays by nothing less. */
function pageAt(rate: number): number {
  if (rate >= PAGE_LISTENERS) return PAGE_LISTENERS;
  return Math.min(PAGE_LISTENERS - (PAGE_LISTENERS % rate), rate * LONGEST_PAGE_SECONDS);
}

/** The listeners are in order: those of one pass type stand together. */
function byPassType(listeners: readonly Listener[]) {
  const groups: { passTypeIdentifier: string; tokens: string[] }[] = [];
  for (const { passTypeIdentifier, pushToken } of listeners) {
    const last = groups.at(-1);
    if (last?.passTypeIdentifier === passTypeIdentifier) last.tokens.push(pushToken);
    else groups.push({ passTypeIdentifier, tokens: [pushToken] });
  }
  return groups;
}

/** Bytes: APNs' tokens are hexadecimal, so all of it is ASCII. */
function sizeOf(message: unknown): number {
  return JSON.stringify(message).length;
}

/** Cuts a list, in its order, into lists of at most so many items and bytes. */
function packed<Item>(
  items: readonly Item[],
  bytesOf: (item: Item) => number,
  maxItems: number,
  maxBytes: number,
): Item[][] {
  const lists: Item[][] = [];
  let room = 0;
  for (const item of items) {
    const bytes = bytesOf(item);
    const last = lists.at(-1);
    if (last === undefined || last.length >= maxItems || bytes > room) {
      lists.push([item]);
      room = maxBytes - bytes;
    } else {
      last.push(item);
      room -= bytes;
    }
  }
  return lists;
}
