/**
 * The connections of a Worker, shared by all work that needs one. Work gets a connection in the order in which it asks,
 * and no connection is idle while work waits.
 */

export type WithConnection = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** The number of connections that a Worker has for fetch, R2 and queues together. */
const CONNECTIONS = 6;

/** @param size how many tasks may run at the same time */
export function connectionPool(size = CONNECTIONS): WithConnection {
  let free = size;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resume) => waiting.push(resume));
    try {
      return await work();
    } finally {
      // The connection is handed over directly, so new work cannot overtake waiting work.
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
