/**
 * The context of a request, in `c.var.context` of every handler. app.ts sets it once; the authentication of each API then
 * sets the actor.
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

/** The parts of Hono's context that `createContext` needs. */
interface RequestParts {
  readonly env: Env;
  readonly executionCtx: Pick<ExecutionContext, "waitUntil">;
}

/**
 * Creates the context of a request that is not authenticated yet.
 * @throws ApiError not_configured
 */
export function createContext(request: RequestParts, now: number): Context {
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
