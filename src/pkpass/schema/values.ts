/**
 * The values that one pass sets in its template's fields. This is part of Edgepass's API, not of pass.json.
 */
import * as z from "zod";
import { MAX_CHARACTERS } from "../../limits.ts";
import { exactNumber } from "./exact-number.ts";

const text = z.string().max(MAX_CHARACTERS.fieldText);

export const overridingValue = z.union([text, exactNumber()]);

/** The value that one pass sets in one field. */
export const fieldOverride = z.strictObject({
  value: overridingValue.optional(),
  label: text.optional(),
  changeMessage: text.optional(),
  /** Whether the field is left out of the pass. An event may hide a field, and a pass of it may show the field again. */
  hidden: z.boolean().optional(),
});
export type FieldOverride = z.infer<typeof fieldOverride>;
/** A change of an override (RFC 7396): absent keys stay unchanged, and null removes a key. */
export const fieldPatch = z.strictObject({
  value: overridingValue.nullable().optional(),
  label: text.nullable().optional(),
  changeMessage: text.nullable().optional(),
  hidden: z.boolean().nullable().optional(),
});
export type FieldPatch = z.infer<typeof fieldPatch>;
export type FieldOverrides = Readonly<Record<string, FieldOverride>>;
