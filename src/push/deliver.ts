/**
 * Delivers one message of tokens: pushes each token once, then carries out what the verdicts ask for.
 *
 * What is left to do goes on in new messages: tokens to retry (one message for each reason, since each reason asks for a
 * pause of its own), and tokens that could not be started in time or because of a pause (a consumer that runs for longer
 * than fifteen minutes is stopped, and its whole batch is delivered again).
 */
import type { Config } from "../config.ts";
import type { Database } from "../db/client.ts";
import { type Fetch, pushOnce } from "./apns.ts";
import { type FoundKey, findApnsKey } from "./apns-keys.ts";
import { judgeBadTokens } from "./doubt.ts";
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
import { needsOperator } from "./verdict.ts";

/**
 * As long as APNs stores a push for a phone that is off; then it delivers only the newest one (Apple's "Viewing the status
 * of push notifications using Metrics and APNs"). After a 200 this phone is not pushed again until the next change, so a
 * push that expires sooner would be a lost update.
 */
const EXPIRES_AFTER_MS = 30 * 24 * 60 * 60_000;
/** A pause that APNs asked for and that is at least this long is logged, whoever ends it. */
const LOGGED_PAUSE_SECONDS = 10 * 60;
const BAD_TOKEN = "BadDeviceToken";

export interface Delivery extends BatchState {
  readonly db: Database;
  readonly config: Config;
  readonly queue: SendMessages;
  readonly deadLetters: SendMessages;
  readonly fetch: Fetch;
}

/**
 * Delivers one message. If it throws, the queue delivers the message again, so the order of the phases matters:
 * - What was sent is recorded directly after the pushes. If a later phase fails, the repeated message skips these phones.
 * - Bad tokens are judged before the verdicts are sorted, since that decides where they belong.
 * - An expired provider token is renewed before its retries are sent, so that they find the new one.
 * - Dead tokens are removed before the retries are sent: a token that turns out to be registered again joins them.
 * - Every token is in a new message, in the dead letters or done before the caller acknowledges the old message. A crash
 *   in between pushes twice and loses nothing.
 * @throws when D1 or the queue fails
 */
export async function deliver(delivery: Delivery, job: PushJob): Promise<void> {
  const { db, config } = delivery;
  const startedAt = delivery.now();
  const found = await findApnsKey(db, job.passTypeIdentifier);
  if (found === undefined) return waitForKey(delivery, job);
  const { due, newestChangeId } = await selectDueTokens(delivery, job, startedAt);
  if (due.length === 0) return;
  const token = await providerToken(db, config.secrets, found.key, startedAt);

  const { verdicts, notStarted } = await pushAll(delivery, job.passTypeIdentifier, due, (pushToken) =>
    pushOnce(
      {
        origin: config.apnsOrigin,
        providerToken: token.token,
        topic: job.passTypeIdentifier,
        pushToken,
        expiresAt: startedAt + EXPIRES_AFTER_MS,
      },
      delivery.fetch,
    ),
  );

  const sent = tokensWith(verdicts, "sent");
  if (sent.length > 0) await markPushed(db, job.passTypeIdentifier, sent, newestChangeId, delivery.now());
  const areConfirmed = await confirmBadTokens(delivery, job, found, verdicts, startedAt);
  const { dead, retries, refused, isProviderTokenExpired } = sortVerdicts(verdicts, areConfirmed, startedAt);
  if (isProviderTokenExpired) await providerToken(db, config.secrets, found.key, startedAt, token);
  if (notStarted.length > 0) await delivery.queue.send({ ...job, tokens: notStarted });
  const revived = await forgetDeadTokens(delivery, job, dead);
  await deadLetterRefused(delivery, job, refused);
  await sendRetries(delivery, job, [...retries, ...revived]);
}

/** Without a key nothing can be pushed: the whole message waits for the operator to add one. */
async function waitForKey(delivery: Delivery, job: PushJob): Promise<void> {
  log("no_apns_key", job, { cure: "POST /admin/v1/apns-keys with a key of this pass type's team" });
  const reason = "no APNs key for this pass type's team";
  await retryOrGiveUp(delivery, job, job.tokens, reason, NO_KEY_PAUSE_SECONDS);
}

/**
 * The tokens to push now. A phone that was pushed since the change was made has been notified of it. A phone that was
 * pushed a moment ago waits in a delayed message of its own, so that a phone with many passes is not pushed for each.
 */
async function selectDueTokens({ db, queue }: Delivery, job: PushJob, now: number) {
  // Two consumers that read this at once push a token twice within the 45 seconds. That is accepted: a phone that is
  // pushed twice asks twice. A lock would cost a write before each push, and a crash would leave it locked for a while.
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

/** Whether the tokens that APNs called bad are dead (doubt.ts). */
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
  if (bad.length > 0 && !areConfirmed) log("push_doubted", job, { reason: BAD_TOKEN, tokens: bad.length });
  return areConfirmed;
}

/**
 * Removes the registrations of dead tokens.
 * @returns the tokens that have been registered again since they died. They were not notified, and APNs will know them soon
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
    log("push_refused", job, { reason, tokens: tokens.length });
    await deadLetters.send({ ...job, tokens, reason });
  }
}

async function sendRetries(delivery: Delivery, job: PushJob, retries: readonly Retry[]): Promise<void> {
  for (const [reason, entries] of Map.groupBy(retries, (entry) => entry.reason)) {
    const tokens = entries.map((entry) => entry.pushToken);
    const afterSeconds = Math.max(0, ...entries.map((entry) => entry.afterSeconds ?? 0));
    const detail = entries[0]?.detail;
    if (needsOperator(reason) || afterSeconds >= LOGGED_PAUSE_SECONDS || detail !== undefined)
      log("push_delayed", job, { reason, detail, tokens: tokens.length });
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
    log("push_gave_up", job, { reason, tokens: tokens.length });
    await delivery.deadLetters.send({ ...job, tokens, reason });
    return;
  }
  const delaySeconds = pauseBefore(job.attempt, afterSeconds, Math.random());
  const { doubted: _, ...push } = job;
  const next = { ...push, tokens, attempt: job.attempt + 1 };
  await delivery.queue.send(reason === BAD_TOKEN ? { ...next, doubted: true } : next, { delaySeconds });
}

function tokensWith(verdicts: readonly TokenVerdict[], outcome: "sent" | "bad_token"): string[] {
  return verdicts.flatMap(({ pushToken, verdict }) => (verdict.outcome === outcome ? [pushToken] : []));
}

function log(event: string, job: PushJob, more: Record<string, unknown>): void {
  console.error(
    JSON.stringify({ event, passTypeIdentifier: job.passTypeIdentifier, attempt: job.attempt, ...more }),
  );
}
