/**
 * Calls the push consumer directly: with a batch of messages, and returns the messages that it sent on, with their delays
 * (which the test runtime's own queues do not show).
 */
import {
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { readConfig } from "../../src/config.ts";
import { openDatabase } from "../../src/db/client.ts";
import worker from "../../src/index.ts";
import { consumePushes } from "../../src/push/consumer.ts";
import type { ConsumerParts } from "../../src/push/deliver.ts";
import type { PushJob, PushMessage, SendMessages } from "../../src/push/messages.ts";
import { forwarding } from "../counting.ts";
import { ADMIN_TOKEN, ORIGIN } from "../harness.ts";

export const db = openDatabase(env.DB);

export interface SpyQueue extends SendMessages {
  readonly sent: { message: PushMessage; delaySeconds: number | undefined }[];
  /** Characters of each batch that was sent. */
  readonly batchSizes: number[];
}

/** A queue that accepts everything and delivers nothing. */
export function spyQueue(): SpyQueue {
  const sent: SpyQueue["sent"] = [];
  const batchSizes: number[] = [];
  return {
    sent,
    batchSizes,
    async send(message, options) {
      sent.push({ message, delaySeconds: options?.delaySeconds });
    },
    async sendBatch(messages) {
      batchSizes.push(JSON.stringify(messages).length);
      sent.push(...messages.map(({ body, delaySeconds }) => ({ message: body, delaySeconds })));
    },
  };
}

/** Consumes one batch against the stand-in Apple. `acked` and `retried` hold indexes of `messages`. */
export async function consume(messages: readonly PushMessage[], parts: Partial<ConsumerParts> = {}) {
  const queue = spyQueue();
  const deadLetters = spyQueue();
  const ids = messages.map(() => crypto.randomUUID());
  const batch = createMessageBatch<PushMessage>(
    "edgepass-push",
    messages.map((body, index) => ({ id: ids[index] ?? "", timestamp: new Date(), attempts: 1, body })),
  );
  await consumePushes(batch, {
    db,
    config: readConfig(env),
    queue,
    deadLetters,
    fetch: (url, init) => fetch(url, init),
    now: Date.now,
    ...parts,
  });
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
  return {
    sent: queue.sent,
    dead: deadLetters.sent.map(({ message }) => message),
    acked: explicitAcks.map((id) => ids.indexOf(id)),
    retried: retryMessages.map(({ msgId }) => ids.indexOf(msgId)),
  };
}

/** @param throughId the push is for all changes up to this one; without it no phone counts as notified before */
export function pushJob(
  passTypeIdentifier: string,
  tokens: readonly string[],
  attempt = 1,
  throughId?: number,
): PushJob {
  const job = { kind: "push" as const, passTypeIdentifier, tokens, attempt };
  return throughId === undefined ? job : { ...job, throughId };
}

/** The same message ten minutes later: its tokens were called bad, and were kept. */
export function doubted(job: PushJob): PushJob {
  return { ...job, attempt: job.attempt + 1, doubted: true };
}

/** One call of the admin API, to a Worker whose push jobs go to this queue. It ends when the work after the response has ended. */
export async function callWithQueue(
  queue: SendMessages,
  method: string,
  path: string,
  body?: object,
  bindings = env,
) {
  const context = createExecutionContext();
  const request = new Request(`${ORIGIN}/admin/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const withQueue = { ...bindings, PUSH_QUEUE: forwarding(env.PUSH_QUEUE, queue) };
  const response = await worker.fetch(request, withQueue, context);
  await waitOnExecutionContext(context);
  return { status: response.status, text: await response.text() };
}
