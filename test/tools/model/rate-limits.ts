/**
 * The rate limits of wrangler.toml: they count the keys of a period by themselves, and in bad weather they also refuse at
 * random, because the platform's are "permissive, eventually consistent". Follows Cloudflare's "Rate limiting binding".
 */
import type { Env } from "../../../src/config.ts";
import type { Faults } from "./faults.ts";
import type { Schedule } from "./schedule.ts";
import type { Stop } from "./world.ts";

/** How often a key is allowed in a period, by binding. */
export const RATE_LIMITS = {
  ANONYMOUS_LIMIT: 60,
  SHARED_LIMIT: 300,
  LOCATION_LIMIT: 3000,
} as const satisfies Partial<Record<keyof Env, number>>;

const PERIOD_MS = 60_000;

export function createRateLimits(
  schedule: Schedule,
  faults: Faults,
  stop: Stop,
): Record<keyof typeof RATE_LIMITS, RateLimit> {
  const create = (most: number): RateLimit => {
    let period = 0;
    let counts = new Map<string, number>();
    const count = (key: string) => {
      const now = Math.floor(schedule.now / PERIOD_MS);
      if (now !== period) counts = new Map();
      period = now;
      const next = (counts.get(key) ?? 0) + 1;
      counts.set(key, next);
      return next;
    };
    return {
      limit: ({ key }) =>
        stop("limit", "limit", () => ({ success: count(key) <= most && !faults.accident(0.1) })),
    };
  };
  return {
    ANONYMOUS_LIMIT: create(RATE_LIMITS.ANONYMOUS_LIMIT),
    SHARED_LIMIT: create(RATE_LIMITS.SHARED_LIMIT),
    LOCATION_LIMIT: create(RATE_LIMITS.LOCATION_LIMIT),
  };
}
