/**
 * A push queue with a clock of its own: a delayed message is delivered when its time has come, hours within milliseconds.
 * Batches have ten messages, as in wrangler.toml, and are consumed one after the other. APNs is a function; each request to it
 * must be one that the stand-in's rules accept (apple/apns-rules.ts), except for the provider token.
 *
 * Date follows the clock, so that the Worker's admin API and the phones have the same time (vi.useFakeTimers).
 */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { devices, registrations } from "../../src/db/schema.ts";
import worker from "../../src/index.ts";
import type { PushMessage, SendMessages } from "../../src/push/messages.ts";
import {
  ACCEPTED,
  type ApnsRequest,
  answerAboutToken,
  answerWith,
  judgeUnsigned,
  type Reason,
  toApnsRequest,
  toResponse,
} from "../apple/apns-rules.ts";
import { forwarding } from "../counting.ts";
import { deviceOf, insertRows, registrationOf, rowsOf } from "../rows.ts";
import { callWithQueue, consume } from "./consume.ts";

const BATCH_MESSAGES = 10;

/** What APNs answers to a push. A test may do other things during the push here. */
export type Apns = (push: Push) => Promise<Response> | Response;

interface Push {
  readonly token: string;
  readonly at: number;
  readonly request: ApnsRequest;
}

export const DELIVERED = () => toResponse(ACCEPTED, Date.now());

/** APNs' own answer. */
export const refusal = (reason: Reason) => toResponse(answerWith(reason), Date.now());

/** 410 for a token that has been dead since then. @param deadSince milliseconds */
export const unregistered = (deadSince: number) =>
  toResponse(answerAboutToken({ reason: "Unregistered", deadSince }), Date.now());

interface Waiting {
  readonly at: number;
  readonly message: PushMessage;
}

export interface Timeline {
  /** The producers' end. */
  readonly queue: SendMessages;
  /** The messages that have not been delivered yet. */
  readonly waiting: readonly Waiting[];
  /** Every request to APNs, and its status. */
  readonly pushes: { token: string; at: number; status: number }[];
  readonly dead: PushMessage[];
  now(): number;
  /** One call of the admin API at this moment; it must succeed. */
  call(method: string, path: string, body?: object): Promise<void>;
  /** The trigger of every minute. */
  sweep(): Promise<void>;
  /** Lets time pass until then, and delivers all messages that are due. */
  runUntil(at: number): Promise<void>;
  /** Lets time pass until no message waits. */
  drain(): Promise<void>;
}

/**
 * @param start milliseconds
 * @param clock the Worker's clock, if it differs; Date follows it
 */
export function timeline(
  start: number,
  apns: Apns = DELIVERED,
  clock: (at: number) => number = (at) => at,
): Timeline {
  let now = start;
  const waiting: Waiting[] = [];
  const pushes: Timeline["pushes"] = [];
  const dead: PushMessage[] = [];
  /** What APNs would object to. */
  const mistakes: string[] = [];
  const queue: SendMessages = {
    async send(message, options) {
      waiting.push({ at: now + (options?.delaySeconds ?? 0) * 1000, message });
    },
    async sendBatch(messages) {
      for (const { body, delaySeconds = 0 } of messages)
        waiting.push({ at: now + delaySeconds * 1000, message: body });
    },
  };
  const setNow = (at: number) => {
    now = at;
    vi.setSystemTime(clock(at));
  };
  setNow(start);

  async function fetch(url: string, init: RequestInit): Promise<Response> {
    const request = toApnsRequest(url, init);
    const { token, refusal: mistake, complaints } = judgeUnsigned(request);
    if (mistake ?? complaints[0]) mistakes.push(mistake ?? complaints.join(" "));
    const response = await apns({ token, at: now, request });
    pushes.push({ token, at: now, status: response.status });
    return response;
  }

  async function runUntil(until: number): Promise<void> {
    for (;;) {
      const next = Math.min(...waiting.map(({ at }) => at));
      if (next > until) break;
      setNow(Math.max(now, next));
      const due = waiting.filter(({ at }) => at <= now).slice(0, BATCH_MESSAGES);
      for (const entry of due) waiting.splice(waiting.indexOf(entry), 1);
      const { retried } = await consume(
        due.map(({ message }) => message),
        {
          queue,
          fetch,
          now: () => clock(now),
          deadLetters: { ...queue, send: async (message) => void dead.push(message) },
        },
      );
      if (mistakes.length > 0) throw new Error(`APNs would object to a push: ${mistakes}`);
      if (retried.length > 0) throw new Error("a message could not be settled");
    }
    if (until !== Number.POSITIVE_INFINITY) setNow(Math.max(now, until));
  }

  return {
    queue,
    waiting,
    pushes,
    dead,
    now: () => now,
    async call(method, path, body) {
      const { status, text } = await callWithQueue(queue, method, path, body);
      if (status >= 300) throw new Error(`${method} ${path} was answered ${status}: ${text}`);
    },
    async sweep() {
      const controller = createScheduledController({ cron: "* * * * *", scheduledTime: new Date(now) });
      await worker.scheduled(controller, { ...env, PUSH_QUEUE: forwarding(env.PUSH_QUEUE, queue) });
    },
    runUntil,
    async drain() {
      while (waiting.length > 0) await runUntil(Math.min(...waiting.map(({ at }) => at)));
    },
  };
}

/**
 * Registers many devices at once by SQL: one for each token, for this pass.
 * @param registeredAt milliseconds
 */
export async function registerTokens(
  pass: { id: number; templateId: number; passTypeIdentifier: string },
  tokens: readonly string[],
  registeredAt = 0,
): Promise<void> {
  await insertRows(
    registrations,
    tokens.map((token) => registrationOf(pass, token, registeredAt)),
  );
  await insertRows(
    devices,
    tokens.map((token) => deviceOf(pass.passTypeIdentifier, token, registeredAt)),
  );
}

export async function registrationsOf(tokens: readonly string[]): Promise<number> {
  const among = new Set(tokens);
  return (await rowsOf(registrations)).filter(({ pushToken }) => among.has(pushToken)).length;
}

/** Everything that is logged as an event from now on. Restored by vi.restoreAllMocks. */
export function watchLog(): () => Record<string, unknown>[] {
  const lines: unknown[] = [];
  for (const level of ["warn", "error"] as const)
    vi.spyOn(console, level).mockImplementation((line) => void lines.push(line));
  return () => lines.map((line) => JSON.parse(String(line)) as Record<string, unknown>);
}
