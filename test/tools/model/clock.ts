/**
 * What an isolate takes for the time and for chance: Date and timers over the model's clock, Math with the seed's numbers. Isolates run on different machines, so
 * each may be some seconds off. Handed to the bundled code in place of the globals (program.ts); the process's own stay.
 *
 * Follows ECMA-262 §21.4 for Date, as far as the present moment matters, and §21.3.2.27 for Math.random.
 */
import type { Owner, Schedule } from "./schedule.ts";

export interface Clock {
  readonly Date: DateConstructor;
  readonly Math: Math;
  readonly setTimeout: (work: () => void, milliseconds?: number) => object;
  readonly clearTimeout: (timer: object | undefined) => void;
}

/**
 * @param skew milliseconds that this clock is ahead
 * @param owner to whom a timer that is set now belongs
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
      if (timer !== undefined) schedule.cancel(timer as Parameters<Schedule["cancel"]>[0]);
    },
  };
}
