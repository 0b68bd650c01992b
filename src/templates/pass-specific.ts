/**
 * Finds values in an imported pass that may belong only to its holder and would be on every pass of the template. They
 * are reported and not removed, because a barcode or an NFC message can also be meant for all passes.
 *
 * Follows Apple's "Pass", "SemanticTags" and "Pass.NFC".
 */
import { isObject, pointerTo } from "../json.ts";
import { type Finding, warning } from "../pkpass/finding.ts";
import { STYLES } from "../pkpass/schema/schema.ts";

/** Semantic tags about a person, or a person's seat. */
const PERSONAL = ["passengerName", "seats", "attendeeName", "confirmationNumber", "membershipProgramNumber"];

/**
 * @param pass pass.json of the template, not validated
 * @param now milliseconds
 */
export function findPassSpecificValues(pass: Readonly<Record<string, unknown>>, now: number): Finding[] {
  return [
    ...barcodeTexts(pass),
    ...nfcMessage(pass),
    ...expirationDate(pass, now),
    ...personalSemantics(pass),
    ...fieldValues(pass),
  ];
}

function* barcodeTexts({ barcode, barcodes }: Readonly<Record<string, unknown>>): Iterable<Finding> {
  const all: [PropertyKey[], unknown][] = [[["pass", "barcode"], barcode]];
  if (Array.isArray(barcodes))
    all.push(...barcodes.map((one, i): [PropertyKey[], unknown] => [["pass", "barcodes", i], one]));
  for (const [path, one] of all) {
    if (!isObject(one)) continue;
    if (one.altText !== undefined && one.altText !== "")
      yield report(
        [...path, "altText"],
        "The text under the barcode is that of the imported pass. Every pass of the template will show it.",
        "Unless it is meant for all passes, set barcodeAltText in each pass.",
      );
    if (one.message === undefined || one.message === "") continue;
    yield report(
      [...path, "message"],
      "The barcode has the message of the imported pass. Every pass of the template will show it.",
      "Unless it is meant for all passes, set barcodeMessage in each pass.",
    );
  }
}

function* nfcMessage({ nfc }: Readonly<Record<string, unknown>>): Iterable<Finding> {
  if (!isObject(nfc) || nfc.message === undefined) return;
  yield report(
    ["pass", "nfc", "message"],
    "The NFC message is that of the imported pass. Every pass of the template will send it to readers.",
    "Unless it is meant for all passes, set pass.nfc in each pass.",
  );
}

function* expirationDate(
  { expirationDate }: Readonly<Record<string, unknown>>,
  now: number,
): Iterable<Finding> {
  // For an invalid date this is NaN, so it is not in the past.
  if (typeof expirationDate !== "string" || !(Date.parse(expirationDate) <= now)) return;
  yield report(
    ["pass", "expirationDate"],
    "The date is in the past: every pass of the template would already be expired.",
    "Remove it from the template, and set pass.expirationDate in each pass.",
  );
}

/** The semantics of the pass, and of its fields. */
function* personalSemantics(pass: Readonly<Record<string, unknown>>): Iterable<Finding> {
  const all: [PropertyKey[], unknown][] = [[["pass"], pass], ...fieldsOf(pass)];
  for (const [path, { semantics }] of all.filter(isObjectAt)) {
    if (!isObject(semantics)) continue;
    for (const tag of PERSONAL.filter((tag) => semantics[tag] !== undefined)) {
      yield report(
        [...path, "semantics", tag],
        "It describes the holder of the imported pass. Every pass of the template will contain it.",
        path.length === 1
          ? "Remove it from the template, and set pass.semantics in each pass."
          : "Remove it from the template's field.",
      );
    }
  }
}

function* fieldValues(pass: Readonly<Record<string, unknown>>): Iterable<Finding> {
  for (const style of STYLES) {
    const fields = fieldsOf(pass).filter(([path]) => path[1] === style);
    if (!fields.filter(isObjectAt).some(([, { value }]) => value !== undefined && value !== "")) continue;
    yield report(
      ["pass", style],
      "The fields have the values of the imported pass. Every pass without its own values will show them.",
      "Set values in each pass.",
    );
  }
}

/** Each field of each style, with its path. */
function fieldsOf(pass: Readonly<Record<string, unknown>>): [PropertyKey[], unknown][] {
  return STYLES.flatMap((style) => {
    const groups = pass[style];
    if (!isObject(groups)) return [];
    return Object.entries(groups).flatMap(([group, fields]) =>
      Array.isArray(fields)
        ? fields.map((field, i): [PropertyKey[], unknown] => [["pass", style, group, i], field])
        : [],
    );
  });
}

function report(path: PropertyKey[], message: string, cure: string): Finding {
  return warning("pass_specific_value", pointerTo(path), message, cure);
}

function isObjectAt(
  one: [PropertyKey[], unknown],
): one is [PropertyKey[], Readonly<Record<string, unknown>>] {
  return isObject(one[1]);
}
