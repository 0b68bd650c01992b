/**
 * Removes the parts of an imported pass.json that belong only to that pass, and corrects its dates.
 *
 * Removed: the identity and the web service, which Edgepass sets in each pass; `voided`; a barcode's message if it is the
 * serial number; and the text under a barcode if it is the message or the serial number, so that each pass shows its own.
 * Corrected: fractions of seconds, which many tools write into dates and Wallet refuses.
 * Follows Apple's "Pass" and "Pass.Barcodes".
 */
import { isObject, type JsonObject, pointerTo } from "../json.ts";
import { type Finding, warning } from "../pkpass/finding.ts";
import { RESERVED_KEYS } from "../pkpass/schema/schema.ts";

export interface OwnParts {
  /** pass.json without these parts. */
  readonly pass: Record<string, unknown>;
  /** "message" if a barcode of the file had its message, or the serial number, as the text under it. */
  readonly barcodeText: "message" | undefined;
  readonly findings: readonly Finding[];
}

/** A date with fractions of seconds, as JavaScript writes it. */
const FRACTION = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+(Z|[+-]\d\d:\d\d)$/;
/** Keys with text for people, even if it looks like a date. */
const FIELD_TEXTS = new Set(["value", "attributedValue", "label", "message", "altText"]);

export function withoutOwnParts(whole: JsonObject): OwnParts {
  const findings: Finding[] = [];
  const pass: Record<string, unknown> = { ...whole };
  for (const key of [...Object.keys(RESERVED_KEYS), "voided"]) delete pass[key];
  // A template may have only 1, which Edgepass writes into each pass.
  if (pass.formatVersion !== 1) delete pass.formatVersion;
  if (whole.voided === true) findings.push(voidedPass());
  for (const [key, value] of Object.entries(pass))
    if (key !== "userInfo") pass[key] = withoutFractions(value);
  const texts = ownTexts(pass, whole.serialNumber);
  const barcodeText = texts.size > 0 ? "message" : undefined;
  const strip = (barcode: unknown, path: PropertyKey[]) => {
    if (!isObject(barcode)) return barcode;
    const { message, altText, ...others } = barcode;
    const isOwnText = texts.has(barcode);
    if (isOwnText && altText !== message) findings.push(textOfSerialNumber(path));
    // A barcode without an altText gets an empty one, because with barcodeText it would otherwise show its message.
    const kept = isOwnText ? undefined : (altText ?? (barcodeText && ""));
    return {
      ...others,
      ...(message === undefined || message === whole.serialNumber ? {} : { message }),
      ...(kept === undefined ? {} : { altText: kept }),
    };
  };
  if (Array.isArray(pass.barcodes))
    pass.barcodes = pass.barcodes.map((barcode: unknown, index) =>
      strip(barcode, ["pass", "barcodes", index]),
    );
  if (pass.barcode !== undefined) pass.barcode = strip(pass.barcode, ["pass", "barcode"]);
  return { pass, barcodeText, findings };
}

/** The barcodes whose text below is their message, or the serial number. */
function ownTexts({ barcodes, barcode }: JsonObject, serialNumber: unknown): ReadonlySet<unknown> {
  const all: readonly unknown[] = [...(Array.isArray(barcodes) ? barcodes : []), barcode];
  return new Set(
    all.filter((one) => {
      if (!isObject(one) || typeof one.altText !== "string" || one.altText === "") return false;
      return one.altText === one.message || one.altText === serialNumber;
    }),
  );
}

/**
 * Removes fractions of seconds from dates, but not from the value of a field without a date style. A value that has none
 * stays the same object.
 */
function withoutFractions(value: unknown, isText = false): unknown {
  if (typeof value === "string") return isText ? value : value.replace(FRACTION, "$1$2");
  if (Array.isArray(value)) {
    const items = value.map((item) => withoutFractions(item, isText));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isObject(value)) return value;
  const isDate = value.dateStyle !== undefined || value.timeStyle !== undefined;
  let isChanged = false;
  const members = Object.entries(value).map(([key, member]) => {
    const corrected = withoutFractions(member, FIELD_TEXTS.has(key) && !(key === "value" && isDate));
    isChanged ||= corrected !== member;
    return [key, corrected];
  });
  return isChanged ? Object.fromEntries(members) : value;
}

function voidedPass(): Finding {
  return warning(
    "pass_specific_value",
    "/pass/voided",
    "The imported pass is voided. The template is not, so its passes are valid.",
    "Nothing needs to be done, unless all passes of the template are void: then set pass.voided in each pass.",
  );
}

function textOfSerialNumber(path: PropertyKey[]): Finding {
  return warning(
    "pass_specific_value",
    pointerTo([...path, "altText"]),
    "The text under the barcode is the serial number of the imported pass. The passes of the template show the message of their barcode there.",
    "To show another text, set barcodeAltText in each pass.",
  );
}
