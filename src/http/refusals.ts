/**
 * Which errors are refusals with a code of errors.ts. Every other error is a bug, which app.ts answers with 500.
 */
import { type Env, migrateCommand } from "../config.ts";
import {
  asDatabaseUnavailable,
  isRepeatedRequest,
  isTransient,
  RETRY_AFTER_SECONDS,
} from "../db/d1-errors.ts";
import { notMigrated } from "../db/missing-tables.ts";
import { ApiError } from "../errors.ts";

/** The refusal for an error that a handler has thrown. Undefined for an unexpected error. */
export function refusalOf(error: unknown, env: Env): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (isRepeatedRequest(error)) return executedTwice();
  return asDatabaseUnavailable(error) ?? notMigrated(error, migrateCommand(env)) ?? serviceUnavailable(error);
}

/** Usually the repeat is answered like the first request. This is sent only if the mark of that one cannot be found any more. */
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
