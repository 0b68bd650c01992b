/**
 * The queue consumers: of the push queue, and of its dead-letter queue. Each message is acknowledged or retried on its
 * own, so that a failing message does not delay the others.
 */

import { connectionPool } from "../connections.ts";
import { count } from "../counters.ts";
import type { Database } from "../db/client.ts";
import { missingPart } from "../db/missing-tables.ts";
import { logEvent } from "../log-events.ts";
import { createBreaker } from "./breaker.ts";
import { type PushControl, readPushControl } from "./control.ts";
import { storeDeadLetter } from "./dead-letters.ts";
import { type ConsumerParts, type Delivery, deliver } from "./deliver.ts";
import { fanOut } from "./fan-out.ts";
import { holdMessage } from "./held.ts";
import type { PushMessage } from "./messages.ts";
import { pauseBefore } from "./retry.ts";

/**
 * With the ten seconds that a push in flight may take, a batch ends within 25 seconds. Cloudflare ends a consumer 30
 * seconds after an update of the runtime, and then delivers its whole batch again.
 */
const STARTS_WITHIN_MS = 15_000;
/** A batch reads the push control at most once in this time, so it notices a pause within this time. */
const READ_AGAIN_AFTER_MS = 5000;

/**
 * The delay of messages while a setting or a table is missing. Without it, they would be in the dead letters within
 * seconds. With it, the operator has hours.
 */
export const NOT_READY_PAUSE_SECONDS = 60 * 60;

/**
 * Handles a batch of the push queue.
 * @returns the error of a message that waits because a table is missing
 */
export async function consumePushes(
  batch: MessageBatch<PushMessage>,
  parts: ConsumerParts,
): Promise<unknown> {
  const { db, queue, config, now } = parts;
  // Each message awaits this promise, so that if D1 is down, each message is retried with growing pauses. A batch that
  // fails as a whole would be delivered again immediately, and after ten times, which may take seconds, the whole batch
  // would be in the dead letters.
  const control = watchPushControl(db, now);
  const delivery: Delivery = {
    ...parts,
    startUntil: now() + STARTS_WITHIN_MS,
    withConnection: connectionPool(),
    inFlight: new Map(),
    breaker: createBreaker(),
    isPaused: async () => (await control()).pausedAt !== null,
  };
  // All messages are handled concurrently, over shared connections. So a message of one token does not delay the next
  // one, and the job of the next page is sent while the pushes of this page are in flight.
  const settled = batch.messages.map((message) =>
    settle(message, async () => {
      const { pausedAt, pushesPerSecond } = await control();
      const { body } = message;
      if (pausedAt !== null) return holdMessage(db, message.id, body, now());
      const pace = { tokensPerMessage: config.tokensPerMessage, pushesPerSecond };
      switch (body.kind) {
        case "change":
          return fanOut(db, queue, body, pace, now());
        case "push":
          return deliver(delivery, body);
        default:
          throw unknownKind(body);
      }
    }),
  );
  return (await Promise.all(settled)).find((error) => error !== undefined);
}

/** The push control: read once for all messages of a batch, then again every few seconds on request. */
function watchPushControl(db: Database, now: () => number): () => Promise<PushControl> {
  let readAt = now();
  let control = readPushControl(db);
  return () => {
    if (now() - readAt >= READ_AGAIN_AFTER_MS) {
      readAt = now();
      const before = control;
      // If D1 fails here, use the last known state, because pushes in flight still have to be recorded.
      control = readPushControl(db).catch(() => before);
    }
    return control;
  };
}

/** A message of another version is retried and finally becomes a dead letter, which the operator sees. */
function unknownKind(body: never): Error {
  const { kind }: { readonly kind?: unknown } = body;
  return new Error(`a message of an unknown kind: ${kind}`);
}

/**
 * Stores the messages of the dead-letter queue.
 * @returns the error of a message that waits because a table is missing
 */
export async function consumeDeadLetters(
  batch: MessageBatch<PushMessage>,
  db: Database,
  now: number,
): Promise<unknown> {
  const settled: unknown[] = [];
  for (const message of batch.messages) {
    const outcome = await settle(message, async () => {
      await storeDeadLetter(db, message.id, message.body, now);
      count("dead_letter", message.body.kind);
    });
    settled.push(outcome);
  }
  return settled.find((error) => error !== undefined);
}

/** @returns the error, if a table is missing. The caller reports it once for the batch. */
async function settle(message: Message<PushMessage>, work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
    message.ack();
  } catch (error) {
    if (missingPart(error) !== undefined) {
      message.retry({ delaySeconds: NOT_READY_PAUSE_SECONDS });
      return error;
    }
    // D1 or the queue failed: the message is retried, and finally goes to the dead-letter queue.
    count("queue_retry", message.body.kind);
    logEvent("queue_message_failed", { kind: message.body.kind, error });
    message.retry({ delaySeconds: pauseBefore(message.attempts, undefined, Math.random()) });
  }
}
