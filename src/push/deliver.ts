/**
 * Delivers a message of tokens: each is pushed once, over the connections that all messages of a batch share, and one
 * exhaustive switch decides what its verdict costs.
 *
 * What has to be retried goes on in a new message of only those tokens (one for each reason, since each asks for a pause
 * of its own), sent before the old one is acknowledged: a crash in between pushes twice, and loses nothing. So does
 * what was not begun in time, or not before a pause: a consumer that outlives its fifteen minutes is ended, and its whole
 * batch comes again.
 */
import type { Config } from "../config.ts";
import type { WithConnection } from "../connections.ts";
import type { Database } from "../db/client.ts";
import { type Fetch, pushOnce } from "./apns.ts";
import { apnsKeyOf } from "./apns-keys.ts";
import { isBelieved } from "./doubt.ts";
import { forgetPushTokens } from "./listeners.ts";
import type { PushJob, SendMessages } from "./messages.ts";
import { lastPushes, markPushed, waitBefore } from "./pace.ts";
import { providerToken } from "./provider-token.ts";
import {
  OPERATOR_PAUSE_SECONDS,
  PROVIDER_TOKEN_PAUSE_SECONDS,
  pauseBefore,
  type Verdict,
} from "./verdict.ts";

/** With the pauses of verdict.ts: about two hours. */
export const MAX_ATTEMPTS = 10;
/**
 * As long as APNs keeps a push for a phone that is off, and then it delivers the newest one alone (Apple's "Viewing the
 * status of push notifications using Metrics and APNs"). After its 200 nobody pushes this phone again until the next
 * change: a push that expires sooner is an update lost.
 */
const EXPIRES_AFTER_MS = 30 * 24 * 60 * 60_000;
const NO_KEY_PAUSE_SECONDS = 5 * 60;
const BAD_TOKEN = "BadDeviceToken";

export interface Delivery {
  readonly db: Database;
  readonly config: Config;
  readonly queue: SendMessages;
  readonly deadLetters: SendMessages;
  readonly fetch: Fetch;
  readonly now: () => number;
  /** Milliseconds: from then on nothing new is begun in this batch. */
  readonly until: number;
  /** One of the connections that all messages of a batch share. */
  readonly withConnection: WithConnection;
  /** Whether the operator has paused all pushes, as of some seconds ago at most. */
  readonly isPaused: () => Promise<boolean>;
  /** Pushes of this batch, as `passTypeIdentifier token`, and whether each was delivered. */
  readonly underWay: Map<string, Promise<boolean>>;
}

interface Retry {
  readonly pushToken: string;
  readonly reason: string;
  readonly afterSeconds?: number | undefined;
  readonly detail?: string | undefined;
}

/** Pushes the tokens of one message. @throws when D1 or the queue fails: the message then comes again */
export async function deliver(delivery: Delivery, job: PushJob): Promise<void> {
  const { db, config } = delivery;
  const startedAt = delivery.now();
  const found = await apnsKeyOf(db, job.passTypeIdentifier);
  if (found === undefined) {
    alert("no_apns_key", job, { cure: "POST /admin/v1/apns-keys with a key of this pass type's team" });
    const reason = "no APNs key for this pass type's team";
    return giveUpOrRetry(delivery, job, job.tokens, reason, NO_KEY_PAUSE_SECONDS);
  }
  const { due, newestChangeId } = await whoIsDue(delivery, job, startedAt);
  if (due.length === 0) return;
  const token = await providerToken(db, config.secrets, found.key, startedAt);

  const { verdicts, notBegun } = await pushAll(delivery, job.passTypeIdentifier, due, (pushToken) =>
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

  const sent = verdicts.flatMap(({ pushToken, verdict }) => (verdict.outcome === "sent" ? [pushToken] : []));
  if (sent.length > 0) await markPushed(db, job.passTypeIdentifier, sent, newestChangeId, delivery.now());
  const bad = verdicts.flatMap(({ pushToken, verdict }) =>
    verdict.outcome === "bad_token" ? [pushToken] : [],
  );
  const answers = { sent: sent.length, bad };
  const believed = await isBelieved(db, job, found, config.apnsOrigin, answers, startedAt);
  if (bad.length > 0 && !believed) alert("push_doubted", job, { reason: BAD_TOKEN, tokens: bad.length });
  const dead: { pushToken: string; before: number; reason: string }[] = [];
  const retries: Retry[] = [];
  const refused: { pushToken: string; reason: string }[] = [];
  for (const { pushToken, verdict } of verdicts) {
    switch (verdict.outcome) {
      case "sent":
        break;
      case "unregistered":
        // A phone that registered again after APNs lost sight of the token keeps its registration. A time from the
        // future is another clock's: what came after this push began was made after the token died.
        dead.push({
          pushToken,
          before: Math.min(verdict.at ?? startedAt, startedAt),
          reason: verdict.reason,
        });
        break;
      case "bad_token":
        if (believed) dead.push({ pushToken, before: startedAt, reason: verdict.reason });
        else retries.push({ pushToken, reason: verdict.reason, afterSeconds: OPERATOR_PAUSE_SECONDS });
        break;
      case "expired_provider_token":
        retries.push({ pushToken, reason: verdict.reason });
        break;
      case "retry":
        retries.push({ pushToken, ...verdict });
        break;
      case "refused":
        refused.push({ pushToken, reason: verdict.reason });
        break;
    }
  }
  if (verdicts.some(({ verdict }) => verdict.outcome === "expired_provider_token")) {
    await providerToken(db, config.secrets, found.key, startedAt, token);
  }
  if (notBegun.length > 0) await delivery.queue.send({ ...job, tokens: notBegun });
  if (dead.length > 0) {
    const alive = await forgetPushTokens(db, job.passTypeIdentifier, dead, delivery.now());
    // Registered again since its token died, and so far told of nothing: APNs will know of it in a moment.
    for (const { pushToken, reason } of dead) if (alive.has(pushToken)) retries.push({ pushToken, reason });
  }
  for (const [reason, entries] of Map.groupBy(refused, (entry) => entry.reason)) {
    const tokens = entries.map((entry) => entry.pushToken);
    alert("push_refused", job, { reason, tokens: tokens.length });
    await delivery.deadLetters.send({ ...job, tokens, reason });
  }
  for (const [reason, entries] of Map.groupBy(retries, (entry) => entry.reason)) {
    const tokens = entries.map((entry) => entry.pushToken);
    const afterSeconds = Math.max(0, ...entries.map((entry) => entry.afterSeconds ?? 0));
    const needsOperator = afterSeconds >= PROVIDER_TOKEN_PAUSE_SECONDS / 2;
    const detail = entries[0]?.detail;
    if (needsOperator || detail !== undefined)
      alert("push_delayed", job, { reason, detail, tokens: tokens.length });
    await giveUpOrRetry(delivery, job, tokens, reason, afterSeconds);
  }
}

/**
 * Who is to be pushed now. Who was pushed since the change was made knows of it; who was pushed a moment ago waits in a
 * message of its own, delayed and not lost, so that a phone with many passes is not pushed for each.
 */
async function whoIsDue({ db, queue }: Delivery, job: PushJob, now: number) {
  // Two consumers that read this at once push a token twice within the 45 seconds. That is accepted: a phone that is
  // pushed twice asks twice, while a lock would cost each push a write before it, and what a crash left locked, a wait.
  const { newestChangeId, byToken } = await lastPushes(db, job.passTypeIdentifier, job.tokens);
  const due: string[] = [];
  const early: string[] = [];
  let longestWait = 0;
  for (const token of new Set(job.tokens)) {
    const wait = waitBefore(byToken.get(token), job.throughId, now);
    if (wait === "told") continue;
    if (wait === 0) due.push(token);
    else early.push(token);
    longestWait = Math.max(longestWait, wait);
  }
  if (early.length > 0)
    await queue.send({ ...job, tokens: early }, { delaySeconds: Math.ceil(longestWait / 1000) });
  return { due, newestChangeId };
}

async function giveUpOrRetry(
  delivery: Delivery,
  job: PushJob,
  tokens: readonly string[],
  reason: string,
  afterSeconds: number,
): Promise<void> {
  if (tokens.length === 0) return;
  if (job.attempt >= MAX_ATTEMPTS) {
    alert("push_gave_up", job, { reason, tokens: tokens.length });
    await delivery.deadLetters.send({ ...job, tokens, reason });
    return;
  }
  const delaySeconds = pauseBefore(job.attempt, afterSeconds, Math.random());
  const { doubted: _, ...push } = job;
  const next = { ...push, tokens, attempt: job.attempt + 1 };
  await delivery.queue.send(reason === BAD_TOKEN ? { ...next, doubted: true } : next, { delaySeconds });
}

/**
 * Pushes each token over the batch's connections, as long as more may begin: a pause holds within seconds. A token that another message of the batch
 * is pushing at this moment is pushed again only if that fails: its change, too, was made before the batch began.
 */
async function pushAll(
  { underWay, withConnection, until, now, isPaused }: Delivery,
  passTypeIdentifier: string,
  tokens: readonly string[],
  push: (token: string) => Promise<Verdict>,
) {
  const verdicts: { pushToken: string; verdict: Verdict }[] = [];
  const notBegun: string[] = [];
  async function pushOne(pushToken: string): Promise<boolean> {
    return withConnection(async () => {
      if (now() >= until || (await isPaused())) {
        notBegun.push(pushToken);
        return false;
      }
      const verdict = await push(pushToken);
      verdicts.push({ pushToken, verdict });
      return verdict.outcome === "sent";
    });
  }
  const all = tokens.map((pushToken) => {
    const key = `${passTypeIdentifier} ${pushToken}`;
    const other = underWay.get(key);
    const own = (async () => (other !== undefined && (await other)) || pushOne(pushToken))();
    underWay.set(
      key,
      own.catch(() => false),
    );
    return own;
  });
  await Promise.all(all);
  return { verdicts, notBegun };
}

function alert(event: string, job: PushJob, more: Record<string, unknown>): void {
  console.error(
    JSON.stringify({ event, passTypeIdentifier: job.passTypeIdentifier, attempt: job.attempt, ...more }),
  );
}
