/**
 * The Worker: fetch → app · queue → consumers · scheduled → sweeps.
 */
import { app } from "./app.ts";
import { sweepOutbox } from "./changes/outbox.ts";
import { type Config, type Env, readConfig } from "./config.ts";
import { loggable, openDatabase } from "./db/client.ts";
import { ApiError, logIfOurs } from "./errors.ts";
import { sweepBuiltPasses } from "./passes/built-passes.ts";
import { consumeDeadLetters, consumePushes } from "./push/consumer.ts";
import { readPushControl } from "./push/control.ts";
import { replayPassing, sweepDeadLetters } from "./push/dead-letters.ts";
import { type PushMessage, sendChangeJobs } from "./push/messages.ts";
import { reseal } from "./secrets/reseal.ts";
import { sweepObjects } from "./templates/packs.ts";

/** wrangler.toml runs the outbox sweep every minute, and once an hour what removes leftovers. */
const HOURLY = "17 * * * *";
/** A batch that comes again at once ten times lies in the dead letters within seconds; this gives the operator hours. */
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
    const now = Date.now();
    if (controller.cron !== HOURLY) {
      const { pausedAt } = await readPushControl(db);
      if (pausedAt === null) await sweepOutbox(db, sendChangeJobs(env.PUSH_QUEUE), now);
      return;
    }
    await each({
      sweepDeadLetters: () => sweepDeadLetters(db, now),
      replayPassing: () => replayPassing(db, env.PUSH_QUEUE, now),
      sweepBuiltPasses: () => sweepBuiltPasses(db, env.BUCKET),
      sweepObjects: () => sweepObjects(db, env.BUCKET, now),
      reseal: () => reseal(db, readConfig(env).secrets),
    });
  },
} satisfies ExportedHandler<Env, PushMessage>;

function configOrUndefined(env: Env): Config | undefined {
  try {
    return readConfig(env);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    logIfOurs(error);
    return undefined;
  }
}

/** Takes every step, whatever became of the one before. @throws in the end what the first that failed threw */
async function each(steps: Readonly<Record<string, () => Promise<unknown>>>): Promise<void> {
  const failures: unknown[] = [];
  for (const [step, take] of Object.entries(steps)) {
    try {
      await take();
    } catch (error) {
      failures.push(error);
      console.error(JSON.stringify({ event: "hourly_step_failed", step, error: String(loggable(error)) }));
    }
  }
  if (failures.length > 0) throw failures[0];
}
