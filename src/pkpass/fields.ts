/**
 * What a field's style demands of its value: Wallet refuses the whole pass when a field with a dateStyle holds no
 * date, or one with a numberStyle no number.
 *
 * Pure. Follows Apple's "PassFieldContent".
 */
import { type Field, type FieldPatch, fieldsOf, isW3cDate, type TemplatePass } from "./schema/schema.ts";

export type FieldKind = "text" | "date" | "number";

/** What a field's style demands. A field with both is a date: Wallet refuses the mixture anyway. */
export function kindOf(field: Field): FieldKind {
  if (field.dateStyle !== undefined || field.timeStyle !== undefined) return "date";
  if (field.numberStyle !== undefined || field.currencyCode !== undefined) return "number";
  return "text";
}

/**
 * Field key → kind, for all fields of a template. Where posterGeneric and the style behind it share a key, the value has
 * to fit the one that is more than text.
 */
export function fieldKinds(pass: TemplatePass): Record<string, FieldKind> {
  const kinds = new Map<string, FieldKind>();
  for (const { field } of fieldsOf(pass)) {
    if ((kinds.get(field.key) ?? "text") === "text") kinds.set(field.key, kindOf(field));
  }
  return Object.fromEntries(kinds);
}

/** Whether a field of this kind can hold the value. */
export function fits(kind: FieldKind, value: string | number): boolean {
  switch (kind) {
    case "text":
      return true;
    case "date":
      return isW3cDate(value);
    case "number":
      return typeof value === "number";
  }
}

export type ValueFault =
  | { readonly fault: "unknown_field"; readonly key: string; readonly known: readonly string[] }
  | { readonly fault: "value_does_not_fit"; readonly key: string; readonly kind: FieldKind };

/** The first value that the template's fields cannot take, or undefined. A null removes, and always fits. */
export function faultIn(
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
