/**
 * The database handle. It always reads the primary: a phone fetches seconds after the write, and a replica that is behind
 * would answer 304.
 */
import { DrizzleQueryError } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";

/** Drizzle over the D1 binding. It costs nothing, so each request opens its own. */
export function openDatabase(binding: D1Database) {
  return drizzle(binding);
}

export type Database = ReturnType<typeof openDatabase>;

/** Whether D1 refused a write because a unique value exists already. */
export function isUniqueViolation(error: unknown): boolean {
  return String(loggable(error)).includes("UNIQUE constraint failed");
}

/**
 * An error without secrets, for a log. The message of a failed query contains its parameters, and some of them are secrets
 * (push tokens, sealed keys, device identifiers). Of such an error only the database's own message is logged.
 */
export function loggable(error: unknown): unknown {
  return error instanceof DrizzleQueryError ? (error.cause ?? "a query failed") : error;
}
