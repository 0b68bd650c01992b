/**
 * A pass.json that a person types becomes one that can be drawn: what has the wrong type is left out, and what is missing is empty.
 * Pure. The drawing (src/pages/card) is for passes that the service has checked.
 */
import { isNumber, isObject, type JsonObject, toText } from "../../../json.ts";
import type { Semantics } from "../../../pkpass/collect-semantics.ts";
import {
  BARCODE_FORMATS,
  DATE_STYLES,
  NUMBER_STYLES,
  TEXT_ALIGNMENTS,
  TRANSIT_TYPES,
} from "../../../pkpass/enumerations.ts";
import type { Barcode, Field, TemplatePass } from "../../../pkpass/schema/schema.ts";
import { SECTIONS, STYLES } from "../../../pkpass/styles.ts";

const TEXTS = [
  "logoText",
  "eventLogoText",
  "backgroundColor",
  "foregroundColor",
  "labelColor",
  "footerBackgroundColor",
  "stripColor",
] as const;
const FLAGS = ["voided", "suppressHeaderDarkening", "useAutomaticColors"] as const;
/** What a barcode without a message says here. A pass has its serial number there, which a template does not know. */
const SAMPLE = "1234567890";
/** The last digit is the check digit. */
const SAMPLE_EAN = "1234567890128";

/** Never throws, whatever the JSON is. */
export function drawablePass(json: JsonObject): TemplatePass {
  const pass: TemplatePass = {
    description: textOf(json.description) ?? "",
    organizationName: textOf(json.organizationName) ?? "",
  };
  for (const key of TEXTS) {
    const text = textOf(json[key]);
    if (text !== undefined) pass[key] = text;
  }
  for (const key of FLAGS) if (json[key] === true) pass[key] = true;
  // The drawing only asks whether there is one.
  if (isObject(json.nfc)) Object.assign(pass, { nfc: {} });
  const schemes = listIn(json.preferredStyleSchemes).filter((scheme) => typeof scheme === "string");
  if (schemes.length > 0) pass.preferredStyleSchemes = schemes;
  for (const style of STYLES) {
    const sections = json[style];
    if (!isObject(sections)) continue;
    const fields = SECTIONS.flatMap((section) => {
      const drawn = objectsIn(sections[section]).map(fieldOf);
      return drawn.length === 0 ? [] : [[section, drawn]];
    });
    const transitType = oneOf(sections.transitType, TRANSIT_TYPES) ?? "PKTransitTypeGeneric";
    const more = style === "boardingPass" ? { transitType } : {};
    Object.assign(pass, { [style]: { ...Object.fromEntries(fields), ...more } });
  }
  if (isObject(json.semantics)) pass.semantics = tagsOf(json.semantics);
  // An empty list counts as none (src/pkpass/build/barcodes.ts).
  const several = listIn(json.barcodes);
  const barcodes = objectsIn(several.length > 0 ? several : [json.barcode]).flatMap(
    (barcode) => barcodeOf(barcode) ?? [],
  );
  if (barcodes.length > 0) pass.barcodes = barcodes;
  return pass;
}

function fieldOf(json: JsonObject): Field {
  const field: Field = { key: textOf(json.key) ?? "", value: fieldValue(json.value) };
  const currency = textOf(json.currencyCode);
  return Object.assign(
    field,
    known({
      label: textOf(json.label),
      attributedValue: fieldValue(json.attributedValue),
      dateStyle: oneOf(json.dateStyle, DATE_STYLES),
      timeStyle: oneOf(json.timeStyle, DATE_STYLES),
      numberStyle: oneOf(json.numberStyle, NUMBER_STYLES),
      currencyCode: /^[A-Z]{3}$/.test(currency ?? "") ? currency : undefined,
      textAlignment: oneOf(json.textAlignment, TEXT_ALIGNMENTS),
      row: json.row === 1 ? 1 : undefined,
      dataDetectorTypes: Array.isArray(json.dataDetectorTypes)
        ? json.dataDetectorTypes.filter((type) => typeof type === "string")
        : undefined,
      semantics: isObject(json.semantics) ? tagsOf(json.semantics) : undefined,
    }),
  );
}

function barcodeOf(json: JsonObject): Barcode | undefined {
  const format = oneOf(json.format, BARCODE_FORMATS);
  if (format === undefined) return undefined;
  const message = textOf(json.message) ?? (format === "PKBarcodeFormatEAN13" ? SAMPLE_EAN : SAMPLE);
  const encoding = textOf(json.messageEncoding);
  return { format, ...known({ message, messageEncoding: encoding, altText: textOf(json.altText) }) };
}

function tagsOf(json: JsonObject): Semantics {
  const tags = Object.entries(json).flatMap(([tag, value]) => {
    const drawn = tagOf(tag, value);
    return drawn === undefined ? [] : [[tag, drawn]];
  });
  return Object.assign({}, Object.fromEntries(tags));
}

/** The drawing shows most tags as a text. Of performers it only asks whether there are any. */
function tagOf(tag: string, value: unknown): unknown {
  switch (tag) {
    case "seats":
      return objectsIn(value).map(textsIn);
    case "performerNames":
      return listIn(value);
    case "passengerName":
      return isObject(value) ? textsIn(value) : undefined;
    case "eventStartDateInfo":
      return isObject(value) ? value : undefined;
    default:
      return textOf(value);
  }
}

function textsIn(json: JsonObject): Record<string, string> {
  const texts = Object.entries(json).flatMap(([key, value]) => {
    const text = textOf(value);
    return text === undefined ? [] : [[key, text]];
  });
  return Object.fromEntries(texts);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || isNumber(value) ? toText(value) : undefined;
}

function fieldValue(value: unknown): Field["value"] {
  return typeof value === "string" || isNumber(value) ? value : undefined;
}

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const objectsIn = (value: unknown): JsonObject[] => listIn(value).filter(isObject);

function oneOf<const Name extends string>(value: unknown, names: readonly Name[]): Name | undefined {
  return names.find((name) => name === value);
}

/** The object without the members that are undefined. */
function known<Members extends object>(members: Members): Members {
  for (const key of Object.keys(members)) {
    if (Reflect.get(members, key) === undefined) Reflect.deleteProperty(members, key);
  }
  return members;
}
