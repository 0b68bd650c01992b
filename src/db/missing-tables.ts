/**
 * Detects a database that does not fit the Worker: it has no tables yet, or lacks a migration, or the Worker was rolled
 * back to a version before one. D1 reports this with SQLite's own messages, which name the table or the column.
 */
import { sql } from "drizzle-orm";
import { ApiError } from "../errors.ts";
import type { Database } from "./client.ts";
import { messageOf } from "./d1-errors.ts";
import { passes } from "./schema.ts";

const MISSING = /\bno such (?:table|column|index): [\w.]+|\btable \w+ has no column named \w+/;

/** SQLite's words for the table or column that is missing. Undefined for every other error. */
export function missingPart(error: unknown): string | undefined {
  return MISSING.exec(messageOf(error))?.[0];
}

/**
 * The error for the client and the log, if a query failed because a table or a column is missing.
 * @param command applies the migrations
 */
export function notMigrated(error: unknown, command: string): ApiError | undefined {
  const missing = missingPart(error);
  if (missing === undefined) return undefined;
  return new ApiError(
    "not_migrated",
    `The database has no tables yet, or the tables of another version (${missing}). In the folder of the newest version, run: ${command}. If it finds nothing to apply, the Worker is older than the database: deploy the newest version.`,
  );
}

/** For a page that needs no table, but is the first that an operator opens. @throws D1's error if there are no tables */
export async function demandTables(db: Database): Promise<void> {
  await db.run(sql`SELECT 1 FROM ${passes} LIMIT 0`);
}
