/**
 * Words for the differences of a dry run: "Points: 3 → 4". Pure.
 */
import { isNumber, type JsonObject, memberOf, parsePointer, toText, writeJson } from "../../../json.ts";
import { isW3cDate } from "../../../pkpass/dates.ts";
import { timeWords } from "../../times.ts";
import type { DryRun } from "./dry-run.ts";
import { memberText, templateFields } from "./template-fields.ts";

export type Difference = DryRun["differences"][number];

/** What differs, as a person says it, and both values. */
export interface DifferenceWords {
  readonly what: string;
  /** Empty: there is nothing, or nothing that can be shown in a line. */
  readonly before: string;
  readonly after: string;
  readonly kind: "added" | "changed" | "removed";
}

/** Members of pass.json by the names that people have for them. Others are named by their key. */
export const MEMBERS: Readonly<Record<string, string>> = {
  backgroundColor: "Background colour",
  foregroundColor: "Text colour",
  labelColor: "Label colour",
  stripColor: "Strip colour",
  barcode: "Barcode",
  barcodes: "Barcode",
  expirationDate: "Expires",
  relevantDate: "Relevant date",
  relevantDates: "Relevant dates",
  logoText: "Text next to the logo",
  organizationName: "Organization",
  webServiceURL: "Address for updates",
  nfc: "NFC",
};
const PARTS: Readonly<Record<string, string>> = {
  changeMessage: "text on the lock screen",
  textAlignment: "alignment",
  dateStyle: "format of the date",
  timeStyle: "format of the time",
  numberStyle: "format of the number",
  currencyCode: "currency",
  altText: "text below",
  messageEncoding: "encoding",
};
const OUTSIDE_OF_PASS: Readonly<Record<string, string>> = {
  images: "Image",
  strings: "Translation",
  personalization: "Sign-up of the holder",
  barcodeText: "Text below the barcode",
  webService: "Address for updates",
};

/** The differences in words. Those that read the same are listed once, such as a barcode in its old and its new member. */
export function differencesWords(
  differences: readonly Difference[],
  pass: JsonObject | undefined,
  now: number,
): DifferenceWords[] {
  const byText = new Map<string, DifferenceWords>();
  for (const difference of differences) {
    const words = differenceWords(difference, pass, now);
    byText.set(writeJson(words), words);
  }
  return [...byText.values()];
}

function differenceWords(
  { pointer, before, after }: Difference,
  pass: JsonObject | undefined,
  now: number,
): DifferenceWords {
  const path = parsePointer(pointer);
  // An image is known by its hash, which says nothing to a person.
  const isFlag = typeof before === "boolean" || typeof after === "boolean";
  const wordsOf = (value: unknown) =>
    path[0] === "images" ? "" : valueWords(isFlag ? value === true : value, now);
  return {
    what: whatWords(path, pass),
    before: wordsOf(before),
    after: wordsOf(after),
    kind: before === undefined ? "added" : after === undefined ? "removed" : "changed",
  };
}

function whatWords([first = "", ...rest]: readonly string[], pass: JsonObject | undefined): string {
  if (first === "pass") return passWords(rest, pass);
  if (first === "values") {
    const [key = "", part = "value"] = rest;
    const name = templateFields(pass ?? {}).find((field) => field.key === key)?.name ?? key;
    return withPart(name, part);
  }
  const name = Object.hasOwn(OUTSIDE_OF_PASS, first) ? OUTSIDE_OF_PASS[first] : sentenceOf(first);
  return [name, ...rest].join(" ").trim();
}

/** @param path within pass.json */
function passWords(path: readonly string[], pass: JsonObject | undefined): string {
  const [first = "", section = "", index = "", part = "value"] = path;
  if (/Fields$/.test(section)) {
    const field = memberOf(memberOf(memberOf(pass, first), section), index);
    const place = `${sentenceOf(section.replace(/s$/, ""))} ${Number(index) + 1}`;
    const name = memberText(field, "label").trim() || memberText(field, "key") || place;
    return index === "" ? sentenceOf(section) : withPart(name, part);
  }
  const name = Object.hasOwn(MEMBERS, first) ? MEMBERS[first] : sentenceOf(first);
  const last = path.length > 1 ? path.at(-1) : undefined;
  return withPart(
    name ?? first,
    last === undefined || /^\d+$/.test(last) || last === "message" ? "value" : last,
  );
}

function withPart(name: string, part: string): string {
  if (part === "value") return name;
  return `${name}, ${Object.hasOwn(PARTS, part) ? PARTS[part] : sentenceOf(part).toLowerCase()}`;
}

/** "Max distance" of "maxDistance". */
function sentenceOf(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

const MAX_SHOWN = 120;

function valueWords(value: unknown, now: number): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (isNumber(value)) return toText(value);
  if (isW3cDate(value)) return timeWords(Date.parse(value), now);
  if (typeof value !== "string") return "";
  const line = value.replace(/\s+/g, " ");
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
}
