/**
 * What the sender needs of time. The browser's is in start-sender.ts; tests give their own.
 */
export interface Clock {
  readonly now: () => number;
  /** @returns a function that cancels it */
  readonly after: (ms: number, callback: () => void) => () => void;
}
