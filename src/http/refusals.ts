/**
 * Which errors are refusals with a code of errors.ts. Every other error is a bug, which is answered with 500.
 */
import type { Context } from "hono";
import { type Env, migrateCommand } from "../config.ts";
import {
  asDatabaseUnavailable,
  isRepeatedRequest,
  isTransient,
  RETRY_AFTER_SECONDS,
} from "../db/d1-errors.ts";
import { notMigrated } from "../db/missing-tables.ts";
import { ApiError, logServerError } from "../errors.ts";
import { logEvent, loggable } from "../log-events.ts";
import type { AppEnv } from "./context.ts";

/** The refusal for any error that a handler has thrown. What the operator should know is logged. */
export function refusalForAny(error: unknown, { env, req }: Pick<Context<AppEnv>, "env" | "req">): ApiError {
  const refusal = refusalOf(error, env);
  if (refusal !== undefined) {
    logServerError(refusal);
    return refusal;
  }
  // An unexpected error goes to the log, not to the client. The URL is not logged: some contain a secret.
  const fault = loggable(error);
  const stack = fault instanceof Error ? fault.stack : undefined;
  logEvent("unexpected_error", { method: req.method, error, stack });
  return new ApiError("internal_error", "Edgepass failed. The log of the Worker has the error.");
}

/** The refusal for an error that a handler has thrown. Undefined for an unexpected error. */
export function refusalOf(error: unknown, env: Env): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (isRepeatedRequest(error)) return executedTwice();
  return asDatabaseUnavailable(error) ?? notMigrated(error, migrateCommand(env)) ?? serviceUnavailable(error);
}

/**
 * Usually the repeat is answered like the first request. This refusal is sent only if the mark of the first request no
 * longer exists.
 */
function executedTwice(): ApiError {
  return new ApiError(
    "changed_meanwhile",
    "Another request with this Idempotency-Key was executed at the same time. Send this request again.",
  );
}

/** R2 and the queues lose connections as D1 does, with the same words. */
function serviceUnavailable(error: unknown): ApiError | undefined {
  if (!isTransient(error)) return undefined;
  return new ApiError(
    "service_unavailable",
    `R2 or a queue does not respond at the moment. Send the request again after ${RETRY_AFTER_SECONDS} seconds. If it writes, it may have been executed.`,
    { headers: { "Retry-After": String(RETRY_AFTER_SECONDS) }, cause: error },
  );
}
