/**
 * Changes of single fields of a template, by key. A section is an array, which a merge patch can only replace as a whole.
 */
import { ApiError } from "../errors.ts";
import { isObject, type JsonObject, memberOf, pointerTo } from "../json.ts";
import { mergePatch } from "../merge.ts";
import { didYouMean, findNearest } from "../pkpass/lint/nearest.ts";
import { SECTIONS, STYLES } from "../pkpass/schema/schema.ts";

/** Field key → a patch of the field (RFC 7396), or null, which removes the field. */
export type FieldChanges = Readonly<Record<string, JsonObject | null>>;

/**
 * Changes the fields where they are, in each style: posterGeneric and its fallback style may contain the same field.
 * @param pass pass.json of a template, not validated
 * @throws ApiError unknown_field
 */
export function changeFields(pass: unknown, changes: FieldChanges): unknown {
  if (!isObject(pass)) return pass;
  const known = new Set<string>();
  const change = (field: unknown): unknown[] => {
    const key = memberOf(field, "key");
    if (typeof key !== "string") return [field];
    known.add(key);
    const patch = Object.hasOwn(changes, key) ? changes[key] : undefined;
    if (patch === null) return [];
    return [patch === undefined ? field : mergePatch(field, patch)];
  };
  const changed: Record<string, unknown> = { ...pass };
  for (const style of STYLES) {
    const sections = pass[style];
    if (!isObject(sections)) continue;
    const changedSections: Record<string, unknown> = { ...sections };
    for (const section of SECTIONS) {
      const fields: unknown = sections[section];
      if (Array.isArray(fields)) changedSections[section] = fields.flatMap(change);
    }
    changed[style] = changedSections;
  }
  const unknown = Object.keys(changes).find((key) => !known.has(key));
  if (unknown !== undefined) throw unknownField(unknown, [...known]);
  return changed;
}

function unknownField(key: string, known: readonly string[]): ApiError {
  const nearest = didYouMean(findNearest(key, known));
  return new ApiError(
    "unknown_field",
    `The template has no field "${key}"${nearest} Its fields are: ${known.join(", ") || "none"}.`,
    { pointer: pointerTo(["values", key]) },
  );
}
