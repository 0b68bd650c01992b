/**
 * Limits how often a network guesses API keys of the dialects: an unknown key is answered 401, and above the limit 429. The
 * right key is never limited, so a scanner works even if a stranger shares its address. A request without a key is always
 * answered 401: that is how clients are asked for one (RFC 9110 §11.6.1).
 */
import type { LegacyAuthorization } from "../config.ts";
import type { RequestContext } from "../http/context.ts";
import { countMiss } from "../http/misses.ts";
import { authenticateLegacy } from "./legacy-keys.ts";

/** Sets the principal in the context. @throws ApiError unauthorized or too_many_misses */
export async function authenticateWithinRate(
  c: RequestContext,
  apiToken: string | undefined,
  way: LegacyAuthorization,
): Promise<void> {
  const request = c.req.raw;
  try {
    const { context } = c.var;
    const waitUntil = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
    const principal = await authenticateLegacy({ request, apiToken }, way, { ...context, waitUntil });
    c.set("context", { ...context, ...principal });
  } catch (error) {
    if (request.headers.has("authorization") || apiToken !== undefined) await countMiss(c, "key");
    throw error;
  }
}
