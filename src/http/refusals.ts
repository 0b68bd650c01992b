/**
 * Which errors are refusals with a code of errors.ts. Every other error is a bug, which app.ts answers with 500.
 */
import { type Env, migrateCommand } from "../config.ts";
import { toRefusal } from "../db/d1-errors.ts";
import { notMigrated } from "../db/missing-tables.ts";
import type { ApiError } from "../errors.ts";

/** The refusal for an error that a handler has thrown. Undefined for an unexpected error. */
export function refusalOf(error: unknown, env: Env): ApiError | undefined {
  return toRefusal(error) ?? notMigrated(error, migrateCommand(env));
}
