/**
 * The ids of passes in the body of a request: `passIds`.
 */
import { ApiError } from "../errors.ts";
import { pointerTo } from "../json.ts";

/** @throws ApiError duplicate_pass, with a pointer to the id */
export function refuseRepeatedIds(passIds: readonly number[]): void {
  const known = new Set<number>();
  for (const [at, id] of passIds.entries()) {
    if (known.has(id))
      throw new ApiError("duplicate_pass", `passIds contains ${id} more than once. Send each id once.`, {
        pointer: pointerTo(["passIds", at]),
      });
    known.add(id);
  }
}
