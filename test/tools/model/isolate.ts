/**
 * One evaluation of the Worker's bundle and one run of a handler in it, and what differs between them by chance: how far
 * the clock is off, and how slow the services are. What happens to them is world.ts's.
 */
import type { Env } from "../../../src/config.ts";
import type worker from "../../../src/index.ts";
import type { Call, Weather } from "./faults.ts";
import type { Random } from "./random.ts";
import type { Owner } from "./schedule.ts";

const GREATEST_SKEW_MS = 3000;
/** Milliseconds that a call usually takes. */
const LATENCIES: Readonly<Record<Call, number>> = {
  d1: 8,
  r2: 15,
  queue: 10,
  apns: 60,
  limit: 2,
  crypto: 0,
  network: 30,
};
const SLOWER = [1, 1, 1, 10, 40] as const;

/** Except in calm weather, a service may be slow in all of a run: that opens wider what lies between two calls. */
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

/** A Worker in memory, with what src/ keeps in module scope. */
export class Isolate {
  ended = false;
  readonly worker: typeof worker;
  readonly env: Env;

  constructor(evaluated: typeof worker, env: Env) {
    this.worker = evaluated;
    this.env = env;
  }
}

/** One call of fetch, queue or scheduled, until all that it waits for has settled. */
export class Invocation implements Owner {
  ended = false;
  /** Promises that have not settled: the handler's own, and those of waitUntil. */
  pending = 0;
  readonly id: number;
  readonly isolate: Isolate;
  readonly sheltered: boolean;
  /** The faults that struck it. */
  readonly struck: string[] = [];
  /** Told when it ends before its time. */
  onEnd: () => void = () => {};
  /** Computations go on for as long as the isolate is there. */
  readonly computing: Owner;

  constructor(id: number, isolate: Isolate, sheltered: boolean) {
    this.id = id;
    this.isolate = isolate;
    this.sheltered = sheltered;
    this.computing = {
      id,
      get ended() {
        return isolate.ended;
      },
    };
  }
}
