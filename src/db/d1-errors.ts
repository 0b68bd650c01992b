/**
 * The errors of D1: which of them are transient, which one means that a value exists already, and which text of them goes to
 * a client and to the log. Each is a DrizzleQueryError: Drizzle throws it for a query, and batch.ts for a batch.
 *
 * A transient error is normal operation of D1: its object moves to another machine, is updated, or loses a connection. The
 * statement may or may not have been executed. Follows Cloudflare's "Debug D1" and "Retry queries".
 */
import { DrizzleQueryError } from "drizzle-orm";
import { ApiError } from "../errors.ts";
import { loggable } from "../log-events.ts";

/** The same statement usually succeeds when it is sent again directly. */
const TRANSIENT = [
  /Network connection lost/,
  /reset because its code was updated/,
  /caused object to be reset/,
  /transient issue on remote node/,
];
/** Sending the statement again directly would make it worse, so the client has to wait. */
const OVERLOADED = /overloaded/;
export const RETRY_AFTER_SECONDS = 5;

/** Whether the statement may be sent again directly, if it may run twice (repeat.ts). */
export function isTransient(error: unknown): boolean {
  const message = messageOf(error);
  return TRANSIENT.some((expression) => expression.test(message));
}

/** Whether D1 refused a write because a unique value already exists, other than the mark of a request. */
export function isUniqueViolation(error: unknown): boolean {
  return messageOf(error).includes("UNIQUE constraint failed") && !isRepeatedRequest(error);
}

/** Whether D1 refused a batch because its request was already executed (requests.ts). */
export function isRepeatedRequest(error: unknown): boolean {
  return messageOf(error).includes("UNIQUE constraint failed: requests.");
}

/** The refusal for an error of D1 that means that it is not available. Undefined for every other error. */
export function asDatabaseUnavailable(error: unknown): ApiError | undefined {
  if (!(error instanceof DrizzleQueryError)) return undefined;
  if (!isTransient(error) && !OVERLOADED.test(messageOf(error))) return undefined;
  return databaseUnavailable(loggable(error));
}

/** The refusal of a request that may have been executed. @param cause for the log */
export function databaseUnavailable(cause: unknown): ApiError {
  return new ApiError(
    "database_unavailable",
    `The database does not respond at the moment. Send the request again after ${RETRY_AFTER_SECONDS} seconds. If it writes, it may have been executed.`,
    { headers: { "Retry-After": String(RETRY_AFTER_SECONDS) }, cause },
  );
}

/** The database's own message, without the statement and its parameters. */
export function messageOf(error: unknown): string {
  return String(loggable(error));
}
