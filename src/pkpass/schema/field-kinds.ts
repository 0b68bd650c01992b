/**
 * The kinds of value that the fields of a template demand (field-kind.ts), and the first value that does not fit.
 *
 * Pure. Follows Apple's "PassFieldContent".
 */
import { type FieldKind, fieldKind, fits } from "../field-kind.ts";
import { fieldsOf } from "./fields.ts";
import type { TemplatePass } from "./pass.ts";
import type { FieldPatch } from "./values.ts";

export { type FieldKind, fieldKind, fits } from "../field-kind.ts";

/**
 * Field key → kind, for all fields of a template. When posterGeneric and the classic style share a key, the value must
 * fit the stricter of the two.
 */
export function fieldKinds(pass: TemplatePass): Record<string, FieldKind> {
  const kinds = new Map<string, FieldKind>();
  for (const { field } of fieldsOf(pass)) {
    if ((kinds.get(field.key) ?? "text") === "text") kinds.set(field.key, fieldKind(field));
  }
  return Object.fromEntries(kinds);
}

export type ValueFault =
  | { readonly fault: "unknown_field"; readonly key: string; readonly known: readonly string[] }
  | { readonly fault: "value_does_not_fit"; readonly key: string; readonly kind: FieldKind };

/** The first value that the template's fields cannot have, or undefined. Null removes a value and is always valid. */
export function findValueFault(
  values: Readonly<Record<string, FieldPatch | null>>,
  kinds: Readonly<Record<string, FieldKind>>,
): ValueFault | undefined {
  for (const [key, override] of Object.entries(values)) {
    if (override === null) continue;
    const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
    if (kind === undefined) return { fault: "unknown_field", key, known: Object.keys(kinds) };
    const { value = null } = override;
    if (value !== null && !fits(kind, value)) return { fault: "value_does_not_fit", key, kind };
  }
  return undefined;
}
