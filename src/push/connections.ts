/**
 * The connections that a Worker has, shared by all that wants one: who comes first is served first, and none is idle
 * while somebody waits.
 */

export type WithConnection = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** @param size how many may work at the same time */
export function shared(size: number): WithConnection {
  let free = size;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((served) => waiting.push(served));
    try {
      return await work();
    } finally {
      // Who waits takes the place over: nobody who comes now can slip in before.
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
