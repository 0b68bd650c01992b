/**
 * External ids: names that an operator's own system gives to rows. A unique index ensures that only one row has each of
 * them.
 */
import { ApiError } from "../errors.ts";
import { isUniqueViolation } from "./client.ts";

/**
 * The result of a write in which only the externalId can be taken.
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
