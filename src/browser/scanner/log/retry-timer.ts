/**
 * When to try again. After each failure the delay doubles, up to a minute. It is partly random, so that the phones of a venue do not
 * come back at the same moment, and never shorter than Retry-After. Without a failure there is an attempt each minute, because another
 * tab may have been closed with scans that it has not sent.
 */
import type { Clock } from "./clock.ts";

export interface RetryTimer {
  /** False while Retry-After says to wait. */
  mayTry(): boolean;
  succeeded(): void;
  failed(retryAfterMs: number): void;
  /** The next attempt would fail too until something changes, so no timer runs. */
  failedWithoutRetry(): void;
  /** Forgets earlier failures, and starts no timer. */
  reset(): void;
  /** Ends the timer, and starts no other one. */
  stop(): void;
}

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 60_000;

/** @param retry called when it is time */
export function createRetryTimer(after: Clock["after"], random: () => number, retry: () => void): RetryTimer {
  let failures = 0;
  /** A flag and not a time of day: phones often set their clock when the network is back, and a clock set back would delay everything. */
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
