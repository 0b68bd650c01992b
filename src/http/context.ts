/**
 * The context of a request: what every handler finds in `c.var`. app.ts sets it once; whoever checks a key then names who
 * acts.
 */
import { announce } from "../changes/outbox.ts";
import { type Env, readConfig } from "../config.ts";
import type { Context } from "../context.ts";
import { openDatabase } from "../db/client.ts";
import { sendChangeJob } from "../push/messages.ts";

export interface AppEnv {
  Bindings: Env;
  Variables: { context: Context };
}

/** What `createContext` needs of Hono's context. */
interface Request {
  readonly env: Env;
  readonly executionCtx: Pick<ExecutionContext, "waitUntil">;
}

/**
 * The context of a request from nobody in particular.
 * @throws ApiError not_configured
 */
export function createContext(request: Request, now: number): Context {
  const { DB, BUCKET, PUSH_QUEUE } = request.env;
  const db = openDatabase(DB);
  return {
    db,
    bucket: BUCKET,
    config: readConfig(request.env),
    actor: "anonymous",
    now,
    announce(change) {
      if (change === undefined) return;
      request.executionCtx.waitUntil(announce(db, sendChangeJob(PUSH_QUEUE), change, now));
    },
  };
}
