/**
 * What phones show when the value of a field changes, while its text is typed; and the value as the list shows it. Pure.
 */
import { isNumber, type JsonObject } from "../../../../json.ts";
import { CHANGE_PLACEHOLDER, changeText } from "../../../../pkpass/change-text.ts";
import { formatValue } from "../../../../pkpass/format-value.ts";
import type { Field } from "../../../../pkpass/schema/schema.ts";
import { textAt, valueText } from "../draft/pass-members.ts";
import { DATE_STYLE_OPTIONS, isDateKind, isNumberKind, kindOf, NUMBER_STYLE_OPTIONS } from "./value-kind.ts";

export type LockScreen =
  | { readonly kind: "silent" }
  /** iOS composes a text of its own. */
  | { readonly kind: "general" }
  | { readonly kind: "text"; readonly text: string };

/** @param locale BCP 47 */
export function lockScreenOf(field: JsonObject, locale: string): LockScreen {
  const changeMessage = textAt(field, "changeMessage");
  if (changeMessage === "") return { kind: "silent" };
  if (!changeMessage.includes(CHANGE_PLACEHOLDER)) return { kind: "general" };
  const value = valueText(field.value) === "" ? exampleOf(field) : field.value;
  const shown = { ...toField({ ...field, value }), changeMessage };
  return { kind: "text", text: inWords(() => changeText(shown, locale), changeMessage) };
}

/** The value in its styles. */
export function shownValue(field: JsonObject, locale: string): string {
  const { attributedValue } = field;
  const value = typeof attributedValue === "string" ? attributedValue.replace(/<[^<>]*>/g, "") : field.value;
  return inWords(() => formatValue(toField({ ...field, value }), locale), valueText(value));
}

/** Intl throws a RangeError for a currency that is half typed. */
function inWords(format: () => string, otherwise: string): string {
  try {
    return format();
  } catch {
    return otherwise;
  }
}

/** A value for a field whose passes have their own. */
function exampleOf(field: JsonObject): unknown {
  const kind = kindOf(field);
  if (isDateKind(kind)) return "2026-12-24T18:30Z";
  if (isNumberKind(kind)) return kind === "percent" ? 0.25 : 12;
  return "…";
}

/** What the formats read of a field. Members that are wrong are left out. */
function toField(field: JsonObject): Field {
  const { value } = field;
  const style = <Style extends string>(styles: readonly (readonly [Style, string])[], member: string) =>
    styles.find(([each]) => each === field[member])?.[0];
  const dateStyle = style(DATE_STYLE_OPTIONS, "dateStyle");
  const timeStyle = style(DATE_STYLE_OPTIONS, "timeStyle");
  const numberStyle = style([...NUMBER_STYLE_OPTIONS, ["PKNumberStylePercent", ""] as const], "numberStyle");
  const currencyCode = textAt(field, "currencyCode");
  return {
    key: "",
    ...((typeof value === "string" || isNumber(value)) && { value }),
    ...(dateStyle !== undefined && { dateStyle }),
    ...(timeStyle !== undefined && { timeStyle }),
    ...(numberStyle !== undefined && { numberStyle }),
    ...(currencyCode !== "" && { currencyCode }),
  };
}
