/**
 * Merges a change into the overrides of a pass or an event, inside the statement that writes them, so that two changes of
 * different keys at the same time both take effect.
 *
 * An object in the change may be partial, if the layer has the rest of it: `{"nfc": {"message": "42"}}` needs a stored
 * encryptionPublicKey. So the write has a condition.
 */
import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { ApiError } from "../errors.ts";
import { type Json, memberOf, parseJson, pointerTo, writeJson } from "../json.ts";
import { mergePatch } from "../merge.ts";
import { pairBarcodes } from "../pkpass/build/barcodes.ts";
import { findAbsentMembers, type PassOverrides, type PassPatch } from "../pkpass/schema/schema.ts";

/** SQL: the overrides in the column after the change. Absent: no change. */
export function patchedOverrides(column: SQLWrapper, patch: PassPatch | undefined): SQL {
  return patch === undefined ? sql`${column}` : sql`json_patch(${column}, ${writeJson(pairBarcodes(patch))})`;
}

/** SQL: whether each object in the overrides is whole after the change. Undefined if the change cannot leave one partial. */
export function areWhole(patched: SQL, patch: PassPatch | undefined): SQL | undefined {
  const absent = findAbsentMembers(patch ?? {});
  if (absent.length === 0) return undefined;
  const paths = absent.map((path) => ["$", ...path].join("."));
  return sql`NOT EXISTS (SELECT 1 FROM json_each(${writeJson(paths)}) AS path
    WHERE json_type(${patched}, path.value) IS NULL)`;
}

/**
 * Throws if the change makes an object partial.
 * @param stored the overrides before or after it
 * @throws ApiError invalid_pass
 */
export function refusePartial(stored: Json<PassOverrides>, patch: PassPatch | undefined): void {
  if (patch === undefined) return;
  const merged = mergePatch(parseJson(stored), patch);
  for (const path of findAbsentMembers(patch)) {
    if (path.reduce((value, key) => memberOf(value, String(key)), merged) !== undefined) continue;
    throw new ApiError(
      "invalid_pass",
      `"pass.${path.join(".")}" is missing. Send it too: this pass or event has not stored it.`,
      { pointer: pointerTo(["pass", ...path]) },
    );
  }
}
