/**
 * The connections of a Worker, shared by all the work that needs one: first come, first served, and none is idle while
 * work waits.
 */

export type WithConnection = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** @param size how many pieces of work may run at the same time */
export function connectionPool(size: number): WithConnection {
  let free = size;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resume) => waiting.push(resume));
    try {
      return await work();
    } finally {
      // The connection is handed over directly, so work that arrives now cannot overtake what waits.
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
