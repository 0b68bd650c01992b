/**
 * What one pass says of its template's fields. Edgepass's own, and no part of pass.json.
 */
import * as z from "zod";

/** What one pass says is bounded, so that all fields of a pass together fit into a row of D1 (2 MB). */
export const overridingValue = z.union([z.string().max(4000), z.number()]);

/** What one pass says of a field: the value alone, or any of the three. */
export const fieldOverride = z.strictObject({
  value: overridingValue.optional(),
  label: z.string().max(500).optional(),
  changeMessage: z.string().max(500).optional(),
});
export type FieldOverride = z.infer<typeof fieldOverride>;
/** A change of it: what is absent stays, null removes. */
export type FieldPatch = { readonly [Key in keyof FieldOverride]?: FieldOverride[Key] | null };
export type FieldOverrides = Readonly<Record<string, FieldOverride>>;
