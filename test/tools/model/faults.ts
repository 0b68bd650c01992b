/**
 * The faults, and when they happen. Each seed has a weather: calm (no faults, but everything else is as random as
 * usual), or a number of failures per thousand, with outages of some minutes in which one of the services does not
 * respond.
 *
 * The faults are limited, as the promise is: a queue tries to deliver a message eleven times, an iPhone tries a task
 * ten times. After so many failures that the next ones would use these attempts up, there are no more faults.
 */
import type { Random } from "./random.ts";

/** The places where a task stops. */
export type Call = "d1" | "r2" | "queue" | "apns" | "google" | "limit" | "crypto" | "network";

export type Fate =
  | "goes well"
  /** The caller gets an error, and the operation was not executed. */
  | "fails before"
  /** The caller gets an error, but the operation was executed. */
  | "fails after"
  /** The invocation and its waitUntil promises never continue. */
  | "ends before"
  | "ends after"
  /** All other invocations in that isolate end too, and its memory is lost. */
  | "isolate ends";

interface Outage {
  readonly call: Call;
  readonly from: number;
  readonly to: number;
}

export type Weather = "calm" | "breeze" | "storm";

const RATES: Readonly<Record<Weather, number>> = { calm: 0, breeze: 0.004, storm: 0.025 };
/** D1's normal errors are more frequent, because the Worker repeats what it may repeat: three in a row remain rare. */
const D1_ERRORS: Readonly<Record<Weather, number>> = { calm: 0, breeze: 0.02, storm: 0.07 };
/** An isolate is expensive to create, and many tasks end with it. */
const ISOLATE_ENDS = 0.00025;
const FATES = { "fails before": 40, "fails after": 40, "ends before": 10, "ends after": 10 } as const;
const LONGEST_OUTAGE_MS = 20 * 60_000;

export class Faults {
  readonly weather: Weather;
  /** Set after the faults have stopped. */
  over = false;
  /** The number of faults so far. */
  count = 0;
  readonly #random: Random;
  readonly #outages: Outage[] = [];

  constructor(random: Random, weather: Weather, startsAt: number) {
    this.#random = random;
    this.weather = weather;
    if (weather === "calm") return;
    for (let at = startsAt; this.#outages.length < 6; ) {
      const from = at + random.int(40 * 60_000);
      const to = from + random.between(10_000, LONGEST_OUTAGE_MS);
      this.#outages.push({ call: random.pick(["d1", "r2", "queue", "apns", "network"] as const), from, to });
      at = to;
    }
  }

  /** Whether accidents happen at all: late and duplicate messages, missed crons, refusals of APNs. */
  get strike(): boolean {
    return this.weather !== "calm" && !this.over;
  }

  /** An accident with this probability in a storm, and with a tenth of it in a breeze. */
  accident(probability: number): boolean {
    if (!this.strike) return false;
    const struck = this.#random.chance(this.weather === "storm" ? probability : probability / 10);
    if (struck) this.count++;
    return struck;
  }

  /** @param sheltered only outages can happen */
  fateOf(call: Call, now: number, sheltered: boolean): Fate {
    if (!this.strike) return "goes well";
    if (this.#outages.some((outage) => outage.call === call && outage.from <= now && now < outage.to)) {
      this.count++;
      return "fails before";
    }
    if (sheltered) return "goes well";
    if (call !== "network" && this.#random.chance(ISOLATE_ENDS)) {
      this.count++;
      return "isolate ends";
    }
    if (call === "d1" && this.#random.chance(D1_ERRORS[this.weather])) {
      this.count++;
      return this.#random.chance(0.5) ? "fails before" : "fails after";
    }
    // A computation does not fail, and does not end alone.
    if (call === "crypto" || !this.#random.chance(RATES[this.weather])) return "goes well";
    this.count++;
    return this.#random.weighted(FATES);
  }
}

/** D1's own texts. After all of them, a statement may be sent again directly. */
const TRANSIENT_D1 = [
  "Network connection lost.",
  "D1 DB reset because its code was updated.",
  "Internal error in D1 DB storage caused object to be reset.",
  "D1 DB storage operation exceeded timeout which caused object to be reset.",
  "Cannot resolve D1 DB due to transient issue on remote node.",
] as const;
/** D1 has not executed the statement, and it must not be sent again directly. */
const OVERLOADED_D1 = "D1 DB is overloaded. Requests queued for too long.";
const OVERLOADED_SHARE = 0.1;

/** The error that the caller gets. */
export function failureOf(call: Call, fate: Fate, random: Random): Error {
  switch (call) {
    case "d1": {
      const isOverloaded = fate === "fails before" && random.chance(OVERLOADED_SHARE);
      return new Error(`D1_ERROR: ${isOverloaded ? OVERLOADED_D1 : random.pick(TRANSIENT_D1)}`);
    }
    case "r2":
      return new Error("put: We encountered an internal error. Please try again. (10001)");
    case "queue":
      return new Error("Queue send failed: Internal Server Error");
    case "limit":
      return new Error("Rate limiter: internal error");
    case "apns":
    case "google":
    case "network":
    case "crypto":
      return new TypeError("Network connection lost.");
  }
}
