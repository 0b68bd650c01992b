/**
 * The kind of value that a field shows, as one choice, and the members of pass.json that the choice sets. Pure.
 *
 * Follows Apple's "PassFieldContent". A number of a field is a JSON number with all of its digits (json.ts).
 */
import { isNumber, type JsonObject, toNumber, toText } from "../../../../json.ts";
import { withMember } from "../draft/pass-members.ts";

export const VALUE_KINDS = [
  ["text", "Text"],
  ["number", "Number"],
  ["money", "Money"],
  ["percent", "Percent"],
  ["date", "Date"],
  ["time", "Time"],
  ["dateTime", "Date and time"],
] as const;
export type ValueKind = (typeof VALUE_KINDS)[number][0];

const DATE_KINDS: readonly ValueKind[] = ["date", "time", "dateTime"];
const NUMBER_KINDS: readonly ValueKind[] = ["number", "money", "percent"];
const NO_DATE = "PKDateStyleNone";
const MEDIUM = "PKDateStyleMedium";
const SHORT = "PKDateStyleShort";
const PERCENT = "PKNumberStylePercent";
const DECIMAL = "PKNumberStyleDecimal";

export const DATE_STYLE_OPTIONS = [
  [SHORT, "Short, such as 24/12/26"],
  [MEDIUM, "Medium, such as 24 Dec 2026"],
  ["PKDateStyleLong", "Long, such as 24 December 2026"],
  ["PKDateStyleFull", "Full, such as Thursday, 24 December 2026"],
  [NO_DATE, "Not shown"],
] as const;
export const TIME_STYLE_OPTIONS = [
  [SHORT, "Short, such as 18:30"],
  [MEDIUM, "With seconds, such as 18:30:00"],
  ["PKDateStyleLong", "With the time zone"],
  ["PKDateStyleFull", "With the full name of the time zone"],
  [NO_DATE, "Not shown"],
] as const;
export const NUMBER_STYLE_OPTIONS = [
  [DECIMAL, "Plain, such as 1,234.5"],
  ["PKNumberStyleSpellOut", "In words, such as twelve"],
  ["PKNumberStyleScientific", "Scientific, such as 1.2E3"],
] as const;

export function isDateKind(kind: ValueKind): boolean {
  return DATE_KINDS.includes(kind);
}

export function isNumberKind(kind: ValueKind): boolean {
  return NUMBER_KINDS.includes(kind);
}

export function kindOf(field: JsonObject): ValueKind {
  const { dateStyle, timeStyle, numberStyle, currencyCode } = field;
  if (dateStyle !== undefined || timeStyle !== undefined) {
    const [hasDate, hasTime] = [dateStyle, timeStyle].map((style) => (style ?? NO_DATE) !== NO_DATE);
    return hasDate === hasTime ? "dateTime" : hasDate ? "date" : "time";
  }
  if (currencyCode !== undefined) return "money";
  if (numberStyle === undefined) return "text";
  return numberStyle === PERCENT ? "percent" : "number";
}

/** The field with another kind of value. Members that the kind does not have are left out, and all others are kept. */
export function withKind(field: JsonObject, kind: ValueKind): JsonObject {
  if (kindOf(field) === kind) return field;
  const set = stylesOf(kind, field);
  const styled = Object.entries(set).reduce(
    (after, [member, style]) => withMember(after, member, style),
    field,
  );
  return withMember(styled, "value", valueAs(kind, field.value));
}

/** Undefined: without the member. */
function stylesOf(kind: ValueKind, { numberStyle, currencyCode, ...field }: JsonObject) {
  const shown = (style: unknown, usual: string) => (style === undefined || style === NO_DATE ? usual : style);
  const isDate = isDateKind(kind);
  return {
    dateStyle: kind === "date" || kind === "dateTime" ? shown(field.dateStyle, MEDIUM) : undefined,
    timeStyle: kind === "time" || kind === "dateTime" ? shown(field.timeStyle, SHORT) : undefined,
    isRelative: isDate ? field.isRelative : undefined,
    ignoresTimeZone: isDate ? field.ignoresTimeZone : undefined,
    numberStyle:
      kind === "percent"
        ? PERCENT
        : kind === "number"
          ? numberStyle === undefined || numberStyle === PERCENT
            ? DECIMAL
            : numberStyle
          : undefined,
    currencyCode: kind === "money" ? (currencyCode ?? "EUR") : undefined,
  };
}

/** A text that is a number becomes one in a field of numbers, and a number becomes a text in the others. */
function valueAs(kind: ValueKind, value: unknown): unknown {
  if (isNumberKind(kind)) return typeof value === "string" ? readNumber(value) : value;
  return isNumber(value) ? toText(value) : value;
}

/** A number as JSON writes it (RFC 8259). */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What was typed where a number belongs: a number with all of its digits, nothing, or the text, which is a fault. */
export function readNumber(typed: string): unknown {
  const text = typed.trim();
  if (text === "") return undefined;
  return NUMBER.test(text) ? toNumber(text) : text;
}

/**
 * What was typed as the value.
 * @param wasNumber whether a value without a style was a JSON number, also before it was emptied. It stays one, because scans can add to it
 */
export function readValue(kind: ValueKind, wasNumber: boolean, typed: string): unknown {
  const number = isNumberKind(kind) || wasNumber ? readNumber(typed) : typed;
  return isNumberKind(kind) || isNumber(number) ? number : typed;
}
