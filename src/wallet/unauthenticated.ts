/**
 * Writes from devices that send no token: logs and lifecycle states. Anyone can send them, so their size and rate are
 * limited, no code relies on them, and the response is always 200: an iPhone would repeat a request that failed.
 */
import { ApiError } from "../errors.ts";
import { jsonBody, readBody } from "../http/body.ts";
import type { RequestContext } from "../http/context.ts";
import { parseRounded } from "../json.ts";
import { logEvent } from "../log-events.ts";
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

/** One rate limit: how often a key is allowed. */
export interface Limit {
  readonly limiter: RateLimit;
  readonly key: string;
}

/**
 * Runs the write unless one of the limits is reached. The limits are checked in order, so a network that has reached its own
 * limit does not use up the limit that all networks share. A failure is only logged: after an error response, each phone
 * would repeat its request while the database is down.
 */
export async function writeWithinRate(limits: readonly Limit[], write: () => Promise<void>): Promise<void> {
  try {
    for (const { limiter, key } of limits) {
      if (!(await limiter.limit({ key })).success) return;
    }
    await write();
  } catch (error) {
    logEvent("unauthenticated_write_failed", { error });
  }
}
