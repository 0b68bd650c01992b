/**
 * Rate limits for tests, in place of those of wrangler.toml: they count forever, so that no period ends during a test.
 */
import type { Env } from "../../src/config.ts";

/** Allows each key that often. @param asked receives the keys */
export function limitOf(most: number, asked: string[] = []): RateLimit {
  const counts = new Map<string, number>();
  return {
    limit: async ({ key }) => {
      asked.push(key);
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return { success: (counts.get(key) ?? 0) <= most };
    },
  };
}

/** Every rate limit of the Worker. */
export type RateLimits = Pick<Env, "ANONYMOUS_LIMIT" | "SHARED_LIMIT" | "LOCATION_LIMIT">;

/** All of them refuse everything. */
export const REACHED: RateLimits = {
  ANONYMOUS_LIMIT: limitOf(0),
  SHARED_LIMIT: limitOf(0),
  LOCATION_LIMIT: limitOf(0),
};
