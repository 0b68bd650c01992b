/**
 * The platform of the Worker: isolates that start and end, invocations of fetch, queue and scheduled in them, and the
 * bindings. Every call of a binding and of WebCrypto is a stop: an event of the schedule, at which a fault may happen.
 *
 * Several isolates run at the same time, each with its own evaluation of the bundle. The state that src/ has in module
 * scope (packs, signers, provider tokens, the configuration) is shared only by the invocations of one isolate, and is
 * lost when that isolate ends. If only an invocation ends, the client has closed its request: its calls never return,
 * but its computations continue, because other invocations may wait for them.
 *
 * Follows Cloudflare's "How Workers works".
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { DatabaseSync } from "node:sqlite";
import type { Env } from "../../../src/config.ts";
import type worker from "../../../src/index.ts";
import { createClock } from "./clock.ts";
import { openD1 } from "./d1.ts";
import type { Exchange } from "./exchange.ts";
import { type Call, type Faults, failureOf } from "./faults.ts";
import { drawLatencies, drawSkew, Invocation, Isolate } from "./isolate.ts";
import type { Program } from "./program.ts";
import { type BatchEnd, type ConsumerSettings, type Deliver, ModelQueue } from "./queue.ts";
import { openR2, type StoredObject } from "./r2.ts";
import { createRateLimits, type RateLimits } from "./rate-limits.ts";
import type { Schedule } from "./schedule.ts";
import { createCrypto } from "./web-crypto.ts";

/** Stops the running task. When its turn comes, runs the work, unless a fault happens. */
export type Stop = <Value>(call: Call, label: string, work: () => Value | Promise<Value>) => Promise<Value>;

export interface WorldParts {
  readonly schedule: Schedule;
  readonly faults: Faults;
  readonly program: Program;
  readonly database: DatabaseSync;
  readonly objects: Map<string, StoredObject>;
  readonly consumers: readonly ConsumerSettings[];
  readonly settings: Partial<Env>;
  /** How many isolates run at the same time. */
  readonly isolates?: number;
  /** Whether all clients share one address. Otherwise each has its own. */
  readonly oneAddress?: boolean | undefined;
  /** Called when a call of a binding is executed. `caller` as in Invocation. */
  readonly onCall?: ((call: Call, caller: string) => void) | undefined;
  /** Called with what a call of a binding returns, before the caller gets it. */
  readonly onResult?: ((call: Call, caller: string, result: unknown) => void) | undefined;
  /** The servers that the Worker's fetch reaches. */
  readonly outbound: (
    url: string,
    init: RequestInit,
    invocation: Invocation | undefined,
  ) => Promise<Response>;
}

const ISOLATES = 2;

export class World {
  readonly schedule: Schedule;
  readonly faults: Faults;
  readonly queues: readonly ModelQueue[];
  /** Violations, as `invariant: observation`. */
  violations: string[] = [];
  /**
   * The observers of every exchange: they return a state when a request arrives, and check the exchange when it is
   * answered.
   */
  observer = { mark: (_request: Request): unknown => undefined, saw: (_exchange: Exchange): void => {} };
  readonly #parts: WorldParts;
  readonly #bindings: Pick<Env, "DB" | "BUCKET" | "PUSH_QUEUE" | "DEAD_LETTERS" | "GOOGLE_QUEUE"> &
    RateLimits;
  readonly #running = new AsyncLocalStorage<Invocation>();
  readonly #active = new Set<Invocation>();
  readonly #latencies: Readonly<Record<Call, number>>;
  #isolates: (Isolate | undefined)[];
  #invocations = 0;

  constructor(parts: WorldParts) {
    const { schedule, faults, database, objects, consumers } = parts;
    this.#parts = parts;
    this.#isolates = Array.from({ length: parts.isolates ?? ISOLATES });
    this.schedule = schedule;
    this.faults = faults;
    this.#latencies = drawLatencies(schedule.random, faults.weather);
    const queues: ModelQueue[] = [];
    const queue = (name: string | undefined) => queues.find(({ settings }) => settings.queue === name);
    for (const settings of consumers) {
      const { deadLetterQueue } = settings;
      const deliver: Deliver = (...delivery) => this.#consume(...delivery);
      const deadLetter =
        deadLetterQueue === undefined ? undefined : (body: unknown) => queue(deadLetterQueue)?.put(body, 0);
      queues.push(new ModelQueue(settings, schedule, faults, deliver, deadLetter));
    }
    this.queues = queues;
    const binding = (at: number) => {
      const found = queues[at];
      if (found === undefined) throw new Error("wrangler.toml has too few queues");
      return found.binding(this.stop);
    };
    this.#bindings = {
      DB: openD1(database, this.stop),
      BUCKET: openR2(objects, schedule, this.stop),
      PUSH_QUEUE: binding(0),
      DEAD_LETTERS: binding(1),
      GOOGLE_QUEUE: binding(2),
      ...createRateLimits(schedule, faults, this.stop),
    };
  }

  /** Whether no invocation is running and no message waits. */
  get idle(): boolean {
    return this.#active.size === 0 && this.queues.every((queue) => queue.empty);
  }

  violate(invariant: string, what: string): void {
    this.violations.push(`${invariant}: ${what}`);
    this.schedule.note(`VIOLATED ${invariant}: ${what}`);
  }

  readonly stop: Stop = (call, label, work) => {
    const invocation = this.#running.getStore();
    // Outside the Worker, such as during the preparation of a run, nothing is scheduled.
    if (invocation === undefined) return Promise.resolve().then(work);
    const { schedule, faults } = this;
    const owner = call === "crypto" ? invocation.computing : invocation;
    const latency = call === "crypto" ? schedule.random.int(2) : schedule.random.wait(this.#latencies[call]);
    return new Promise((resolve, reject) => {
      const event = async () => {
        const fate = faults.fateOf(call, schedule.now, invocation.sheltered);
        const fails = fate === "fails before" || fate === "fails after";
        const failure = fails ? failureOf(call, fate, schedule.random) : undefined;
        if (fate !== "goes well") invocation.strike(call, label, fate, failure);
        this.#parts.onCall?.(call, invocation.caller);
        switch (fate) {
          case "goes well":
            try {
              const result = await work();
              this.#parts.onResult?.(call, invocation.caller, result);
              resolve(result);
              return undefined;
            } catch (error) {
              reject(error);
              return `threw ${String(error).slice(0, 100)}`;
            }
          case "fails after":
            await Promise.resolve()
              .then(work)
              .catch(() => {});
            reject(failure);
            return fate;
          case "fails before":
            reject(failure);
            return fate;
          case "ends after":
            await Promise.resolve()
              .then(work)
              .catch(() => {});
            this.#end(invocation);
            return fate;
          case "ends before":
            this.#end(invocation);
            return fate;
          case "isolate ends":
            this.#endIsolate(invocation.isolate);
            return fate;
        }
      };
      if (!owner.ended) schedule.at(schedule.now + latency, label, event, owner);
    });
  };

  /**
   * A request over the network, which may lose the request or the response.
   * @throws TypeError if there is no response
   */
  async request(request: Request, who: string, sheltered = false): Promise<Response> {
    const { method } = request;
    const { pathname } = new URL(request.url);
    const label = `${who} ${method} ${pathname.replaceAll(/([0-9a-f]{6})[0-9a-f]{26,}/g, "$1…")}`;
    await this.#leg(label, sheltered);
    request.headers.set("CF-Connecting-IP", this.#parts.oneAddress ? "192.0.2.1" : who);
    const answered = Promise.withResolvers<Response>();
    const mark = this.observer.mark(request);
    const invocation = this.#invoke(who, sheltered, async ({ worker, env }, invocation, context) => {
      const response = await worker.fetch(request, env, context);
      const body = new Uint8Array(await response.arrayBuffer());
      const { struck, mayFail, onlyD1 } = invocation;
      this.observer.saw({ request, response, body, mark, struck, mayFail, onlyD1 });
      const bodiless = [101, 204, 205, 304].includes(response.status);
      const { status, headers } = response;
      this.schedule.note(`#${invocation.id} answers ${status}`);
      answered.resolve(new Response(bodiless ? null : body, { status, headers }));
    });
    invocation.onEnd = () => answered.reject(new TypeError("Network connection lost."));
    this.schedule.note(`#${invocation.id} begins`);
    const response = await answered.promise;
    await this.#leg(`${label} ← ${response.status}`, sheltered);
    return response;
  }

  /** Runs a cron trigger. */
  async cron(cron: string): Promise<void> {
    const ended = Promise.withResolvers<void>();
    const invocation = this.#invoke(cron, false, async ({ worker, env }, invocation) => {
      try {
        await worker.scheduled({ cron, scheduledTime: this.schedule.now, noRetry() {} }, env);
      } catch (error) {
        if (!invocation.mayFail) this.violate("a cron fails only if faults explain it", String(error));
      }
      ended.resolve();
    });
    invocation.onEnd = () => ended.resolve();
    await ended.promise;
  }

  /** @param isRetried whether the consumer has asked for a message again */
  #consume(batch: MessageBatch<unknown>, sheltered: boolean, isRetried: () => boolean): Promise<BatchEnd> {
    const end = Promise.withResolvers<BatchEnd>();
    const invocation = this.#invoke(batch.queue, sheltered, async ({ worker, env }, invocation) => {
      try {
        await worker.queue(batch as Parameters<typeof worker.queue>[0], env);
        if (isRetried() && !invocation.mayFail)
          this.violate("a message comes again only if faults explain it", batch.queue);
        end.resolve("returned");
      } catch (error) {
        if (!invocation.mayFail) this.violate("a consumer fails only if faults explain it", String(error));
        end.resolve("threw");
      }
    });
    invocation.onEnd = () => end.resolve("ended");
    return end.promise;
  }

  /** Starts an invocation in one of the isolates. Its waitUntil promises belong to it too. */
  #invoke(
    caller: string,
    sheltered: boolean,
    run: (isolate: Isolate, invocation: Invocation, context: ExecutionContext) => Promise<void>,
  ): Invocation {
    const isolate = this.#isolate(this.schedule.random.int(this.#isolates.length));
    const invocation = new Invocation(++this.#invocations, caller, isolate, sheltered);
    const waitUntil = (promise: Promise<unknown>) => {
      invocation.pending++;
      promise
        .catch((error: unknown) => {
          if (!invocation.mayFail)
            this.violate("work after the answer fails only if faults explain it", String(error));
        })
        .finally(() => {
          if (--invocation.pending === 0) this.#active.delete(invocation);
        });
    };
    const context = { waitUntil, passThroughOnException() {}, props: {} } as unknown as ExecutionContext;
    this.#active.add(invocation);
    this.#running.run(invocation, () => waitUntil(run(isolate, invocation, context)));
    return invocation;
  }

  #leg(label: string, sheltered: boolean): Promise<void> {
    const { schedule, faults } = this;
    return new Promise((resolve, reject) => {
      schedule.at(schedule.now + schedule.random.wait(this.#latencies.network), label, () => {
        if (faults.fateOf("network", schedule.now, sheltered) === "goes well") {
          resolve();
          return undefined;
        }
        reject(failureOf("network", "fails before", schedule.random));
        return "is lost";
      });
    });
  }

  #isolate(at: number): Isolate {
    const known = this.#isolates[at];
    if (known !== undefined) return known;
    const { schedule } = this;
    const evaluated = this.#parts.program({
      ...createClock(schedule, drawSkew(schedule.random), () => this.#running.getStore()),
      fetch: (url: string, init: RequestInit) => this.#parts.outbound(url, init, this.#running.getStore()),
      crypto: createCrypto(schedule.random, (label, work) => this.stop("crypto", label, work)),
      console: { error: this.#log, warn: this.#log, log: this.#log },
    });
    const env: Env = { ...this.#bindings, ...this.#parts.settings };
    const made = new Isolate(evaluated.default as typeof worker, env);
    this.#isolates[at] = made;
    return made;
  }

  readonly #log = (text: unknown): void => {
    this.schedule.note(`#${this.#running.getStore()?.id} logs ${String(text).slice(0, 300)}`);
  };

  #end(invocation: Invocation): void {
    if (invocation.ended) return;
    invocation.ended = true;
    this.schedule.drop(({ owner }) => owner === invocation);
    this.#active.delete(invocation);
    invocation.onEnd();
  }

  #endIsolate(isolate: Isolate): void {
    isolate.ended = true;
    this.#isolates = this.#isolates.map((other) => (other === isolate ? undefined : other));
    for (const invocation of [...this.#active].filter((one) => one.isolate === isolate)) {
      invocation.struck.push("its isolate ended");
      this.#end(invocation);
    }
    this.schedule.drop(({ owner }) => owner?.ended === true);
  }
}
