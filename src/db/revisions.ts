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

/** A double has 53 bits for whole numbers. */
const EXACT_HIGH = 2 ** 21;

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
  readonly writeId: number | null;
}

/** An attempt of a write. `writeId` is that of the request. */
interface Attempt {
  readonly writeId: number;
  readonly wasRepeated: boolean;
}

/**
 * A number that no other request has. Every write that raises a revision leaves it in the row, so the row shows whether an attempt
 * was executed whose answer was lost. Time and content cannot show it: another request may write the same in the same millisecond.
 */
export function newWriteId(): number {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return (high % EXACT_HIGH) * 2 ** 32 + low;
}

/** Whether an earlier attempt was executed, its answer was lost, and nothing has written the row since. */
export function isOwnWrite(
  row: Pick<RowBefore, "writeId"> | undefined,
  attempt: Attempt | undefined,
): boolean {
  return attempt?.wasRepeated === true && row?.writeId === attempt.writeId;
}

/** Whether the row had one of the revisions when the batch began, or has one from an earlier attempt. */
export function hadRevision(
  revisions: readonly number[],
  row: RowBefore,
  attempt: Attempt | undefined,
): boolean {
  return revisions.includes(row.revision) || isOwnWrite(row, attempt);
}

/**
 * Throws if the row had no demanded revision when the batch began.
 * @param attempt undefined if nothing was written
 * @throws ApiError precondition_failed, or database_unavailable if a lost attempt may have been executed
 */
export function refuseOtherRevision(demanded: DemandedRevisions, row: RowBefore, attempt?: Attempt): void {
  if (demanded === undefined || hadRevision(demanded, row, attempt)) return;
  // An earlier attempt may have been executed, and then something else after it.
  const leavesRoom = demanded.some((revision) => revision + 1 < row.revision);
  if (attempt?.wasRepeated && leavesRoom) throw databaseUnavailable(undefined);
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
