/**
 * The text that phones show on the lock screen for one changed field: its changeMessage with the new value in place of %@.
 *
 * Follows Apple's "PassFieldContent". It does not import the schema, so that pages can show the text while it is typed.
 */
import { limitText } from "./finding.ts";
import { formatValue } from "./format-value.ts";
import type { Field } from "./schema/schema.ts";

export const CHANGE_PLACEHOLDER = "%@";

/** @param locale BCP 47 */
export function changeText(field: Field, locale: string): string {
  return limitText(wholeChangeText(field, locale));
}

/** The same, however long it is. */
export function wholeChangeText({ attributedValue: _, ...field }: Field, locale: string): string {
  const value = formatValue(field, locale);
  return (field.changeMessage ?? "").replaceAll(CHANGE_PLACEHOLDER, () => value);
}
