/**
 * External ids: names that an operator's own system gives to rows. A unique index ensures that only one row has each of
 * them.
 */
import { and, eq, ne, type SQL } from "drizzle-orm";
import { ApiError } from "../errors.ts";
import { type Database, isUniqueViolation } from "./client.ts";
import type { events, passes, templates } from "./schema.ts";

/**
 * The result of a write. Only its externalId can violate a unique index.
 * @param owner describes the row that may have it, such as "Another event of this project"
 * @throws ApiError external_id_taken
 */
export async function refuseTakenExternalId<Result>(
  write: Promise<Result>,
  owner: string,
  externalId: string | null | undefined,
): Promise<Result> {
  try {
    return await write;
  } catch (error) {
    throw isUniqueViolation(error) ? externalIdTaken(owner, externalId) : error;
  }
}

/** The refusal for an externalId that another row has. @param owner as for refuseTakenExternalId */
export function externalIdTaken(owner: string, externalId: string | null | undefined): ApiError {
  return new ApiError("external_id_taken", `${owner} has the externalId "${externalId}".`, {
    pointer: "/externalId",
  });
}

interface ChangedExternalId {
  /** The id of the changed row. */
  readonly id: number;
  readonly externalId: string | null | undefined;
  /** SQL: the rows among which the externalId must be unique. */
  readonly among: SQL;
}

/** Statement for a dry run: the other row that has the externalId. Undefined if the change sets none. */
export function selectTaken(
  db: Database,
  table: typeof passes | typeof templates | typeof events,
  { id, externalId, among }: ChangedExternalId,
) {
  if (typeof externalId !== "string") return undefined;
  return db
    .select({ id: table.id })
    .from(table)
    .where(and(among, eq(table.externalId, externalId), ne(table.id, id)));
}
