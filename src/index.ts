/**
 * The Worker: fetch → app · queue → consumers · scheduled → sweeps.
 */
import { app } from "./app.ts";
import { sweepOutbox } from "./changes/outbox.ts";
import { configOf, type Env } from "./config.ts";
import { openDatabase } from "./db/client.ts";
import { sendJob } from "./door.ts";
import { consumeDeadLetters, consumePushes } from "./push/consumer.ts";
import type { PushMessage } from "./push/messages.ts";
import { sweepObjects } from "./templates/packs.ts";

/** wrangler.toml runs the outbox sweep every minute; once an hour the objects in R2 are swept too. */
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
    if (controller.cron === HOURLY) await sweepObjects(db, env.BUCKET, Date.now());
    else await sweepOutbox(db, sendJob(env.PUSH_QUEUE), Date.now());
  },
} satisfies ExportedHandler<Env, PushMessage>;
