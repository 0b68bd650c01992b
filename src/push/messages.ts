/**
 * The messages of the push queue. A message is at most 128 KB: a page of tokens is split to fit.
 */
import type { SendJobs } from "../changes/announce-all.ts";
import type { SendJob } from "../changes/outbox.ts";
import type { Listener } from "./listeners.ts";

export type PushMessage =
  | {
      /** A change that phones have to be notified of, or the next page of its fan-out. */
      readonly kind: "change";
      readonly changeId: number;
      /** The last listener of the previous page. */
      readonly afterListener?: Listener;
      /**
       * The newest change of the same pass, template or event when the fan-out started. The fan-out covers all changes
       * up to this one.
       */
      readonly throughId?: number;
    }
  | {
      /** Tokens to push for one pass type. */
      readonly kind: "push";
      readonly passTypeIdentifier: string;
      readonly tokens: readonly string[];
      /** The push is for all changes up to this one. A phone that was pushed since then has already been notified. */
      readonly throughId?: number;
      /** 1 at first. A retry is a new message with the next number. */
      readonly attempt: number;
      /**
       * At the last attempt, ten minutes ago or more, APNs reported the tokens as bad, but they were not removed (doubt.ts).
       */
      readonly doubted?: boolean;
      /** In a dead letter: the reason of the last failure. */
      readonly reason?: string;
      /**
       * When the message first gave up, in milliseconds. It is set if the message was replayed automatically since then
       * (dead-letters.ts).
       */
      readonly gaveUpAt?: number;
    };

export type PushJob = Extract<PushMessage, { kind: "push" }>;
export type ChangeJob = Extract<PushMessage, { kind: "change" }>;

/** The part of a queue that push needs. */
export interface SendMessages {
  send(message: PushMessage, options?: { delaySeconds?: number }): Promise<unknown>;
  sendBatch(messages: { body: PushMessage; delaySeconds?: number }[]): Promise<unknown>;
}

/** Sends the job of a change to the push queue. */
export function sendChangeJob(queue: SendMessages): SendJob {
  return async (job, options) => {
    await queue.send({ kind: "change", ...job }, options);
  };
}

/** Sends the jobs of up to 100 changes to the push queue. */
export function sendChangeJobs(queue: SendMessages): SendJobs {
  return async (jobs) => {
    const messages = jobs.map(({ changeId, delaySeconds = 0 }) => ({
      body: { kind: "change", changeId } as const,
      ...(delaySeconds > 0 && { delaySeconds }),
    }));
    await queue.sendBatch(messages);
  };
}
