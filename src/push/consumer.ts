/**
 * The queue consumers: of the push queue, and of its dead-letter queue. Each message is acknowledged or retried by itself,
 * so that one that fails does not hold up the others.
 */
import { markInProgress } from "../changes/outbox.ts";
import { connectionPool } from "../connections.ts";
import { type Database, loggable } from "../db/client.ts";
import { type PushControl, readPushControl } from "./control.ts";
import { storeDeadLetter } from "./dead-letters.ts";
import { type Delivery, deliver } from "./deliver.ts";
import { fanOut } from "./fan-out.ts";
import type { PushMessage, SendMessages } from "./messages.ts";
import type { BatchState } from "./push-all.ts";
import { pauseBefore } from "./retry.ts";

export type ConsumerParts = Omit<Delivery, Exclude<keyof BatchState, "now">>;

/** A third of the time that a consumer has; the pushes in flight may take the rest. */
const STARTS_WITHIN_MS = 5 * 60_000;
/** How soon pushes continue at the latest when a pause ends. */
const HELD_FOR_SECONDS = 5 * 60;
/** A batch reads the push control at most this often, so it sees a pause within this time. */
const READ_AGAIN_AFTER_MS = 5000;

/** Works through a batch of the push queue. */
export async function consumePushes(batch: MessageBatch<PushMessage>, parts: ConsumerParts): Promise<void> {
  const { db, queue, config, now } = parts;
  // Awaited by each message: if D1 is down, each message is retried with growing pauses. A batch that fails as a whole is
  // delivered again at once, and after ten times, which may take seconds, all of it is in the dead letters.
  const control = watchPushControl(db, now);
  const delivery: Delivery = {
    ...parts,
    startUntil: now() + STARTS_WITHIN_MS,
    withConnection: connectionPool(),
    inFlight: new Map(),
    isPaused: async () => (await control()).pausedAt !== null,
  };
  // All at once, over the connections that they share: a message of one token does not hold up the next, and the job
  // of the next page is sent while this page's pushes are in flight.
  const settled = batch.messages.map((message) =>
    settle(message, async () => {
      const { pausedAt, pushesPerSecond } = await control();
      const { body } = message;
      if (pausedAt !== null) return hold(db, queue, body, now());
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
  await Promise.all(settled);
}

/** The push control: read once for all messages of a batch, then again every few seconds on request. */
function watchPushControl(db: Database, now: () => number): () => Promise<PushControl> {
  let readAt = now();
  let control = readPushControl(db);
  return () => {
    if (now() - readAt >= READ_AGAIN_AFTER_MS) {
      readAt = now();
      const before = control;
      // If D1 fails here, the last known state stays valid: pushes in flight still have to be recorded.
      control = readPushControl(db).catch(() => before);
    }
    return control;
  };
}

/** A message of another version is retried, and in the end is in the dead letters, where the operator sees it. */
function unknownKind(body: never): Error {
  return new Error(`a message of an unknown kind: ${JSON.stringify(body).slice(0, 100)}`);
}

/** While pushes are paused: sends the message again unchanged, with a delay. A change that is dispatched meanwhile ends. */
async function hold(db: Database, queue: SendMessages, body: PushMessage, now: number): Promise<void> {
  const dueAt = now + HELD_FOR_SECONDS * 1000;
  if (body.kind === "change" && !(await markInProgress(db, body, dueAt))) return;
  await queue.send(body, { delaySeconds: HELD_FOR_SECONDS });
}

/** Stores the messages of the dead-letter queue. */
export async function consumeDeadLetters(
  batch: MessageBatch<PushMessage>,
  db: Database,
  now: number,
): Promise<void> {
  for (const message of batch.messages) {
    await settle(message, () => storeDeadLetter(db, message.id, message.body, now));
  }
}

async function settle(message: Message<PushMessage>, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    message.ack();
  } catch (error) {
    // D1 or the queue failed: the message is retried, and in the end is in the dead-letter queue.
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
