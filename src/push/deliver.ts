/**
 * Delivers one message of tokens: pushes each token once, then acts on the verdicts.
 *
 * New messages contain the remaining work: tokens to retry (one message for each reason, because each reason has its
 * own pause), and tokens whose push could not start because of the time limit of the batch (consumer.ts) or a pause.
 */

import type { Config } from "../config.ts";
import type { Database } from "../db/client.ts";
import { logEvent } from "../log-events.ts";
import { type Fetch, pushOnce } from "./apns.ts";
import { type FoundKey, findApnsKey, UnreadableApnsKey } from "./apns-keys.ts";
import { judgeBadTokens } from "./doubt.ts";
import { recordOutcome, recordUnreadableKey } from "./failures.ts";
import { forgetPushTokens } from "./listeners.ts";
import type { PushJob, SendMessages } from "./messages.ts";
import {
  type DeadToken,
  type RefusedToken,
  type Retry,
  sortVerdicts,
  type TokenVerdict,
} from "./outcomes.ts";
import { lastPushes, markPushed, waitBefore } from "./pace.ts";
import { providerToken } from "./provider-token.ts";
import { type BatchState, pushAll } from "./push-all.ts";
import { MAX_ATTEMPTS, NO_KEY_PAUSE_SECONDS, pauseBefore } from "./retry.ts";
import { isRetriedSoon, needsOperator } from "./verdict.ts";

/** A pause that APNs asked for is logged if it is at least this long. */
const LOGGED_PAUSE_SECONDS = 10 * 60;
const BAD_TOKEN = "BadDeviceToken";

/** What the consumer of the push queue is given for a batch. */
export interface ConsumerParts {
  readonly db: Database;
  readonly config: Config;
  readonly queue: SendMessages;
  readonly deadLetters: SendMessages;
  readonly fetch: Fetch;
  readonly now: () => number;
}

/** The same, with the state that the messages of the batch share. */
export interface Delivery extends ConsumerParts, BatchState {}

/**
 * Delivers one message. If it throws, the queue delivers the message again, so the order of the phases is important:
 * - The pushes are recorded directly after they were sent. If a later phase fails, the next delivery skips the phones.
 * - Whether pushes get out is recorded then too, for the health report.
 * - Bad tokens are checked before the verdicts are sorted, because the result decides what happens to them.
 * - An expired provider token is renewed before its retries are sent, so that they find the new one.
 * - Dead tokens are removed before the retries are sent: a token that was registered again is retried with them.
 * - Before the caller acknowledges the old message, every token is finished, in a new message or in the dead letters.
 *   After a crash in between, some pushes are sent twice, but none is lost.
 * @throws when D1 or the queue fails
 */
export async function deliver(delivery: Delivery, job: PushJob): Promise<void> {
  const { db, config } = delivery;
  const startedAt = delivery.now();
  const found = await findApnsKey(db, job.passTypeIdentifier);
  if (found === undefined) return waitForKey(delivery, job);
  const { due, newestChangeId } = await selectDueTokens(delivery, job, startedAt);
  if (due.length === 0) return;
  const token = await providerToken(db, config.secrets, found.key, startedAt).catch(
    async (error: unknown) => {
      if (error instanceof UnreadableApnsKey)
        await recordUnreadableKey(db, job.passTypeIdentifier, startedAt);
      throw error;
    },
  );

  const push = async (pushToken: string) => {
    const { apnsOrigin: origin } = config;
    const request = {
      origin,
      providerToken: token.token,
      topic: job.passTypeIdentifier,
      pushToken,
      startedAt,
    };
    return (await pushOnce(request, delivery.fetch)).verdict;
  };
  const { verdicts, notStarted } = await pushAll(delivery, job.passTypeIdentifier, due, push);

  const sent = tokensWith(verdicts, "sent");
  if (sent.length > 0) await markPushed(db, job.passTypeIdentifier, sent, newestChangeId, delivery.now());
  const outcomes = verdicts.map(({ verdict }) => verdict);
  await recordOutcome(db, job.passTypeIdentifier, found, outcomes, delivery.now());
  const areConfirmed = await confirmBadTokens(delivery, job, found, verdicts, startedAt);
  const { dead, retries, refused, isProviderTokenExpired } = sortVerdicts(verdicts, areConfirmed, startedAt);
  if (isProviderTokenExpired) await providerToken(db, config.secrets, found.key, startedAt, token);
  if (notStarted.length > 0) await delivery.queue.send({ ...job, tokens: notStarted });
  const revived = await forgetDeadTokens(delivery, job, dead);
  await deadLetterRefused(delivery, job, refused);
  await sendRetries(delivery, job, [...retries, ...revived]);
}

/** Without a key, nothing can be pushed, so the whole message waits until the operator adds one. */
async function waitForKey(delivery: Delivery, job: PushJob): Promise<void> {
  logEvent("no_apns_key", {
    ...facts(job),
    cure: "Store a key of this pass type's team (POST /admin/v1/apns-keys).",
  });
  const reason = "no APNs key for this pass type's team";
  await retryOrGiveUp(delivery, job, job.tokens, reason, NO_KEY_PAUSE_SECONDS);
}

/**
 * The tokens to push now. A phone that was pushed after the change was made has already been notified of it. A phone
 * that was just pushed goes into a separate, delayed message, so that a phone with many passes is not pushed for each
 * of them.
 */
async function selectDueTokens({ db, queue }: Delivery, job: PushJob, now: number) {
  // Two consumers that read this at the same time push a token twice within the 45 seconds. That is accepted: a phone
  // that is pushed twice asks twice. A lock would cost a write before each push, and would remain for some time after a
  // crash.
  const { newestChangeId, byToken } = await lastPushes(db, job.passTypeIdentifier, job.tokens);
  const due: string[] = [];
  const early: string[] = [];
  let longestWait = 0;
  for (const token of new Set(job.tokens)) {
    const wait = waitBefore(byToken.get(token), job.throughId, now);
    if (wait === "notified") continue;
    if (wait === 0) due.push(token);
    else early.push(token);
    longestWait = Math.max(longestWait, wait);
  }
  if (early.length > 0)
    await queue.send({ ...job, tokens: early }, { delaySeconds: Math.ceil(longestWait / 1000) });
  return { due, newestChangeId };
}

/** Whether the tokens that APNs reported as bad are really dead (doubt.ts). */
async function confirmBadTokens(
  { db, config }: Delivery,
  job: PushJob,
  found: FoundKey,
  verdicts: readonly TokenVerdict[],
  now: number,
): Promise<boolean> {
  const bad = tokensWith(verdicts, "bad_token");
  const answers = { sent: tokensWith(verdicts, "sent").length, bad };
  const areConfirmed = await judgeBadTokens(db, job, found, config.apnsOrigin, answers, now);
  if (bad.length > 0 && !areConfirmed)
    logEvent("push_bad_token_unconfirmed", { ...facts(job), reason: BAD_TOKEN, tokens: bad.length });
  return areConfirmed;
}

/**
 * Removes the registrations of dead tokens.
 * @returns the tokens that have been registered again since then. They were not notified, and APNs will soon accept
 * them
 */
async function forgetDeadTokens(
  { db, now }: Delivery,
  job: PushJob,
  dead: readonly DeadToken[],
): Promise<Retry[]> {
  if (dead.length === 0) return [];
  const registered = await forgetPushTokens(db, job.passTypeIdentifier, dead, now());
  return dead.flatMap(({ pushToken, reason }) =>
    registered.has(pushToken) ? [{ pushToken, reason: `registered again after ${reason}` }] : [],
  );
}

async function deadLetterRefused(
  { deadLetters }: Delivery,
  job: PushJob,
  refused: readonly RefusedToken[],
): Promise<void> {
  for (const [reason, entries] of Map.groupBy(refused, (entry) => entry.reason)) {
    const tokens = entries.map((entry) => entry.pushToken);
    logEvent("push_refused", { ...facts(job), reason, tokens: tokens.length });
    await deadLetters.send({ ...job, tokens, reason });
  }
}

async function sendRetries(delivery: Delivery, job: PushJob, retries: readonly Retry[]): Promise<void> {
  for (const [reason, entries] of Map.groupBy(retries, (entry) => entry.reason)) {
    const tokens = entries.map((entry) => entry.pushToken);
    const afterSeconds = Math.max(0, ...entries.map((entry) => entry.afterSeconds ?? 0));
    const detail = entries[0]?.detail;
    if (needsOperator(reason) || afterSeconds >= LOGGED_PAUSE_SECONDS || detail !== undefined)
      logEvent("push_delayed", { ...facts(job), reason, detail, tokens: tokens.length });
    await retryOrGiveUp(delivery, job, tokens, reason, afterSeconds);
  }
}

/** Sends the tokens in a new, delayed message with the next attempt's number, or to the dead letters after the last one. */
async function retryOrGiveUp(
  delivery: Delivery,
  job: PushJob,
  tokens: readonly string[],
  reason: string,
  afterSeconds: number,
): Promise<void> {
  if (tokens.length === 0) return;
  if (job.attempt >= MAX_ATTEMPTS) {
    logEvent("push_gave_up", { ...facts(job), reason, tokens: tokens.length });
    await delivery.deadLetters.send({ ...job, tokens, reason });
    return;
  }
  const delaySeconds = pauseBefore(job.attempt, afterSeconds, Math.random(), isRetriedSoon(reason));
  const { doubted: _, ...push } = job;
  const next = { ...push, tokens, attempt: job.attempt + 1 };
  await delivery.queue.send(reason === BAD_TOKEN ? { ...next, doubted: true } : next, { delaySeconds });
}

function tokensWith(verdicts: readonly TokenVerdict[], outcome: "sent" | "bad_token"): string[] {
  return verdicts.flatMap(({ pushToken, verdict }) => (verdict.outcome === outcome ? [pushToken] : []));
}

/** The members that every event about a message has. */
function facts({ passTypeIdentifier, attempt }: PushJob) {
  return { passTypeIdentifier, attempt };
}
