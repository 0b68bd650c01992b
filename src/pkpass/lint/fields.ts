/**
 * One field: whether its value fits its style, and whether what it asks for has an effect where it stands.
 *
 * Follows Apple's "PassFieldContent".
 */
import { error, type Finding, pointerOf, warning } from "../finding.ts";
import { isW3cDate } from "../schema/primitives.ts";
import { textOf } from "./json.ts";
import type { View, ViewedField } from "./view.ts";

const DATE_STYLES = ["dateStyle", "timeStyle"] as const;
const NUMBER_STYLES = ["numberStyle", "currencyCode"] as const;

export function* fieldFindings(view: View): Iterable<Finding> {
  for (const viewed of view.fields) {
    yield* ofStyles(view, viewed);
    yield* ofPlace(viewed);
    yield* ofTexts(view, viewed);
  }
}

function* ofStyles(view: View, { field, path }: ViewedField): Iterable<Finding> {
  const dates = DATE_STYLES.filter((key) => field[key] !== undefined);
  const numbers = NUMBER_STYLES.filter((key) => field[key] !== undefined);
  const [date] = dates;
  const [number] = numbers;
  // A template's value may be yet to come, and Edgepass leaves the style out where the value does not fit.
  const isGiven = field.value !== undefined && (view.isFile || field.value !== "");
  const misfit = view.isFile ? error : warning;
  // A mixture of both is refused by the schema.
  if (date !== undefined && isGiven && !isW3cDate(field.value)) {
    yield misfit(
      "value_no_date",
      pointerOf([...path, date]),
      `The field has a ${date}, and ${shown(field.value)} is no date that Wallet reads.`,
      `Write the value such as 2026-12-24T18:30+01:00, or remove ${dates.join(" and ")}.`,
    );
  } else if (number !== undefined && isGiven && typeof field.value !== "number") {
    yield misfit(
      "value_no_number",
      pointerOf([...path, number]),
      `The field has a ${number}, and ${shown(field.value)} is no number.`,
      `Write the value as a JSON number, without quotation marks, or remove ${numbers.join(" and ")}.`,
    );
  }
  if (numbers.length === 2) {
    yield warning(
      "currency_with_number_style",
      pointerOf([...path, "numberStyle"]),
      "The field has a currencyCode and a numberStyle, and only one of them is applied.",
      "Remove numberStyle to show an amount of money.",
    );
  }
  if (date !== undefined) return;
  for (const key of ["isRelative", "ignoresTimeZone"]) {
    if (field[key] === undefined) continue;
    yield warning(
      "date_option_without_style",
      pointerOf([...path, key]),
      `${key} has no effect: the field has no dateStyle and no timeStyle.`,
      `Add a dateStyle, or remove ${key}.`,
    );
  }
}

/** Where the options of a field have no effect. Back fields alone have data detectors; the event guide may. */
function* ofPlace({ section, field, path }: ViewedField): Iterable<Finding> {
  if (field.textAlignment !== undefined && (section === "primaryFields" || section === "backFields")) {
    yield warning(
      "alignment_not_applied",
      pointerOf([...path, "textAlignment"]),
      `Wallet aligns ${section} itself.`,
      "Remove textAlignment.",
    );
  }
  const isInFront = section !== "backFields" && section !== "additionalInfoFields";
  if (field.dataDetectorTypes !== undefined && isInFront) {
    yield warning(
      "detectors_not_applied",
      pointerOf([...path, "dataDetectorTypes"]),
      "Wallet looks for links and numbers in backFields only.",
      "Remove dataDetectorTypes, or move the field to backFields.",
    );
  }
}

function* ofTexts(view: View, { field, path }: ViewedField): Iterable<Finding> {
  const changeMessage = textOf(field.changeMessage);
  if (changeMessage === "") {
    yield warning(
      "change_message_empty",
      pointerOf([...path, "changeMessage"]),
      "An empty changeMessage says nothing of the change.",
      "Remove changeMessage, or write a text with %@.",
    );
  } else if (changeMessage !== undefined && !changeMessage.includes("%@")) {
    yield warning(
      "change_message_silent",
      pointerOf([...path, "changeMessage"]),
      "changeMessage has no %@: the phone stays silent when the value changes.",
      "Write %@ where the new value is to stand.",
    );
  }
  const markup = unsupportedMarkup(textOf(field.attributedValue) ?? "");
  if (markup !== undefined) {
    yield warning(
      "unsupported_markup",
      pointerOf([...path, "attributedValue"]),
      `Wallet does not read ${markup}.`,
      'Write no other markup than <a href="…"> with an address of the web.',
    );
  }
  const isSilent = (field.label ?? "") === "" && field.value === "" && (field.attributedValue ?? "") === "";
  if (isSilent && view.subject.kind !== "template") {
    yield warning(
      "field_empty",
      pointerOf(path),
      "The field has neither a label nor a value: it takes room and shows nothing.",
      "Give it a value, or remove it.",
    );
  }
}

/** The first tag that is no link, or a link that runs a script. The word boundary keeps the search linear. */
function unsupportedMarkup(text: string): string | undefined {
  for (const [tag, name = "", attributes = ""] of text.matchAll(/<\/?([a-z][a-z0-9]*)\b([^<>]*)>/gi)) {
    const isLink = name.toLowerCase() === "a" && (tag.startsWith("</") || /\bhref=/i.test(attributes));
    if (!isLink) return tag.length > 40 ? `<${name} …>` : tag;
    // Readers of HTML pass over white space in front of the address and inside of its scheme.
    if (/href=["']?javascript:/i.test(attributes.replace(/\s/g, ""))) return "a javascript: link";
  }
  return undefined;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
