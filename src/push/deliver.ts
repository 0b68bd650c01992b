/**
 * Delivers a message of tokens: each is pushed once, over the six connections that a Worker has, and one exhaustive
 * switch decides what its verdict costs.
 *
 * What has to be retried goes on in a new message of only those tokens (one for each reason, since each asks for a pause
 * of its own), sent before the old one is acknowledged: a crash in between pushes twice, and loses nothing. So does
 * what was not begun in time: a consumer that outlives its fifteen minutes is ended, and its whole batch comes again.
 */
import type { Config } from "../config.ts";
import type { Database } from "../db/client.ts";
import { forgetPushTokens } from "../devices/listeners.ts";
import { type Fetch, pushOnce } from "./apns.ts";
import { apnsKeyOf, rememberProven } from "./apns-keys.ts";
import type { PushJob, SendMessages } from "./messages.ts";
import { providerToken } from "./provider-token.ts";
import { PROVIDER_TOKEN_PAUSE_SECONDS, pauseBefore, type Verdict } from "./verdict.ts";

/** With the pauses of verdict.ts: about two hours. */
export const MAX_ATTEMPTS = 10;
const CONNECTIONS = 6;
/** APNs keeps a push this long for a phone that is off. */
const EXPIRES_AFTER_MS = 24 * 60 * 60_000;
const NO_KEY_PAUSE_SECONDS = 5 * 60;

export interface Delivery {
  readonly db: Database;
  readonly config: Config;
  readonly queue: SendMessages;
  readonly deadLetters: SendMessages;
  readonly fetch: Fetch;
  readonly now: () => number;
  /** Milliseconds: from then on nothing new is begun in this batch. */
  readonly until: number;
  /** Tokens that this batch of messages has pushed already, as `passTypeIdentifier token`. */
  readonly pushed: Set<string>;
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
  const fresh = job.tokens.filter((token) => !delivery.pushed.has(`${job.passTypeIdentifier} ${token}`));
  const found = await apnsKeyOf(db, job.passTypeIdentifier);
  if (found === undefined) {
    alert("no_apns_key", job, { cure: "POST /admin/v1/apns-keys with a key of this pass type's team" });
    return giveUpOrRetry(delivery, job, fresh, "no APNs key for this pass type's team", NO_KEY_PAUSE_SECONDS);
  }
  const configuration = `${found.key.keyId} ${found.key.teamIdentifier} ${config.apnsOrigin}`;
  let proven = found.provenApns === configuration;
  const token = await providerToken(db, config.secrets, found.key, startedAt);

  const mayBegin = () => delivery.now() < delivery.until;
  const { verdicts, notBegun } = await pushAll(fresh, mayBegin, (pushToken) =>
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

  if (!proven && verdicts.some(({ verdict }) => verdict.outcome === "sent")) {
    await rememberProven(db, job.passTypeIdentifier, configuration);
    proven = true;
  }
  const dead: { pushToken: string; before: number }[] = [];
  const retries: Retry[] = [];
  const refused: { pushToken: string; reason: string }[] = [];
  for (const { pushToken, verdict } of verdicts) {
    switch (verdict.outcome) {
      case "sent":
        delivery.pushed.add(`${job.passTypeIdentifier} ${pushToken}`);
        break;
      case "unregistered":
        // A phone that registered again after APNs lost sight of the token keeps its registration.
        dead.push({ pushToken, before: verdict.at ?? startedAt });
        break;
      case "bad_token":
        // A key or a host of the wrong environment says this of every token: so it is believed only where this very
        // configuration has delivered.
        if (proven) dead.push({ pushToken, before: startedAt });
        else refused.push({ pushToken, reason: verdict.reason });
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
  if (dead.length > 0) await forgetPushTokens(db, job.passTypeIdentifier, dead, delivery.now());
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
  await delivery.queue.send({ ...job, tokens, attempt: job.attempt + 1 }, { delaySeconds });
}

/** Keeps as many pushes under way as a Worker has connections, as long as more may begin. */
async function pushAll(
  tokens: readonly string[],
  mayBegin: () => boolean,
  push: (token: string) => Promise<Verdict>,
) {
  const verdicts: { pushToken: string; verdict: Verdict }[] = [];
  let begun = 0;
  async function connection() {
    while (begun < tokens.length && mayBegin()) {
      const pushToken = tokens[begun++] ?? "";
      verdicts.push({ pushToken, verdict: await push(pushToken) });
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return { verdicts, notBegun: tokens.slice(begun) };
}

function alert(event: string, job: PushJob, more: Record<string, unknown>): void {
  console.error(
    JSON.stringify({ event, passTypeIdentifier: job.passTypeIdentifier, attempt: job.attempt, ...more }),
  );
}
