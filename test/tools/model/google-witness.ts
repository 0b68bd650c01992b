/**
 * What is true of the calls of Google at every moment: their pace, that no call shows older content than an earlier one, and that
 * none is without an effect unless a fault explains it. It counts the calls.
 */
import { isDeepStrictEqual } from "node:util";
import type { Stored } from "../../google/stand-in/store.ts";
import type { WireRequest } from "../../google/stand-in/wire.ts";
import type { Faults } from "./faults.ts";
import type { Schedule } from "./schedule.ts";

/** The queue whose consumer keeps classes and objects up to date. */
export const SYNC = "edgepass-google";
/** Google takes 20 a second, and clicks need some of them. */
const CALLS_PER_SECOND = 15;
/** The first call in another isolate, which does not know when the last one started. */
const TOLERATED = 1;
/** The texts of the model that have a count: what they are about, and the count. A barcode may be older than the text of its pass. */
const COUNTED = /(?<!code )\b(s-\d+-\d+|event \d+(?:-\d+)?|template \d+ (?:text|end)) (\d+)\b/g;

/** A call that wrote a class or an object, or tried to. */
export interface SeenCall {
  readonly id: string;
  readonly request: WireRequest;
  readonly status: number;
  readonly before: Stored | undefined;
  readonly after: Stored | undefined;
  /** Whether its caller had given it up. */
  readonly isLate: boolean;
}

export class GoogleWitness {
  /** By the id of the class or object: successful calls since they were last forgotten. */
  readonly #calls = new Map<string, number>();
  /** All calls that wrote a class or object. */
  calls = 0;
  readonly #schedule: Schedule;
  readonly #faults: Faults;
  readonly #violate: (invariant: string, what: string) => void;
  /** When the consumer's calls of the last second started. */
  #started: number[] = [];
  /** By id: calls that had no proper answer, and calls that changed nothing. */
  readonly #unanswered = new Map<string, number>();
  readonly #idle = new Map<string, number>();
  /** Without a token, the Worker cannot know either what Google has: any row may be sent once more. */
  #hasLostToken = false;
  /** By id: the highest count of each text that it has shown. */
  readonly #shown = new Map<string, Map<string, number>>();

  constructor(schedule: Schedule, faults: Faults, violate: (invariant: string, what: string) => void) {
    this.#schedule = schedule;
    this.#faults = faults;
    this.#violate = violate;
  }

  /** Begins to count the calls for one change. */
  forgetCalls(): void {
    this.#calls.clear();
    this.#unanswered.clear();
    this.#idle.clear();
  }

  /** After a change of template texts that only classes show: one call for each class, and none for an object. */
  checkCallsOfTexts(): void {
    for (const [id, calls] of this.#calls) {
      // The id of an object names its pass.
      const isObject = /-p\d+-[a-zA-Z]+$/.test(id);
      const unanswered = this.#unanswered.get(id) ?? 0;
      if (calls > (isObject ? 0 : 1) + unanswered)
        this.#violate("no more calls than the changes explain", `${id}: ${calls}`);
    }
  }

  /** @param id undefined for a call that writes no class and no object */
  starts(id: string | undefined, caller: string | undefined): void {
    if (id === undefined || caller !== SYNC) return;
    const { now } = this.#schedule;
    this.#started = [...this.#started.filter((at) => at > now - 1000), now];
    const most = CALLS_PER_SECOND + TOLERATED;
    if (this.#started.length > most)
      this.#violate("15 calls start in a second", `${this.#started.length} until ${now}`);
  }

  /** A call had no proper answer, so that it may come again although it had its effect. */
  lost(id: string | undefined): void {
    if (id !== undefined) add(this.#unanswered, id);
    else this.#hasLostToken = true;
  }

  /** Somebody has a link that has all of it, so the Worker does not know whether Google has it. */
  mayHave(id: string): void {
    this.#unanswered.set(id, Number.POSITIVE_INFINITY);
  }

  saw({ id, request, status, before, after, isLate }: SeenCall): void {
    if (status >= 300 || after === undefined) return;
    this.calls++;
    add(this.#calls, id);
    if (!isLate) this.#compare(id, after);
    if (before === undefined || !isDeepStrictEqual(before.resource, after.resource)) return;
    const idle = add(this.#idle, id);
    const isExplained =
      idle <= (this.#unanswered.get(id) ?? 0) || this.#hasLostToken || this.#faults.weather !== "calm";
    if (!isExplained) this.#violate("a call changes something", `${request.method} ${id}`);
  }

  /** Counts of texts only rise. A late call is the exception: it cannot be stopped, and is corrected. */
  #compare(id: string, { resource }: Stored): void {
    const highest = this.#shown.get(id) ?? new Map<string, number>();
    this.#shown.set(id, highest);
    // Messages of earlier changes stay.
    const { messages: _messages, ...members } = resource;
    for (const [, what = "", count] of JSON.stringify(members).matchAll(COUNTED)) {
      const known = highest.get(what) ?? 0;
      if (Number(count) < known)
        this.#violate("Google never goes back to older content", `${id}: ${what} ${count} after ${known}`);
      else highest.set(what, Number(count));
    }
  }
}

/** Adds one. */
function add(counts: Map<string, number>, id: string): number {
  const count = (counts.get(id) ?? 0) + 1;
  counts.set(id, count);
  return count;
}
