/**
 * Writes from devices that send no token: logs and lifecycle states. Anyone can send them, so their size and rate are
 * limited, no code relies on them, and the response is always 200: an iPhone would repeat a request that failed.
 */
import { expandIPv6 } from "hono/utils/ipaddr";
import { loggable } from "../db/client.ts";
import { ApiError } from "../errors.ts";
import { jsonBody, readBody } from "../http/body.ts";
import type { RequestContext } from "../http/context.ts";
import { parseRounded } from "../json.ts";
import { PARSED } from "../memory.ts";

/** @returns the JSON of the body; undefined if it is too large or cannot be parsed */
export async function parseOptionalJson(c: RequestContext, maxBytes: number): Promise<unknown> {
  try {
    return jsonBody(await readBody(c, maxBytes), PARSED.values, parseRounded);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/**
 * Runs the write unless this key has reached its rate limit. A failure is only logged, because after an error response
 * each phone would send the same again, to a database that is already down.
 */
export async function writeWithinRate(
  limiter: RateLimit,
  key: string,
  write: () => Promise<void>,
): Promise<void> {
  try {
    const { success } = await limiter.limit({ key });
    if (success) await write();
  } catch (error) {
    console.error(JSON.stringify({ event: "unauthenticated_write_failed", error: String(loggable(error)) }));
  }
}

/**
 * The network that an IP address belongs to, as a key for a rate limit: an IPv4 address itself, the first 64 bits of an
 * IPv6 address. One subscriber can choose the other 64 bits freely (RFC 4291 §2.5.1).
 */
export function toNetwork(address: string): string {
  if (!address.includes(":")) return address;
  // Only a malformed address has more groups, and expandIPv6 would throw.
  const groups = address.toLowerCase().split(":").slice(0, 9).join(":");
  return expandIPv6(groups).split(":").slice(0, 4).join(":");
}
