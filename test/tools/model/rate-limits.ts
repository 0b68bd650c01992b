/**
 * The rate limits of wrangler.toml: they count the keys of a period by themselves, and in bad weather they also refuse at
 * random, because the platform's are "permissive, eventually consistent". Follows Cloudflare's "Rate limiting binding".
 */
import { readFileSync } from "node:fs";
import type { Env } from "../../../src/config.ts";
import { configPath } from "../local/repository.ts";
import type { Faults } from "./faults.ts";
import type { Schedule } from "./schedule.ts";
import type { Stop } from "./world.ts";

/** The bindings of src/config.ts. */
export type RateLimits = Pick<Env, "ANONYMOUS_LIMIT" | "SHARED_LIMIT" | "LOCATION_LIMIT">;

const PERIOD_MS = 60_000;

const wranglerToml = readFileSync(configPath, "utf8");

export function createRateLimits(schedule: Schedule, faults: Faults, stop: Stop): RateLimits {
  const create = (name: keyof RateLimits): RateLimit => {
    const most = limitIn(name);
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
    ANONYMOUS_LIMIT: create("ANONYMOUS_LIMIT"),
    SHARED_LIMIT: create("SHARED_LIMIT"),
    LOCATION_LIMIT: create("LOCATION_LIMIT"),
  };
}

/** How often a key is allowed in a period. @throws Error if wrangler.toml does not say it */
function limitIn(name: keyof RateLimits): number {
  const [, limit] = new RegExp(`name = "${name}"[^[]*limit = (\\d+)`).exec(wranglerToml) ?? [];
  if (limit === undefined) throw new Error(`wrangler.toml has no limit for ${name}`);
  return Number(limit);
}
