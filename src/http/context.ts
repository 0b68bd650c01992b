/**
 * The context of a request, in `c.var.context` of every handler. app.ts sets it once; the authentication of each API then
 * sets the actor.
 */
import { announceAll } from "../changes/announce-all.ts";
import { announce } from "../changes/outbox.ts";
import { type Env, readConfig } from "../config.ts";
import type { Context } from "../context.ts";
import { openDatabase } from "../db/client.ts";
import { newWriteId } from "../db/revisions.ts";
import { wakeGoogleReaders } from "../google-sync/messages.ts";
import { sendChangeJob, sendChangeJobs } from "../push/messages.ts";

export interface AppEnv {
  Bindings: Env;
  Variables: {
    context: Context;
    /** Aborts the upload when its time is over (heavy-body.ts). Its reason is an ApiError. */
    upload?: AbortSignal;
  };
}

/** The parts of Hono's context that `createContext` needs. */
interface Invocation {
  readonly env: Env;
  readonly executionCtx: Pick<ExecutionContext, "waitUntil">;
}

/** Hono's context of a request, whatever a route's own variables are. */
export interface RequestContext extends Invocation {
  readonly req: { readonly raw: Request };
  readonly var: Readonly<AppEnv["Variables"]>;
  set<Name extends keyof AppEnv["Variables"]>(name: Name, value: AppEnv["Variables"][Name]): void;
}

/**
 * Creates the context of a request that is not authenticated yet.
 * @throws ApiError not_configured
 */
export function createContext({ env, executionCtx }: Invocation, now: number): Context {
  const config = readConfig(env);
  const { DB, BUCKET, PUSH_QUEUE, GOOGLE_QUEUE } = env;
  const db = openDatabase(DB);
  return {
    db,
    bucket: BUCKET,
    config,
    actor: "anonymous",
    role: undefined,
    scope: undefined,
    key: undefined,
    now,
    writeId: newWriteId(),
    announce(change) {
      if (change === undefined) return;
      const wake = wakeGoogleReaders(GOOGLE_QUEUE);
      executionCtx.waitUntil(announce(db, sendChangeJob(PUSH_QUEUE), change, now, wake));
    },
    announceAll(changes) {
      if (changes.length === 0) return;
      const wake = wakeGoogleReaders(GOOGLE_QUEUE);
      executionCtx.waitUntil(announceAll(db, sendChangeJobs(PUSH_QUEUE), changes, now, wake));
    },
  };
}

/**
 * Sets the time of the request when its body has arrived. The time of a change must not be earlier than its write, because a
 * client that sends the time of its last download as If-Modified-Since would never get the change.
 */
export function restartClock(c: RequestContext, now: number): void {
  const { actor, role, scope, key, request } = c.var.context;
  c.set("context", { ...createContext(c, now), actor, role, scope, key, request });
}
