/**
 * The Worker: fetch → app · queue → consumers · scheduled → cron triggers.
 */
import { app } from "./app.ts";
import { type Config, type Env, readConfig } from "./config.ts";
import { writeCounts } from "./counters.ts";
import { openDatabase } from "./db/client.ts";
import { type ApiError, logServerError } from "./errors.ts";
import { consumeGoogle } from "./google-sync/consumer.ts";
import type { GoogleMessage } from "./google-sync/messages.ts";
import { refusalOf } from "./http/refusals.ts";
import { consumeDeadLetters, consumePushes, NOT_READY_PAUSE_SECONDS } from "./push/consumer.ts";
import type { PushMessage } from "./push/messages.ts";
import { runCronTrigger } from "./scheduled.ts";

export default {
  fetch: app.fetch,

  async queue(batch: MessageBatch<PushMessage | GoogleMessage>, env: Env): Promise<void> {
    if (isGoogleBatch(batch)) return consumeOfGoogle(batch, env);
    return consumeOfPush(batch as MessageBatch<PushMessage>, env);
  },

  async scheduled(controller: ScheduledController, env: Env): Promise<void> {
    try {
      readConfig(env);
      const db = openDatabase(env.DB);
      await runCronTrigger(controller.cron, { db, env, now: Date.now(), clock: Date.now });
    } catch (error) {
      // It is logged and thrown: the log is not stored, and Cloudflare's dashboard then shows the run as failed.
      throw report(error, env) ?? error;
    } finally {
      writeCounts(env.COUNTERS);
    }
  },
} satisfies ExportedHandler<Env, PushMessage | GoogleMessage>;

async function consumeOfPush(batch: MessageBatch<PushMessage>, env: Env): Promise<void> {
  const db = openDatabase(env.DB);
  // Dead letters are stored even while a setting is missing, because their queue retries only a hundred times.
  if (batch.queue.endsWith("-dead") && env.DB !== undefined) {
    report(await consumeDeadLetters(batch, db, Date.now()), env);
    return writeCounts(env.COUNTERS);
  }
  const config = configOrUndefined(env);
  if (config === undefined) return batch.retryAll({ delaySeconds: NOT_READY_PAUSE_SECONDS });
  const missing = await consumePushes(batch, {
    db,
    config,
    queue: env.PUSH_QUEUE,
    deadLetters: env.DEAD_LETTERS,
    fetch: (url, init) => fetch(url, init),
    now: Date.now,
  });
  report(missing, env);
  writeCounts(env.COUNTERS);
}

async function consumeOfGoogle(batch: MessageBatch<GoogleMessage>, env: Env): Promise<void> {
  const config = configOrUndefined(env);
  if (config === undefined) return batch.retryAll({ delaySeconds: NOT_READY_PAUSE_SECONDS });
  const missing = await consumeGoogle(batch, {
    db: openDatabase(env.DB),
    config,
    queue: env.GOOGLE_QUEUE,
    fetch: (url, init) => fetch(url, init),
    now: Date.now,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: Math.random,
  });
  report(missing, env);
  writeCounts(env.COUNTERS);
}

function isGoogleBatch(
  batch: MessageBatch<PushMessage | GoogleMessage>,
): batch is MessageBatch<GoogleMessage> {
  return batch.queue.endsWith("-google");
}

function configOrUndefined(env: Env): Config | undefined {
  try {
    return readConfig(env);
  } catch (error) {
    if (report(error, env) === undefined) throw error;
    return undefined;
  }
}

/** Logs the setting or the table that is missing, with its cure. @returns undefined if it is another error, or none */
function report(error: unknown, env: Env): ApiError | undefined {
  const refusal = refusalOf(error, env);
  if (refusal !== undefined) logServerError(refusal);
  return refusal;
}
