/**
 * Sends a change to its listeners. Each job sends one page of listeners, in messages of many tokens each, and then the
 * job of the next page.
 *
 * If the change was already dispatched, alone or together with a later one, the job finds dispatchedAt set and ends.
 * After a crash between two steps, the page is repeated. Phones that were already pushed are usually not pushed again
 * (pace.ts); a phone that is pushed twice only asks twice.
 */
import { findDispatch, markDispatched, markInProgress } from "../changes/outbox.ts";
import type { Database } from "../db/client.ts";
import { sendInBatches, splitTokens } from "./batches.ts";
import { type Listener, listListeners } from "./listeners.ts";
import type { ChangeJob, SendMessages } from "./messages.ts";

/** Rows of one page: one query, and some messages. */
export const PAGE_LISTENERS = 1200;
/** The change of the settings takes effect with the next page. */
const LONGEST_PAGE_SECONDS = 5 * 60;

export interface Pace {
  readonly tokensPerMessage: number;
  /** The limit for a change of a template or an event, but not of a single pass. Null for no limit. */
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
  const change = await findDispatch(db, job.changeId);
  if (change === undefined || change.dispatchedAt !== null) return;
  // Changes with the same pushAt share a push: the fan-out of the last change covers all of them. Its own job or the
  // sweep starts it.
  if (job.afterListener === undefined && change.lastWithSamePushAt !== job.changeId) return;
  const { target } = change;
  // It covers later changes too: they are committed, so a phone that asks for updates now receives them.
  const throughId = job.throughId ?? change.newestId;
  const rate = target.passId === null ? pushesPerSecond : null;
  const pageListeners = rate === null ? PAGE_LISTENERS : pageSizeAt(rate);
  const listeners = await listListeners(db, target, job.afterListener, pageListeners);

  let sent = 0;
  const messages = groupByPassType(listeners).flatMap(({ passTypeIdentifier, tokens }) =>
    splitTokens(tokens, Math.min(tokensPerMessage, rate ?? Infinity)).map((tokens) => {
      const body = { kind: "push" as const, passTypeIdentifier, tokens, throughId, attempt: 1 };
      const delaySeconds = rate === null ? 0 : Math.floor(sent / rate);
      sent += tokens.length;
      return delaySeconds === 0 ? { body } : { body, delaySeconds };
    }),
  );
  await sendInBatches(queue, messages);

  const afterListener = listeners.at(-1);
  if (listeners.length < pageListeners || afterListener === undefined) {
    await markDispatched(db, target, throughId, now);
    return;
  }
  // The next page starts when this one is finished, so the end of a pause releases at most one page.
  const delaySeconds = rate === null ? 0 : Math.ceil(pageListeners / rate);
  const next: ChangeJob = { kind: "change", changeId: job.changeId, afterListener, throughId };
  if (await markInProgress(db, next, now + delaySeconds * 1000)) await queue.send(next, { delaySeconds });
}

/** A page size for which this rate gives a whole number of seconds, because a queue delays by whole seconds. */
function pageSizeAt(rate: number): number {
  if (rate >= PAGE_LISTENERS) return PAGE_LISTENERS;
  return Math.min(PAGE_LISTENERS - (PAGE_LISTENERS % rate), rate * LONGEST_PAGE_SECONDS);
}

/** The listeners are sorted, so those of one pass type are next to each other. */
function groupByPassType(listeners: readonly Listener[]) {
  const groups: { passTypeIdentifier: string; tokens: string[] }[] = [];
  for (const { passTypeIdentifier, pushToken } of listeners) {
    const last = groups.at(-1);
    if (last?.passTypeIdentifier === passTypeIdentifier) last.tokens.push(pushToken);
    else groups.push({ passTypeIdentifier, tokens: [pushToken] });
  }
  return groups;
}
