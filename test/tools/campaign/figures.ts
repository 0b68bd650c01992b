/**
 * The arithmetic of a campaign: from what a sample of phones did in each second to a million phones.
 */

/**
 * The most D1 requests a second that a campaign should make on average. Cloudflare's "D1 limits": one database answers
 * about 1,000 a second if each takes 1 ms. A fifth is left for peaks and for everything else.
 */
export const D1_PER_SECOND = 800;

/** What happened in one second. */
export interface Second {
  /** Pushes that APNs answered. */
  readonly pushes: number;
  /** D1 requests of the phones' lists and fetches. */
  readonly phoneD1: number;
  /** D1 requests of the consumers of the push queue. */
  readonly pushD1: number;
}

/** In the first seconds the phones that were pushed first have not all asked yet (ASKS_AFTER_MS in phones.ts). */
const RAMP_SECONDS = 7;
/** At the end, some consumers have no more work. */
const CONSTANT_UNTIL = 0.9;

/**
 * The average second of the constant part: after the ramp, until nine tenths of the phones are pushed.
 * @throws Error if the sample is too small to have one
 */
export function constantRates(seconds: readonly Second[]): Second {
  const first = seconds.findIndex(({ pushes }) => pushes > 0);
  const constant = seconds.slice(first + RAMP_SECONDS, endOfConstantPart(seconds));
  if (first < 0 || constant.length === 0) throw new Error("The sample is too small: use more --phones.");
  const average = (what: keyof Second) => total(constant, what) / constant.length;
  return { pushes: average("pushes"), phoneD1: average("phoneD1"), pushD1: average("pushD1") };
}

function endOfConstantPart(seconds: readonly Second[]): number {
  let left = CONSTANT_UNTIL * total(seconds, "pushes");
  for (const [at, { pushes }] of seconds.entries()) {
    left -= pushes;
    if (left <= 0) return at;
  }
  return 0;
}

/** The greatest number of D1 requests in any second. */
export function peakD1(seconds: readonly Second[]): number {
  return Math.max(0, ...seconds.map(({ phoneD1, pushD1 }) => phoneD1 + pushD1));
}

/** Seconds from the change to the last push of the sample. */
export function lastPushAfter(seconds: readonly Second[]): number {
  return seconds.findLastIndex(({ pushes }) => pushes > 0) + 1;
}

/** Seconds until this many phones are pushed: those of the sample as measured, the others at the constant rate. */
export function secondsFor(phones: number, seconds: readonly Second[]): number {
  const more = phones - total(seconds, "pushes");
  return lastPushAfter(seconds) + more / constantRates(seconds).pushes;
}

/**
 * The greatest number of pushes a second, in whole tens, whose D1 requests stay at or below a limit.
 * @param each D1 requests for each phone that is pushed
 */
export function pushesWithin(limit: number, each: number): number {
  return Math.floor(limit / each / 10) * 10;
}

function total(seconds: readonly Second[], what: keyof Second): number {
  return seconds.reduce((sum, second) => sum + second[what], 0);
}
