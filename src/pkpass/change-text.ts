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
export function changeText({ attributedValue: _, ...field }: Field, locale: string): string {
  const value = formatValue(field, locale);
  return limitText((field.changeMessage ?? "").replaceAll(CHANGE_PLACEHOLDER, () => value));
}
