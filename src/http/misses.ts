/**
 * Limits how often strangers can guess: links of passes, serial numbers in VoltMX's API, keys in the APIs of other systems,
 * and images for Google. Only misses are counted, by network: 60 a minute in each of Cloudflare's locations. Above that a
 * guess is answered 429 with Retry-After, and this isolate remembers the network for a minute, so that its guesses cost no
 * query.
 *
 * Many honest people may share a network with one stranger. So a request is never limited if it has the token of a pass
 * (phones), a valid API key, or a link that this service made (passes/web-token.ts, passes/bundle-link.ts). None of these
 * checks needs a query. /v1 and registered phones have no limiter at all.
 *
 * The trade-off: a link that an older version of Edgepass made can only be checked by a query. While the visitor's network
 * is limited, such a link is answered 429, because otherwise each guess would cost a query. Further requests do not extend
 * the minute, and the link works from every other network. The same is true of the image of a template, which also needs a
 * query.
 *
 * Follows RFC 6585 §4 (429) and RFC 9110 §10.2.3 (Retry-After).
 */

import { ApiError } from "../errors.ts";
import { logEvent } from "../log-events.ts";
import type { RequestContext } from "./context.ts";
import { networkOf } from "./network.ts";

/** What was guessed. Each kind is counted and limited by itself. */
export type Guess = "link" | "serial number" | "key" | "image";

const LIMITED_FOR_MS = 60_000;
const MAX_LIMITED = 5000;

/** The networks that are limited: guess and network → until when, in milliseconds. */
const limitedUntil = new Map<string, number>();

/** @throws ApiError too_many_misses while this isolate remembers that the network is limited */
export function refuseLimited(c: RequestContext, guess: Guess): void {
  const network = networkOf(c.req.raw);
  const until = limitedUntil.get(`${guess} ${network}`) ?? 0;
  const left = until - c.var.context.now;
  if (left > 0) throw tooManyMisses(left);
}

/**
 * Counts a miss. A limiter that fails limits nobody.
 * @throws ApiError too_many_misses if the network has reached the limit
 */
export async function countMiss(c: RequestContext, guess: Guess): Promise<void> {
  const network = networkOf(c.req.raw);
  if (network === undefined) return;
  if (await isWithinLimit(c.env.ANONYMOUS_LIMIT, `miss ${guess} ${network}`)) return;
  remember(`${guess} ${network}`, c.var.context.now + LIMITED_FOR_MS);
  throw tooManyMisses(LIMITED_FOR_MS);
}

/** Counts a request. A limiter that fails limits nobody. */
export async function isWithinLimit(limiter: RateLimit, key: string): Promise<boolean> {
  try {
    return (await limiter.limit({ key })).success;
  } catch (error) {
    logEvent("rate_limit_failed", { error });
    return true;
  }
}

function remember(key: string, until: number): void {
  const [oldest] = limitedUntil.keys();
  if (limitedUntil.size >= MAX_LIMITED && oldest !== undefined) limitedUntil.delete(oldest);
  limitedUntil.delete(key); // so that it becomes the newest
  limitedUntil.set(key, until);
}

function tooManyMisses(leftMs: number): ApiError {
  const seconds = Math.ceil(leftMs / 1000);
  return new ApiError(
    "too_many_misses",
    `Too many requests from this network asked for things that do not exist. Try again in ${seconds} seconds.`,
    { headers: { "Retry-After": String(seconds) } },
  );
}
