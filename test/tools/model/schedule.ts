/**
 * The scheduler: a clock of its own, and the events that wait for their time. One event runs at a time. The next one
 * begins only when everything that follows from it has reached its next stop. Among events that are due at about the
 * same time, the seed chooses. So a seed can be replayed exactly, and nothing here waits for the real clock.
 *
 * It does not know the Worker and the phones (world.ts, phones.ts). Everything that an event starts must stop only at
 * events: real timers, threads and sockets would introduce an order that no seed controls.
 */
import { createHash, type Hash } from "node:crypto";
import type { Random } from "./random.ts";

/** The owner, with which its events end: an invocation of the Worker. */
export interface Owner {
  readonly id: number;
  readonly ended: boolean;
}

export interface ScheduledEvent {
  readonly at: number;
  readonly label: string;
  readonly owner: Owner | undefined;
  /** Runs the event. Its result is added to the trace, after the label. */
  readonly run: () => string | undefined | Promise<string | undefined>;
}

/** Events within this many milliseconds of the earliest one may overtake it. */
const WINDOW_MS = 5;
/** The choice is among at most this many events. */
const WIDTH = 12;
const KEPT_LINES = 60;

export class Schedule {
  /** The time of the model's own clock, in milliseconds since 1970. */
  now: number;
  /** The number of events that have run. */
  events = 0;
  readonly random: Random;
  /** The last lines of the trace, oldest first. */
  readonly lines: string[] = [];
  /** Receives every line, if a caller wants all of them. */
  onLine: ((line: string) => void) | undefined;
  readonly #window: number;
  readonly #hash: Hash = createHash("sha1");
  #waiting: ScheduledEvent[] = [];
  /** Work of other threads that the running event started. The next event waits for it. */
  readonly #elsewhere = new Set<Promise<unknown>>();

  /** @param window milliseconds by which an event may be overtaken; with 0, every event runs exactly at its time */
  constructor(random: Random, now: number, window = WINDOW_MS) {
    this.random = random;
    this.now = now;
    this.#window = window;
  }

  /** Inserts an event in the order of time. */
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

  /** Removes the events of these owners. */
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

  /** Delays all other events until this work of another thread is finished. */
  awaitElsewhere<Result>(work: Promise<Result>): Promise<Result> {
    this.#elsewhere.add(work);
    const done = () => void this.#elsewhere.delete(work);
    work.then(done, done);
    return work;
  }

  /** Adds another line to the trace for the running event. */
  note(text: string): void {
    this.#write(`        ${text}`);
  }

  /**
   * Runs the next event.
   * @returns false if there is none
   */
  async next(): Promise<boolean> {
    const [first] = this.#waiting;
    if (first === undefined) return false;
    const horizon = Math.max(this.now, first.at) + this.#window;
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

  /** The hash of the whole run so far. In two runs with the same hash, the same things happened. */
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

/** Waits until no promise can continue: microtasks run before the event loop turns. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
