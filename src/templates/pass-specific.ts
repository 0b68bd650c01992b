/**
 * What in a template that was one pass may be that pass's alone, and would be on the pass of everybody: said, and left
 * to whoever knows, since a barcode or an NFC message can be one for all.
 *
 * Follows Apple's "Pass", "SemanticTags" and "Pass.NFC".
 */
import { type Finding, pointerOf, warning } from "../pkpass/finding.ts";
import { STYLES } from "../pkpass/schema/schema.ts";

/** What says who a person is, or where that person sits. */
const PERSONAL = ["passengerName", "seats", "attendeeName", "confirmationNumber", "membershipProgramNumber"];

/**
 * @param pass of the template; of any shape
 * @param now milliseconds
 */
export function findPassSpecificValues(pass: Readonly<Record<string, unknown>>, now: number): Finding[] {
  return [
    ...barcodesOf(pass),
    ...contactless(pass),
    ...expired(pass, now),
    ...personal(pass),
    ...values(pass),
  ];
}

function* barcodesOf({ barcode, barcodes }: Readonly<Record<string, unknown>>): Iterable<Finding> {
  const all: [PropertyKey[], unknown][] = [[["pass", "barcode"], barcode]];
  if (Array.isArray(barcodes))
    all.push(...barcodes.map((one, i): [PropertyKey[], unknown] => [["pass", "barcodes", i], one]));
  for (const [path, one] of all) {
    if (!isObject(one) || one.message === undefined || one.message === "") continue;
    yield said(
      [...path, "message"],
      "The barcode's message is that of the file's pass, and every pass of the template shows it.",
      "Unless it is one for all, give each pass its own: barcodeMessage.",
    );
  }
}

function* contactless({ nfc }: Readonly<Record<string, unknown>>): Iterable<Finding> {
  if (!isObject(nfc) || nfc.message === undefined) return;
  yield said(
    ["pass", "nfc", "message"],
    "The message is that of the file's pass, and every pass of the template gives it to readers.",
    "Unless it is one for all, give each pass its own: pass.nfc.",
  );
}

function* expired({ expirationDate }: Readonly<Record<string, unknown>>, now: number): Iterable<Finding> {
  // What is no date is not over: it compares as NaN.
  if (typeof expirationDate !== "string" || !(Date.parse(expirationDate) <= now)) return;
  yield said(
    ["pass", "expirationDate"],
    "The date is over: every pass of the template has expired when it is issued.",
    "Take it out of the template, and give each pass its own: pass.expirationDate.",
  );
}

/** The semantics of the pass, and of its fields. */
function* personal(pass: Readonly<Record<string, unknown>>): Iterable<Finding> {
  const all: [PropertyKey[], unknown][] = [[["pass"], pass], ...fieldsOf(pass)];
  for (const [path, { semantics }] of all.filter(isOfObject)) {
    if (!isObject(semantics)) continue;
    for (const tag of PERSONAL.filter((tag) => semantics[tag] !== undefined)) {
      yield said(
        [...path, "semantics", tag],
        "It is of the person whom the file's pass was for, and every pass of the template says it.",
        path.length === 1
          ? "Take it out of the template, and give each pass its own: pass.semantics."
          : "Take it out of the template's field.",
      );
    }
  }
}

function* values(pass: Readonly<Record<string, unknown>>): Iterable<Finding> {
  for (const style of STYLES) {
    const fields = fieldsOf(pass).filter(([path]) => path[1] === style);
    if (!fields.filter(isOfObject).some(([, { value }]) => value !== undefined && value !== "")) continue;
    yield said(
      ["pass", style],
      "The values of its fields are those of the file's pass, and every pass that brings none of its own shows them.",
      "Give each pass its own: values.",
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

function said(path: PropertyKey[], message: string, cure: string): Finding {
  return warning("of_one_pass", pointerOf(path), message, cure);
}

function isOfObject(one: [PropertyKey[], unknown]): one is [PropertyKey[], Record<string, unknown>] {
  return isObject(one[1]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
