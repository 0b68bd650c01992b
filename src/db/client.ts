/**
 * The database handle that rooms take. Always the primary: a phone fetches seconds after the write, and a replica
 * that lags would answer it 304.
 */
import { DrizzleQueryError } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import * as schema from "./schema.ts";

/** Drizzle over the D1 binding. Costs nothing: one for each request. */
export function openDatabase(binding: D1Database) {
  return drizzle(binding, { schema });
}

export type Database = ReturnType<typeof openDatabase>;

/** Whether D1 refused a write because a unique value is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return String(loggable(error)).includes("UNIQUE constraint failed");
}

/**
 * An error as a log may hold it. The message of a failed query carries its parameters, and some of these are secrets
 * (push tokens, sealed keys, what a phone is known by): so of such a failure only what the database said.
 */
export function loggable(error: unknown): unknown {
  return error instanceof DrizzleQueryError ? (error.cause ?? "a query failed") : error;
}
