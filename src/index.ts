/**
 * The Worker: fetch → app · queue → consumers · scheduled → cron triggers.
 */
import { app } from "./app.ts";
import { type Config, type Env, readConfig } from "./config.ts";
import { openDatabase } from "./db/client.ts";
import { ApiError, logServerError } from "./errors.ts";
import { consumeDeadLetters, consumePushes } from "./push/consumer.ts";
import type { PushMessage } from "./push/messages.ts";
import { runCronTrigger } from "./scheduled.ts";

/** Without this delay, a failing batch would be in the dead letters within seconds. With it, the operator has hours. */
const NOT_CONFIGURED_PAUSE_SECONDS = 60 * 60;

export default {
  fetch: app.fetch,

  async queue(batch: MessageBatch<PushMessage>, env: Env): Promise<void> {
    const db = openDatabase(env.DB);
    if (batch.queue.endsWith("-dead")) return consumeDeadLetters(batch, db, Date.now());
    const config = configOrUndefined(env);
    if (config === undefined) return batch.retryAll({ delaySeconds: NOT_CONFIGURED_PAUSE_SECONDS });
    await consumePushes(batch, {
      db,
      config,
      queue: env.PUSH_QUEUE,
      deadLetters: env.DEAD_LETTERS,
      fetch: (url, init) => fetch(url, init),
      now: Date.now,
    });
  },

  async scheduled(controller: ScheduledController, env: Env): Promise<void> {
    const db = openDatabase(env.DB);
    await runCronTrigger(controller.cron, { db, env, now: Date.now(), clock: Date.now });
  },
} satisfies ExportedHandler<Env, PushMessage>;

function configOrUndefined(env: Env): Config | undefined {
  try {
    return readConfig(env);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    logServerError(error);
    return undefined;
  }
}
