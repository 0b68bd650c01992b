/**
 * Formats the value of a field as text in the field's styles: dates, numbers and amounts of money.
 *
 * The device is not known, so a date is shown in its own UTC offset, and never as "yesterday" (isRelative). A value that does
 * not fit its style is shown unchanged.
 * Follows Apple's "PassFieldContent" and ECMA-402.
 */
import { type ExactNumber, isExactNumber, isNumber, toText } from "../json.ts";
import { isW3cDate } from "./dates.ts";
import { fieldKind, fits } from "./field-kind.ts";
import type { Field } from "./schema/schema.ts";

type DateStyle = NonNullable<Field["dateStyle"]>;
type NumberStyle = NonNullable<Field["numberStyle"]>;

const DATE_STYLES: Record<DateStyle, Intl.DateTimeFormatOptions["dateStyle"]> = {
  PKDateStyleNone: undefined,
  PKDateStyleShort: "short",
  PKDateStyleMedium: "medium",
  PKDateStyleLong: "long",
  PKDateStyleFull: "full",
};

const NUMBER_STYLES: Record<NumberStyle, Intl.NumberFormatOptions> = {
  PKNumberStyleDecimal: {},
  PKNumberStylePercent: { style: "percent" },
  // Without this limit, Intl would round the mantissa to three digits.
  PKNumberStyleScientific: { notation: "scientific", maximumFractionDigits: 15 },
  // Intl cannot write numbers as words.
  PKNumberStyleSpellOut: {},
};

/** The UTC offsets that Intl accepts as a time zone: less than a day. */
const OFFSET = /(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Formats the attributedValue of a field, or else its value.
 * @param locale BCP 47. A locale that Intl does not know is treated as "en".
 */
export function formatValue(field: Field, locale: string): string {
  const value = field.attributedValue ?? field.value ?? "";
  const kind = fieldKind(field);
  const text = toText(value);
  if (!fits(kind, value)) return text;
  switch (kind) {
    case "text":
      return text;
    case "number":
      return isNumber(value) ? formatNumber(field, value, toKnownLocale(locale)) : text;
    case "date":
      return formatDate(field, text, toKnownLocale(locale));
  }
}

/** Intl reads the text of a number exactly. */
function formatNumber(
  { currencyCode, numberStyle }: Field,
  value: number | ExactNumber,
  locale: string,
): string {
  const options =
    currencyCode === undefined
      ? NUMBER_STYLES[numberStyle ?? "PKNumberStyleDecimal"]
      : { style: "currency" as const, currency: currencyCode };
  return new Intl.NumberFormat(locale, options).format(isExactNumber(value) ? value.rawJSON : value);
}

function formatDate(field: Field, value: string, locale: string): string {
  const dateStyle = DATE_STYLES[field.dateStyle ?? "PKDateStyleNone"];
  const timeStyle = DATE_STYLES[field.timeStyle ?? "PKDateStyleNone"];
  // With neither style, Intl would show the date.
  if (dateStyle === undefined && timeStyle === undefined) return "";
  const offset = OFFSET.exec(value)?.[0];
  if (offset === undefined) return value;
  const timeZone = offset === "Z" ? "UTC" : offset;
  return new Intl.DateTimeFormat(locale, { dateStyle, timeStyle, timeZone }).format(Date.parse(value));
}

/**
 * Formats a moment in a time zone, such as that of an airport.
 * @param timeZone IANA. Without one that Intl knows, the date's own UTC offset counts.
 * @returns undefined if it is not a date as Wallet reads them
 */
export function formatMoment(
  value: unknown,
  timeZone: string | undefined,
  locale: string,
  options: Intl.DateTimeFormatOptions,
): string | undefined {
  const offset = isW3cDate(value) ? OFFSET.exec(value)?.[0] : undefined;
  if (offset === undefined) return undefined;
  const own = offset === "Z" ? "UTC" : offset;
  const format = (zone: string) =>
    new Intl.DateTimeFormat(toKnownLocale(locale), { ...options, timeZone: zone }).format(
      Date.parse(String(value)),
    );
  try {
    return format(timeZone ?? own);
  } catch {
    // A RangeError: nobody has checked the time zone.
    return format(own);
  }
}

/** The locale, or "en" if Intl does not know it. */
function toKnownLocale(locale: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale)[0] ?? "en";
  } catch {
    // A RangeError: Accept-Language can contain anything, such as "*".
    return "en";
  }
}
