/**
 * Cloudflare Queues as wrangler.toml configures them: at least once and in no order. A message waits for its delay, is
 * delivered in a batch with others, and is delivered again if its consumer failed, ended or requested it. After its
 * retries it goes to the dead-letter queue. In bad weather it is late, or delivered twice. Follows Cloudflare's "Queues
 * JavaScript APIs", "Batching, retries and delays", and the limits of a message and a batch.
 */
import { readFileSync } from "node:fs";
import type { Faults } from "./faults.ts";
import type { Schedule } from "./schedule.ts";
import type { Stop } from "./world.ts";

export interface ConsumerSettings {
  readonly queue: string;
  readonly maxBatchSize: number;
  readonly maxBatchTimeout: number;
  readonly maxRetries: number;
  readonly maxConcurrency: number;
  readonly deadLetterQueue: string | undefined;
}

interface Stored {
  readonly id: string;
  readonly body: unknown;
  readonly sentAt: number;
  attempts: number;
}

/** How a batch ended: with its handler, with an error that it threw, or not at all. */
export type BatchEnd = "returned" | "threw" | "ended";
/** @param isRetried whether the consumer has asked for one of the messages again */
export type Deliver = (
  batch: MessageBatch<unknown>,
  sheltered: boolean,
  isRetried: () => boolean,
) => Promise<BatchEnd>;

const MOST_BYTES = 128_000;
const MOST_BATCH_BYTES = 256_000;
const MOST_MESSAGES = 100;
/** From this attempt on, a delivery has no more faults, because it could be one of the last. */
const SHELTERED_FROM = 6;

export class ModelQueue {
  readonly settings: ConsumerSettings;
  readonly #schedule: Schedule;
  readonly #faults: Faults;
  readonly #deliver: Deliver;
  readonly #deadLetter: ((body: unknown) => void) | undefined;
  #ready: Stored[] = [];
  #held = 0;
  #underWay = 0;
  #ids = 0;

  constructor(
    settings: ConsumerSettings,
    schedule: Schedule,
    faults: Faults,
    deliver: Deliver,
    deadLetter: ((body: unknown) => void) | undefined,
  ) {
    this.settings = settings;
    this.#schedule = schedule;
    this.#faults = faults;
    this.#deliver = deliver;
    this.#deadLetter = deadLetter;
  }

  /** Whether no message waits or is being consumed. */
  get empty(): boolean {
    return this.#ready.length + this.#held + this.#underWay === 0;
  }

  /** The API of the producer. */
  binding(stop: Stop): Queue {
    const { queue } = this.settings;
    const sent = { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
    return {
      metrics: () => Promise.resolve(sent.metadata.metrics),
      send: (body: unknown, options?: QueueSendOptions) => {
        refuseOver(sizeOf(body), MOST_BYTES);
        return stop("queue", `send ${queue} ${summary(body)}`, () => {
          this.put(body, options?.delaySeconds ?? 0);
          return sent;
        });
      },
      sendBatch: (batch: Iterable<MessageSendRequest>, options?: QueueSendBatchOptions) => {
        const messages = [...batch];
        if (messages.length > MOST_MESSAGES || messages.length === 0)
          throw new Error("sendBatch takes 1 to 100 messages");
        for (const { body } of messages) refuseOver(sizeOf(body), MOST_BYTES);
        refuseOver(
          messages.reduce((sum, { body }) => sum + sizeOf(body), 0),
          MOST_BATCH_BYTES,
        );
        return stop("queue", `send ${queue} ${messages.length} messages`, () => {
          for (const { body, delaySeconds } of messages)
            this.put(body, delaySeconds ?? options?.delaySeconds ?? 0);
          return sent;
        });
      },
    };
  }

  /** Accepts a message. */
  put(body: unknown, delaySeconds: number): void {
    const copy: unknown = JSON.parse(JSON.stringify(body));
    const times = this.#faults.accident(0.05) ? 2 : 1;
    for (let time = 0; time < times; time++) {
      const message = { id: String(++this.#ids), body: copy, sentAt: this.#schedule.now, attempts: 0 };
      this.#hold(message, delaySeconds * 1000 + (time === 0 ? 0 : this.#schedule.random.int(60_000)));
    }
  }

  #hold(message: Stored, milliseconds: number): void {
    const late = this.#faults.accident(0.1)
      ? this.#schedule.random.int(300_000)
      : this.#schedule.random.wait(30);
    this.#held++;
    this.#schedule.at(
      this.#schedule.now + milliseconds + late,
      `${this.settings.queue} has ${message.id}`,
      () => {
        this.#held--;
        this.#ready.push(message);
        this.#consume();
        return undefined;
      },
    );
  }

  /** Starts a batch after a short time in which other messages may be added. */
  #consume(): void {
    if (this.#ready.length === 0 || this.#underWay >= this.settings.maxConcurrency) return;
    this.#underWay++;
    const moment = this.#schedule.random.int(this.settings.maxBatchTimeout * 1000);
    this.#schedule.at(this.#schedule.now + moment, `${this.settings.queue} delivers`, () => {
      const batch: Stored[] = [];
      while (batch.length < this.settings.maxBatchSize && this.#ready.length > 0) {
        batch.push(...this.#ready.splice(this.#schedule.random.int(this.#ready.length), 1));
      }
      this.#run(batch);
      return batch.map(({ id, attempts }) => `${id}/${attempts + 1}`).join(" ");
    });
  }

  async #run(batch: readonly Stored[]): Promise<void> {
    const outcome = new Map<Stored, { acked: boolean; delaySeconds: number | undefined }>();
    const messages = batch.map((stored): Message<unknown> => {
      stored.attempts++;
      return {
        id: stored.id,
        timestamp: new Date(stored.sentAt),
        body: stored.body,
        attempts: stored.attempts,
        ack: () =>
          void (outcome.has(stored) || outcome.set(stored, { acked: true, delaySeconds: undefined })),
        retry: (options) =>
          void (
            outcome.has(stored) || outcome.set(stored, { acked: false, delaySeconds: options?.delaySeconds })
          ),
      };
    });
    if (batch.length > 0) {
      const sheltered = batch.some(({ attempts }) => attempts >= SHELTERED_FROM);
      const end = await this.#deliver(
        {
          queue: this.settings.queue,
          messages,
          ackAll: () => messages.forEach((message) => void message.ack()),
          retryAll: (options?: QueueRetryOptions) =>
            messages.forEach((message) => void message.retry(options)),
        } as unknown as MessageBatch<unknown>,
        sheltered,
        () => [...outcome.values()].some(({ acked }) => !acked),
      );
      // The acknowledgements of an invocation that was ended may have been received, or not.
      const heard = end !== "ended" || this.#schedule.random.chance(0.5);
      for (const stored of batch) {
        const { acked, delaySeconds } = (heard ? outcome.get(stored) : undefined) ?? {
          acked: end === "returned",
          delaySeconds: undefined,
        };
        if (!acked) this.#again(stored, delaySeconds ?? 0);
      }
    }
    this.#underWay--;
    this.#consume();
  }

  #again(stored: Stored, delaySeconds: number): void {
    if (stored.attempts <= this.settings.maxRetries) this.#hold(stored, delaySeconds * 1000);
    else this.#deadLetter?.(stored.body);
  }
}

/** The configuration of the consumers in wrangler.toml. It is not a TOML parser: it can read only this file. */
export function consumersIn(wranglerToml: string): ConsumerSettings[] {
  const sections = readFileSync(wranglerToml, "utf8").split(/^\[\[?/m);
  return sections
    .filter((section) => section.startsWith("queues.consumers]]"))
    .map((section) => {
      const text = (name: string) => new RegExp(`^${name} = "?([^"\\n]+)"?$`, "m").exec(section)?.[1];
      const number = (name: string, otherwise: number) => Number(text(name) ?? otherwise);
      return {
        queue: text("queue") ?? "",
        maxBatchSize: number("max_batch_size", 10),
        maxBatchTimeout: number("max_batch_timeout", 5),
        maxRetries: number("max_retries", 3),
        maxConcurrency: number("max_concurrency", 1),
        deadLetterQueue: text("dead_letter_queue"),
      };
    });
}

function sizeOf(body: unknown): number {
  return JSON.stringify(body).length;
}

function refuseOver(bytes: number, limit: number): void {
  if (bytes > limit)
    throw new Error(`Queue send failed: message length of ${bytes} bytes exceeds limit of ${limit}`);
}

function summary(body: unknown): string {
  const { kind, changeId, tokens } = body as { kind?: string; changeId?: number; tokens?: unknown[] };
  return `${kind} ${changeId ?? `${tokens?.length} tokens`}`;
}
