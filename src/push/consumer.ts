/**
 * The queue consumers: the push queue, and the dead-letter queue behind it. Every message is acknowledged or retried
 * by itself, so that one that fails holds up no other.
 */
import { stillUnderWay } from "../changes/outbox.ts";
import { connectionPool } from "../connections.ts";
import { type Database, loggable } from "../db/client.ts";
import { type PushControl, readPushControl } from "./control.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import { type Delivery, deliver } from "./deliver.ts";
import { fanOut } from "./fan-out.ts";
import type { PushMessage, SendMessages } from "./messages.ts";
import { pauseBefore } from "./verdict.ts";

export type ConsumerParts = Omit<Delivery, "until" | "withConnection" | "underWay" | "isPaused">;

/** A third of the time that a consumer has; the pushes under way may take theirs. */
const BEGINS_WITHIN_MS = 5 * 60_000;
/** As many requests as a Worker may have under way. */
const CONNECTIONS = 6;
/** How soon pushes go on at the latest when a pause ends. */
const HELD_FOR_SECONDS = 5 * 60;
/** How soon a pause is seen by a batch that is at work: it reads the switch as seldom as this. */
const READ_AGAIN_AFTER_MS = 5000;

/** Works off a batch of the push queue. */
export async function consumePushes(batch: MessageBatch<PushMessage>, parts: ConsumerParts): Promise<void> {
  const { db, queue, config, now } = parts;
  // Awaited by each message: where D1 is not there, each comes again later and later. A batch that fails as a whole comes
  // again at once, and after ten times, which may be seconds, all of it lies in the dead letters.
  const control = watchPushControl(db, now);
  const delivery: Delivery = {
    ...parts,
    until: now() + BEGINS_WITHIN_MS,
    withConnection: connectionPool(CONNECTIONS),
    underWay: new Map(),
    isPaused: async () => (await control()).pausedAt !== null,
  };
  // All at once, over the connections that they share: a message of one token does not hold up the next, and the job
  // of the next page is sent while this one's pushes are under way.
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

/** The switch, read once for all messages of a batch and then again every few seconds, if somebody asks. */
function watchPushControl(db: Database, now: () => number): () => Promise<PushControl> {
  let readAt = now();
  let control = readPushControl(db);
  return () => {
    if (now() - readAt >= READ_AGAIN_AFTER_MS) {
      readAt = now();
      const before = control;
      // What D1 does not say now changes nothing: pushes that are under way must be written down.
      control = readPushControl(db).catch(() => before);
    }
    return control;
  };
}

/** Another version's message comes again, and in the end lies in the dead letters, where it can be seen. */
function unknownKind(body: never): Error {
  return new Error(`a message of an unknown kind: ${JSON.stringify(body).slice(0, 100)}`);
}

/** While pushes are paused: all comes again in a while, as it stands. What has been told meanwhile is done. */
async function hold(db: Database, queue: SendMessages, body: PushMessage, now: number): Promise<void> {
  const dueAt = now + HELD_FOR_SECONDS * 1000;
  if (body.kind === "change" && !(await stillUnderWay(db, body, dueAt))) return;
  await queue.send(body, { delaySeconds: HELD_FOR_SECONDS });
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
