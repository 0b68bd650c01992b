/**
 * An isolate, which is one evaluation of the Worker's bundle, and an invocation, which is one run of a handler in it;
 * and the random differences between isolates: the error of the clock, and the latency of the services. world.ts
 * schedules them.
 */
import type { Env } from "../../../src/config.ts";
import type worker from "../../../src/index.ts";
import type { Call, Fate, Weather } from "./faults.ts";
import type { Random } from "./random.ts";
import type { Owner } from "./schedule.ts";

const GREATEST_SKEW_MS = 3000;
/** The usual latency of a call in milliseconds. */
const LATENCIES: Readonly<Record<Call, number>> = {
  d1: 8,
  r2: 15,
  queue: 10,
  apns: 60,
  google: 120,
  limit: 2,
  crypto: 0,
  network: 30,
};
const SLOWER = [1, 1, 1, 10, 40] as const;

/** Except in calm weather, a service may be slow during the whole run, which makes the time between two calls longer. */
export function drawLatencies(random: Random, weather: Weather): Readonly<Record<Call, number>> {
  const latencies = { ...LATENCIES };
  if (weather === "calm") return latencies;
  for (const call of ["d1", "r2", "queue", "apns", "network"] as const)
    latencies[call] *= random.pick(SLOWER);
  return latencies;
}

/** Milliseconds that an isolate's clock is ahead. */
export function drawSkew(random: Random): number {
  return random.between(-GREATEST_SKEW_MS, GREATEST_SKEW_MS);
}

/** A Worker in memory, with the state that src/ has in module scope. */
export class Isolate {
  ended = false;
  readonly worker: typeof worker;
  readonly env: Env;

  constructor(evaluated: typeof worker, env: Env) {
    this.worker = evaluated;
    this.env = env;
  }
}

/** One call of fetch, queue or scheduled, until everything that it waits for has settled. */
export class Invocation implements Owner {
  ended = false;
  /** Promises that have not settled: that of the handler, and those of waitUntil. */
  pending = 0;
  readonly id: number;
  /** Who sent the request, or the name of the queue or the cron trigger. */
  readonly caller: string;
  readonly isolate: Isolate;
  readonly sheltered: boolean;
  /** The faults that happened to it. */
  readonly struck: string[] = [];
  /** How many of them were transient errors of D1, which the Worker has to bear. */
  #transient = 0;
  #others = 0;
  /** Called if it is ended early. */
  onEnd: () => void = () => {};
  /** Computations continue as long as the isolate exists. */
  readonly computing: Owner;

  constructor(id: number, caller: string, isolate: Isolate, sheltered: boolean) {
    this.id = id;
    this.caller = caller;
    this.isolate = isolate;
    this.sheltered = sheltered;
    this.computing = {
      id,
      get ended() {
        return isolate.ended;
      },
    };
  }

  /** Records a fault. @param error what the caller got, if it was an error */
  strike(call: Call, label: string, fate: Fate | string, error?: Error): void {
    this.struck.push(`${label} ${fate}`);
    if (call !== "d1" || error === undefined) this.#others++;
    if (call === "d1" && error !== undefined && !error.message.includes("overloaded")) this.#transient++;
  }

  get onlyD1(): boolean {
    return this.#others === 0;
  }

  /**
   * Whether its faults explain that it failed. One transient error of D1 does not, and neither do two: the Worker sends a
   * statement three times.
   */
  get mayFail(): boolean {
    return this.#transient >= D1_ATTEMPTS || this.struck.length > this.#transient;
  }
}

const D1_ATTEMPTS = 3;
