/**
 * Time and random numbers in an isolate: Date and timers with the model's clock, Math with random numbers from the
 * seed. Isolates run on different machines, so the clock of each may be some seconds off. These replace the globals in
 * the bundled code (program.ts); the globals of the process do not change. Follows ECMA-262 §21.4 for Date, as far as
 * the current time is concerned, and §21.3.2.27 for Math.random.
 */
import type { Owner, Schedule, ScheduledEvent } from "./schedule.ts";

export interface Clock {
  readonly Date: DateConstructor;
  readonly Math: Math;
  readonly setTimeout: (work: () => void, milliseconds?: number) => object;
  readonly clearTimeout: (timer: object | undefined) => void;
  readonly setInterval: (work: () => void, milliseconds: number) => object;
  readonly clearInterval: (interval: object | undefined) => void;
}

/** Ends with the invocation that began it, as in workerd. */
interface Interval {
  next: ScheduledEvent;
}

/**
 * @param skew milliseconds that this clock is ahead
 * @param owner the owner of timers that are set now
 */
export function createClock(schedule: Schedule, skew: number, owner: () => Owner | undefined): Clock {
  const now = () => schedule.now + skew;
  class ModelDate extends Date {
    constructor(...given: [] | [value: number | string | Date]) {
      super(...((given.length === 0 ? [now()] : given) as [number]));
    }
    static override now(): number {
      return now();
    }
  }
  return {
    Date: ModelDate as DateConstructor,
    Math: Object.create(Math, { random: { value: () => schedule.random.next() } }),
    setTimeout(work, milliseconds = 0) {
      const run = () => {
        work();
        return undefined;
      };
      return schedule.at(schedule.now + milliseconds, "timer", run, owner());
    },
    clearTimeout(timer) {
      if (timer !== undefined) schedule.cancel(timer as ScheduledEvent);
    },
    setInterval(work, milliseconds) {
      const own = owner();
      const again = () => schedule.at(schedule.now + milliseconds, "interval", run, own);
      const run = () => {
        interval.next = again();
        work();
        return undefined;
      };
      const interval: Interval = { next: again() };
      return interval;
    },
    clearInterval(interval) {
      if (interval !== undefined) schedule.cancel((interval as Interval).next);
    },
  };
}
