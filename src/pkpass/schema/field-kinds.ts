/**
 * The requirements of a field's style for its value: Wallet refuses the whole pass when a field with a dateStyle has a
 * value that is not a date, or one with a numberStyle a value that is not a number.
 *
 * Pure. Follows Apple's "PassFieldContent".
 */
import { type ExactNumber, isNumber } from "../../json.ts";
import { type Field, fieldsOf } from "./fields.ts";
import type { TemplatePass } from "./pass.ts";
import { isW3cDate } from "./primitives.ts";
import type { FieldPatch } from "./values.ts";

export type FieldKind = "text" | "date" | "number";

/**
 * The kind of value that a field's style demands. A field with both styles is treated as a date, because Wallet refuses
 * it anyway.
 */
export function fieldKind(field: Field): FieldKind {
  if (field.dateStyle !== undefined || field.timeStyle !== undefined) return "date";
  if (field.numberStyle !== undefined || field.currencyCode !== undefined) return "number";
  return "text";
}

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

/** Whether a field of this kind can have the value. */
export function fits(kind: FieldKind, value: string | number | ExactNumber): boolean {
  switch (kind) {
    case "text":
      return true;
    case "date":
      return isW3cDate(value);
    case "number":
      return isNumber(value);
  }
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
