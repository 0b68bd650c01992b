/**
 * The queue consumers: the push queue, and the dead-letter queue behind it. Every message is acknowledged or retried
 * by itself, so that one that fails holds up no other.
 */
import { type Database, loggable } from "../db/client.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import { type Delivery, deliver } from "./deliver.ts";
import { fanOut } from "./fan-out.ts";
import type { PushMessage } from "./messages.ts";
import { pauseBefore } from "./verdict.ts";

export type ConsumerParts = Omit<Delivery, "until" | "pushed">;

/** A third of the time that a consumer has; the pushes under way may take theirs. */
const BEGINS_WITHIN_MS = 5 * 60_000;

/** Works off a batch of the push queue. */
export async function consumePushes(batch: MessageBatch<PushMessage>, parts: ConsumerParts): Promise<void> {
  const delivery: Delivery = { ...parts, until: parts.now() + BEGINS_WITHIN_MS, pushed: new Set() };
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

/** Keeps what comes out of the dead-letter queue. */
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
