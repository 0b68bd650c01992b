/**
 * When to try again: after a failure later and later, up to a minute, with chance so that the phones of a venue do not come back at
 * the same moment; never before the time of Retry-After; and each minute also without a failure, because the tab that left something
 * may be closed.
 */
import type { Clock } from "./clock.ts";

export interface RetryTimer {
  /** False while Retry-After says to wait. */
  mayTry(): boolean;
  succeeded(): void;
  failed(retryAfterMs: number): void;
  /** It failed, and will again until something changes. So no timer runs. */
  failedWithoutRetry(): void;
  /** As after a success, without a timer. */
  reset(): void;
  /** For good: no timer starts again. */
  stop(): void;
}

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 60_000;

/** @param retry called when it is time */
export function createRetryTimer(after: Clock["after"], random: () => number, retry: () => void): RetryTimer {
  let failures = 0;
  /** No time of day: the network that is back often sets the clock, and a clock that is set back would delay everything. */
  let hasToWait = false;
  let isStopped = false;
  let cancel = () => {};
  const start = (ms: number) => {
    cancel();
    if (isStopped) return;
    cancel = after(ms, () => {
      hasToWait = false;
      retry();
    });
  };
  const reset = () => {
    failures = 0;
    hasToWait = false;
    cancel();
  };
  return {
    mayTry: () => !hasToWait,
    succeeded() {
      reset();
      start(LONGEST_DELAY_MS);
    },
    failed(retryAfterMs) {
      const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures) * (0.5 + random() / 2);
      failures += 1;
      hasToWait = retryAfterMs > 0;
      start(Math.max(retryAfterMs, delay));
    },
    failedWithoutRetry() {
      hasToWait = false;
      cancel();
    },
    reset,
    stop() {
      isStopped = true;
      cancel();
    },
  };
}
