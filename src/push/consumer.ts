/**
 * The queue consumers: the push queue, and the dead-letter queue behind it. Every message is acknowledged or retried
 * by itself, so that one that fails holds up no other.
 */
import type { Config } from "../config.ts";
import { type Database, loggable } from "../db/client.ts";
import type { Fetch } from "./apns.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import { type Delivery, deliver } from "./deliver.ts";
import { fanOut } from "./fan-out.ts";
import type { PushMessage, SendMessages } from "./messages.ts";
import { pauseBefore } from "./verdict.ts";

export interface ConsumerParts {
  readonly db: Database;
  readonly config: Config;
  readonly queue: SendMessages;
  readonly deadLetters: SendMessages;
  readonly fetch: Fetch;
  readonly now: () => number;
}

export async function consumePushes(batch: MessageBatch<PushMessage>, parts: ConsumerParts): Promise<void> {
  const delivery: Delivery = { ...parts, pushed: new Set() };
  for (const message of batch.messages) {
    await settle(message, async () => {
      switch (message.body.kind) {
        case "change":
          await fanOut(parts.db, parts.queue, message.body, parts.config.tokensPerMessage, parts.now());
          break;
        case "push":
          await deliver(delivery, message.body);
          break;
      }
    });
  }
}

export async function consumeDeadLetters(
  batch: MessageBatch<PushMessage>,
  db: Database,
  now: number,
): Promise<void> {
  for (const message of batch.messages) {
    await settle(message, () => keepDeadLetter(db, message.id, message.body, now));
  }
}

async function settle(message: Message<PushMessage>, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    message.ack();
  } catch (error) {
    // D1 or the queue was not there: the message comes again, and in the end lies in the dead-letter queue.
    console.error(
      JSON.stringify({
        event: "queue_message_failed",
        kind: message.body.kind,
        error: String(loggable(error)),
      }),
    );
    message.retry({ delaySeconds: pauseBefore(message.attempts, undefined, Math.random()) });
  }
}
