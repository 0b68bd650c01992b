/**
 * External ids: names that an operator's own system gives to rows. A unique index keeps each of them to one row.
 */
import { ApiError } from "../errors.ts";
import { isUniqueViolation } from "./client.ts";

/**
 * The result of a write in which only the externalId can be taken.
 * @param owner what may have it instead, as in "Another event of this project"
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
