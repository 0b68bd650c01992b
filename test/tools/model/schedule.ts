/**
 * The order of everything: a clock of its own, and the events that wait for their time. One event runs at a time, and
 * the next begins only when all that follows from it has come to its next stop; among those that are due at about the
 * same time the seed chooses. So a seed replays exactly, and nothing here waits for the real clock.
 *
 * It knows no Worker and no phone (world.ts, phones.ts). What an event sets going must stop at events only: real timers,
 * threads and sockets would bring in an order that no seed controls.
 */
import { createHash, type Hash } from "node:crypto";
import type { Random } from "./random.ts";

/** Whose events end with it: an invocation of the Worker. */
export interface Owner {
  readonly id: number;
  readonly ended: boolean;
}

export interface ScheduledEvent {
  readonly at: number;
  readonly label: string;
  readonly owner: Owner | undefined;
  /** Runs the event. What it returns goes into the trace, behind the label. */
  readonly run: () => string | undefined | Promise<string | undefined>;
}

/** Events within so many milliseconds of the earliest may overtake it. */
const WINDOW_MS = 5;
/** At most so many of them are chosen from. */
const WIDTH = 12;
const KEPT_LINES = 60;

export class Schedule {
  /** Milliseconds since 1970, of the model's own clock. */
  now: number;
  /** How many events have run. */
  events = 0;
  readonly random: Random;
  /** The last lines of the trace, oldest first. */
  readonly lines: string[] = [];
  /** Gets every line, if somebody wants to see all of them. */
  onLine: ((line: string) => void) | undefined;
  readonly #hash: Hash = createHash("sha1");
  #waiting: ScheduledEvent[] = [];
  /** Work of other threads that the running event began: the next event waits for it. */
  readonly #elsewhere = new Set<Promise<unknown>>();

  constructor(random: Random, now: number) {
    this.random = random;
    this.now = now;
  }

  /** Puts an event into its place. */
  at(at: number, label: string, run: ScheduledEvent["run"], owner?: Owner): ScheduledEvent {
    const event: ScheduledEvent = { at, label, run, owner };
    let low = 0;
    let high = this.#waiting.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#waiting[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    this.#waiting.splice(low, 0, event);
    return event;
  }

  cancel(event: ScheduledEvent): void {
    const at = this.#waiting.indexOf(event);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  /** Takes away what these would have done. */
  drop(whose: (event: ScheduledEvent) => boolean): void {
    this.#waiting = this.#waiting.filter((event) => !whose(event));
  }

  sleep(milliseconds: number, label: string): Promise<void> {
    return new Promise((resolve) => {
      this.at(this.now + milliseconds, label, () => {
        resolve();
        return undefined;
      });
    });
  }

  /** Holds up all other events until this work of another thread is done. */
  awaitElsewhere<Result>(work: Promise<Result>): Promise<Result> {
    this.#elsewhere.add(work);
    const done = () => void this.#elsewhere.delete(work);
    work.then(done, done);
    return work;
  }

  /** A further line of the trace, of what the running event led to. */
  note(text: string): void {
    this.#write(`        ${text}`);
  }

  /** Runs the next event. @returns false if none waits */
  async next(): Promise<boolean> {
    const [first] = this.#waiting;
    if (first === undefined) return false;
    const horizon = Math.max(this.now, first.at) + WINDOW_MS;
    let width = 1;
    while (width < WIDTH && (this.#waiting[width]?.at ?? Number.POSITIVE_INFINITY) <= horizon) width++;
    const [event] = this.#waiting.splice(this.random.int(width), 1);
    if (event === undefined) throw new Error("the schedule lost an event");
    this.now = Math.max(this.now, event.at);
    this.events++;
    if (event.owner?.ended) return true;
    const outcome = await event.run();
    const whose = event.owner === undefined ? "" : `#${event.owner.id} `;
    this.#write(
      `${this.events} ${this.now} ${whose}${event.label}${outcome === undefined ? "" : ` ${outcome}`}`,
    );
    for (await settled(); this.#elsewhere.size > 0; await settled())
      await Promise.allSettled(this.#elsewhere);
    return true;
  }

  /** What names the whole run so far: two runs with the same hash did the same. */
  hash(): string {
    return this.#hash.copy().digest("hex");
  }

  #write(line: string): void {
    this.#hash.update(line).update("\n");
    this.lines.push(line);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
    this.onLine?.(line);
  }
}

/** Until all promises that can go on have gone on: microtasks are through before the event loop turns. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
