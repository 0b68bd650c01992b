/**
 * The kind of value that a field's style demands: Wallet refuses the whole pass when a field with a dateStyle has a value
 * that is not a date, or one with a numberStyle a value that is not a number.
 *
 * Follows Apple's "PassFieldContent". It does not import the schema, so that the drawing of a pass can use it.
 */
import { type ExactNumber, isNumber } from "../json.ts";
import { isW3cDate } from "./dates.ts";
import type { Field } from "./schema/fields.ts";

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
