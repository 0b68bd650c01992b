/**
 * Answers monitors: whether there is an error that the operator has to cure. Anybody may ask, so the answer has no detail,
 * and an isolate computes it at most every 15 seconds.
 */
import { type Env, readConfig } from "../config.ts";
import { openDatabase } from "../db/client.ts";
import { logEvent } from "../log-events.ts";
import { findErrors } from "./check.ts";

const COMPUTED_EVERY_MS = 15_000;

interface Known {
  /** When it was computed, or when a request began to compute it again. */
  startedAt: number;
  isHealthy: boolean;
}

/** An isolate gets the same environment object with every request. */
const knownByEnv = new WeakMap<Env, Known>();

/**
 * Whether nothing needs the operator urgently: the settings are complete, the tables exist, pushes get out, the cron trigger
 * runs, and there is no other finding with the severity error. Never throws: if D1 fails, it is false.
 */
export async function isHealthy(env: Env, now: number): Promise<boolean> {
  const known = knownByEnv.get(env);
  if (known !== undefined && Math.abs(now - known.startedAt) < COMPUTED_EVERY_MS) return known.isHealthy;
  // Requests that arrive meanwhile get the previous result. Only the first ones of an isolate have none.
  if (known !== undefined) known.startedAt = now;
  const computed = { startedAt: now, isHealthy: await compute(env, now) };
  knownByEnv.set(env, computed);
  return computed.isHealthy;
}

async function compute(env: Env, now: number): Promise<boolean> {
  try {
    const errors = await findErrors(openDatabase(env.DB), readConfig(env), now);
    return errors.length === 0;
  } catch (error) {
    logEvent("healthz_failed", { error });
    return false;
  }
}
