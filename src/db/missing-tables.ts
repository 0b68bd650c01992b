/**
 * Detects a database that lacks migrations: it has no tables yet, or it is older than the Worker. D1 reports this with
 * SQLite's own messages, which name the table or the column.
 */
import { ApiError } from "../errors.ts";
import { loggable } from "./client.ts";

const MISSING = /\bno such (?:table|column|index): [\w.]+|\btable \w+ has no column named \w+/;

/** SQLite's words for the table or column that is missing. Undefined for every other error. */
export function missingPart(error: unknown): string | undefined {
  return MISSING.exec(String(loggable(error)))?.[0];
}

/**
 * The error for the client and the log, if a query failed because the database lacks a migration.
 * @param command applies the migrations
 */
export function notMigrated(error: unknown, command: string): ApiError | undefined {
  const missing = missingPart(error);
  if (missing === undefined) return undefined;
  return new ApiError(
    "not_migrated",
    `The database has no tables yet, or is older than the Worker (${missing}). In the folder of the version that is deployed, run: ${command}`,
  );
}
