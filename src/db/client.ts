/**
 * The database handle. It always reads from the primary: a phone fetches seconds after the write, and with a replica
 * that is behind it would get a 304. It repeats reads after a transient error of D1.
 */
import { drizzle } from "drizzle-orm/d1";
import { repeatingReads } from "./repeating-reads.ts";

export { isUniqueViolation } from "./d1-errors.ts";

/** Drizzle over the D1 binding. It is cheap, so each request creates its own. */
export function openDatabase(binding: D1Database) {
  return drizzle(repeatingReads(binding));
}

export type Database = ReturnType<typeof openDatabase>;
