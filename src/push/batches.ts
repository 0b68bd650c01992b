/**
 * Messages of the push queue, within the limits of the queue: tokens are split into messages, and messages into batches.
 */
import type { PushMessage, SendMessages } from "./messages.ts";

/** A queue accepts messages of 128,000 bytes, and batches of 100 messages and 256,000 bytes. */
const MESSAGE_BYTES = 120_000;
const BATCH_MESSAGES = 100;
const BATCH_BYTES = 250_000;

export interface Outgoing {
  readonly body: PushMessage;
  readonly delaySeconds?: number;
}

/** Sends messages, many at once. If it throws, an unknown number of the first ones was accepted. */
export async function sendInBatches(queue: SendMessages, messages: readonly Outgoing[]): Promise<void> {
  for (const batch of splitToFit(messages, sizeOf, BATCH_MESSAGES, BATCH_BYTES)) await queue.sendBatch(batch);
}

/** Splits tokens, in order, into lists that fit into a message. */
export function splitTokens(tokens: readonly string[], maxTokens: number): string[][] {
  return splitToFit(tokens, (token) => token.length + 3, maxTokens, MESSAGE_BYTES);
}

/** The size in bytes: APNs' tokens are hexadecimal, so the whole text is ASCII. */
function sizeOf(message: unknown): number {
  return JSON.stringify(message).length;
}

/** Splits a list, in order, into lists of at most `maxItems` items and `maxBytes` bytes. */
function splitToFit<Item>(
  items: readonly Item[],
  bytesOf: (item: Item) => number,
  maxItems: number,
  maxBytes: number,
): Item[][] {
  const lists: Item[][] = [];
  let bytesLeft = 0;
  for (const item of items) {
    const bytes = bytesOf(item);
    const last = lists.at(-1);
    if (last === undefined || last.length >= maxItems || bytes > bytesLeft) {
      lists.push([item]);
      bytesLeft = maxBytes - bytes;
    } else {
      last.push(item);
      bytesLeft -= bytes;
    }
  }
  return lists;
}
