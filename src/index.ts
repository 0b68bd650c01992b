/**
 * The Worker: fetch → app · queue → consumers · scheduled → sweeps.
 */
import { app } from "./app.ts";
import { sweepOutbox } from "./changes/outbox.ts";
import { configOf, type Env } from "./config.ts";
import { openDatabase } from "./db/client.ts";
import { sendJobs } from "./door.ts";
import { sweepBundles } from "./passes/bundles.ts";
import { consumeDeadLetters, consumePushes } from "./push/consumer.ts";
import { readPushControl } from "./push/control.ts";
import { sweepDeadLetters } from "./push/dead-letters.ts";
import type { PushMessage } from "./push/messages.ts";
import { reseal } from "./push/reseal.ts";
import { sweepObjects } from "./templates/packs.ts";

/** wrangler.toml runs the outbox sweep every minute, and once an hour what removes leftovers. */
const HOURLY = "17 * * * *";

export default {
  fetch: app.fetch,

  async queue(batch: MessageBatch<PushMessage>, env: Env): Promise<void> {
    const db = openDatabase(env.DB);
    if (batch.queue.endsWith("-dead")) return consumeDeadLetters(batch, db, Date.now());
    await consumePushes(batch, {
      db,
      config: configOf(env),
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
      if (pausedAt === null) await sweepOutbox(db, sendJobs(env.PUSH_QUEUE), now);
      return;
    }
    await sweepDeadLetters(db, now);
    await sweepBundles(db, env.BUCKET);
    await sweepObjects(db, env.BUCKET, now);
    await reseal(db, configOf(env).secrets);
  },
} satisfies ExportedHandler<Env, PushMessage>;
