/**
 * Checks each field: its value must match its style, and its options must have an effect in its section.
 *
 * Follows Apple's "PassFieldContent". It says that a changeMessage needs the placeholder %@, and that phones notify only
 * if there is a changeMessage. It is not documented what a phone does if the placeholder is missing: a general text
 * ("Store Card changed") was reported in github.com/tomasmcguinness/dotnet-passbook/issues/119.
 *
 * That currencyCode and numberStyle exclude each other is in Apple's PassKit Package Format Reference ("only one of
 * these keys is allowed per field"). Apple's Pass Builder reports the two as a warning.
 */
import { isNumber, pointerTo } from "../../json.ts";
import { error, type Finding, warning } from "../finding.ts";
import { isW3cDate } from "../schema/primitives.ts";
import { asString } from "./narrow.ts";
import type { View, ViewedField } from "./view.ts";

const DATE_STYLES = ["dateStyle", "timeStyle"] as const;
const NUMBER_STYLES = ["numberStyle", "currencyCode"] as const;

export function* fieldFindings(view: View): Iterable<Finding> {
  for (const viewed of view.fields) {
    yield* checkStyles(view, viewed);
    yield* checkOptions(viewed);
    yield* checkTexts(view, viewed);
  }
}

function* checkStyles(view: View, { field, path }: ViewedField): Iterable<Finding> {
  const dates = DATE_STYLES.filter((key) => field[key] !== undefined);
  const numbers = NUMBER_STYLES.filter((key) => field[key] !== undefined);
  const [date] = dates;
  const [number] = numbers;
  // The passes may set the value of a template's field, and Edgepass removes the style from a value that does not match.
  const isGiven = field.value !== undefined && (view.isFile || field.value !== "");
  const report = view.isFile ? error : warning;
  // The schema rejects a field with both.
  if (date !== undefined && isGiven && !isW3cDate(field.value)) {
    yield report(
      "value_not_a_date",
      pointerTo([...path, date]),
      `The field has a ${date}, but its value ${shorten(field.value)} is not a date that Wallet can read.`,
      `Write a value such as 2026-12-24T18:30+01:00, or remove ${dates.join(" and ")}.`,
    );
  } else if (number !== undefined && isGiven && !isNumber(field.value)) {
    yield report(
      "value_not_a_number",
      pointerTo([...path, number]),
      `The field has a ${number}, but its value ${shorten(field.value)} is not a number.`,
      `Write the value as a JSON number, without quotation marks, or remove ${numbers.join(" and ")}.`,
    );
  }
  if (numbers.length === 2) {
    yield warning(
      "currency_with_number_style",
      pointerTo([...path, "numberStyle"]),
      "The field has both currencyCode and numberStyle. Apple allows only one of them in a field.",
      "Remove numberStyle to show an amount of money.",
    );
  }
  if (date !== undefined) return;
  for (const key of ["isRelative", "ignoresTimeZone"]) {
    if (field[key] === undefined) continue;
    yield warning(
      "date_option_without_style",
      pointerTo([...path, key]),
      `${key} has no effect without dateStyle or timeStyle.`,
      `Add a dateStyle, or remove ${key}.`,
    );
  }
}

/** Finds options without an effect. Data detectors work in back fields, and possibly in the event guide. */
function* checkOptions({ section, field, path }: ViewedField): Iterable<Finding> {
  // Pass Designer writes Natural, the default, into every field.
  const isAligned = field.textAlignment !== undefined && field.textAlignment !== "PKTextAlignmentNatural";
  if (isAligned && (section === "primaryFields" || section === "backFields")) {
    yield warning(
      "alignment_ignored",
      pointerTo([...path, "textAlignment"]),
      `Wallet ignores textAlignment in ${section}.`,
      "Remove textAlignment.",
    );
  }
  const isInFront = section !== "backFields" && section !== "additionalInfoFields";
  if (field.dataDetectorTypes !== undefined && isInFront) {
    yield warning(
      "data_detectors_ignored",
      pointerTo([...path, "dataDetectorTypes"]),
      "Wallet detects links and phone numbers only in backFields.",
      "Remove dataDetectorTypes, or move the field to backFields.",
    );
  }
}

function* checkTexts(view: View, { field, path }: ViewedField): Iterable<Finding> {
  const changeMessage = asString(field.changeMessage);
  if (changeMessage === "") {
    yield warning(
      "change_message_empty",
      pointerTo([...path, "changeMessage"]),
      "changeMessage is empty, so phones show no notification when the value changes.",
      "Remove changeMessage, or write a text with the placeholder %@.",
    );
  } else if (changeMessage !== undefined && !changeMessage.includes("%@")) {
    yield warning(
      "change_message_without_placeholder",
      pointerTo([...path, "changeMessage"]),
      'changeMessage has no placeholder %@, which Apple requires. Phones may show a general text instead, such as "Store Card changed", or no notification.',
      "Write %@ where the new value should appear.",
    );
  }
  const markup = findUnsupportedMarkup(asString(field.attributedValue) ?? "");
  if (markup !== undefined) {
    yield warning(
      "unsupported_markup",
      pointerTo([...path, "attributedValue"]),
      `Wallet does not support ${markup}.`,
      'Use no markup other than <a href="…"> with a web address.',
    );
  }
  const isEmpty = (field.label ?? "") === "" && field.value === "" && (field.attributedValue ?? "") === "";
  if (isEmpty && view.subject.kind !== "template") {
    yield warning(
      "field_empty",
      pointerTo(path),
      "The field has neither a label nor a value: it takes up space and shows nothing.",
      "Add a value, or remove the field.",
    );
  }
}

/** The first tag that is not a link, or a link that runs a script. The word boundary keeps the search linear. */
function findUnsupportedMarkup(text: string): string | undefined {
  for (const [tag, name = "", attributes = ""] of text.matchAll(/<\/?([a-z][a-z0-9]*)\b([^<>]*)>/gi)) {
    const isLink = name.toLowerCase() === "a" && (tag.startsWith("</") || /\bhref=/i.test(attributes));
    if (!isLink) return tag.length > 40 ? `<${name} …>` : tag;
    // HTML parsers ignore white space before the URL and inside its scheme.
    if (/href=["']?javascript:/i.test(attributes.replace(/\s/g, ""))) return "a javascript: link";
  }
  return undefined;
}

/** The value as JSON, truncated. */
function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
