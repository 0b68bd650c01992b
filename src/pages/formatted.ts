/**
 * A field's value as text, as its styles ask for it: dates, numbers, money.
 *
 * A page has no device, so a date is shown at the wall clock of its own UTC offset, and is never "yesterday"
 * (isRelative). A value that does not fit its style is shown as it stands.
 * Follows Apple's "PassFieldContent" and ECMA-402.
 */
import { fieldKind, fits } from "../pkpass/schema/field-kinds.ts";
import type { Field } from "../pkpass/schema/schema.ts";

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
  // Without the limit Intl would round the mantissa to three digits.
  PKNumberStyleScientific: { notation: "scientific", maximumFractionDigits: 15 },
  // Intl spells nothing out.
  PKNumberStyleSpellOut: {},
};

/** Offsets that Intl takes as a time zone: up to a day. */
const OFFSET = /(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * The value, or the attributedValue that is shown instead of it, in the field's styles.
 * @param locale BCP 47; one that Intl does not know counts as "en"
 */
export function formattedValue(field: Field, locale: string): string {
  const value = field.attributedValue ?? field.value ?? "";
  const kind = fieldKind(field);
  if (!fits(kind, value)) return String(value);
  switch (kind) {
    case "text":
      return String(value);
    case "number":
      return formattedNumber(field, Number(value), knownLocale(locale));
    case "date":
      return formattedDate(field, String(value), knownLocale(locale));
  }
}

function formattedNumber({ currencyCode, numberStyle }: Field, value: number, locale: string): string {
  const options =
    currencyCode === undefined
      ? NUMBER_STYLES[numberStyle ?? "PKNumberStyleDecimal"]
      : { style: "currency" as const, currency: currencyCode };
  return new Intl.NumberFormat(locale, options).format(value);
}

function formattedDate(field: Field, value: string, locale: string): string {
  const dateStyle = DATE_STYLES[field.dateStyle ?? "PKDateStyleNone"];
  const timeStyle = DATE_STYLES[field.timeStyle ?? "PKDateStyleNone"];
  // Intl would show a date where neither is wanted.
  if (dateStyle === undefined && timeStyle === undefined) return "";
  const offset = OFFSET.exec(value)?.[0];
  if (offset === undefined) return value;
  const timeZone = offset === "Z" ? "UTC" : offset;
  return new Intl.DateTimeFormat(locale, { dateStyle, timeStyle, timeZone }).format(Date.parse(value));
}

/** The locale as Intl takes it. */
function knownLocale(locale: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale)[0] ?? "en";
  } catch {
    // A RangeError: Accept-Language may hold anything, such as "*".
    return "en";
  }
}
