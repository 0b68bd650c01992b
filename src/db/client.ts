/**
 * The database handle. It always reads from the primary: a phone fetches seconds after the write, and with a replica
 * that is behind it would get a 304.
 */
import { drizzle } from "drizzle-orm/d1";
import { loggable } from "../log-events.ts";

/** Drizzle over the D1 binding. It is cheap, so each request creates its own. */
export function openDatabase(binding: D1Database) {
  return drizzle(binding);
}

export type Database = ReturnType<typeof openDatabase>;

/** Whether D1 refused a write because a unique value already exists. */
export function isUniqueViolation(error: unknown): boolean {
  return String(loggable(error)).includes("UNIQUE constraint failed");
}
