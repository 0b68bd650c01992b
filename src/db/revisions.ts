/**
 * Revisions of passes, templates and events: every write of an operator raises `revision` by one, and no request of a phone
 * does. A write may demand a revision, so that it does not replace what its client has not read.
 *
 * The condition is part of the batch. So within a batch, only the last write of a row may raise its revision.
 */
import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { ApiError } from "../errors.ts";
import { writeJson } from "../json.ts";
import { databaseUnavailable } from "./d1-errors.ts";

/** The row must have one of these revisions. Undefined: any. */
export type DemandedRevisions = readonly number[] | undefined;

/** SQL: whether the row has a demanded revision. */
export function hasRevision(column: SQLiteColumn, demanded: DemandedRevisions): SQL | undefined {
  if (demanded === undefined) return undefined;
  return sql`${column} IN (SELECT value FROM json_each(${writeJson(demanded)}))`;
}

/** A row as it was when the batch began. */
interface RowBefore {
  readonly revision: number;
  readonly updatedAt: number;
}

/** An attempt of a write. */
interface Attempt {
  readonly now: number;
  readonly wasRepeated: boolean;
}

/**
 * Whether the row had one of the revisions when the batch began, or has the time and the next revision of an earlier attempt
 * of this write, whose answer was lost. (If D1 fails, a write by another request in the same millisecond is mistaken for
 * that attempt.)
 */
export function hadRevision(
  revisions: readonly number[],
  { revision, updatedAt }: RowBefore,
  { now, wasRepeated }: Attempt,
): boolean {
  const isOwn = wasRepeated && revisions.includes(revision - 1) && updatedAt === now;
  return revisions.includes(revision) || isOwn;
}

/**
 * Throws if the row had no demanded revision when the batch began.
 * @throws ApiError precondition_failed, or database_unavailable if a lost attempt may have been executed
 */
export function refuseOtherRevision(demanded: DemandedRevisions, row: RowBefore, attempt: Attempt): void {
  if (demanded === undefined || hadRevision(demanded, row, attempt)) return;
  // The first attempt may have been written, and then something else after it.
  if (attempt.wasRepeated) throw databaseUnavailable(undefined);
  throw new ApiError(
    "precondition_failed",
    `The current revision is ${row.revision}. Read the resource, and send the request with its ETag.`,
    { extra: { revision: row.revision }, headers: { ETag: etagOf(row.revision) } },
  );
}

/** The ETag of a revision. */
export function etagOf(revision: number): string {
  return `"${revision}"`;
}
