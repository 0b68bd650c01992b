/**
 * pass.json of one pass: the template, then what its event overrides, then what the pass itself does (the later wins),
 * then what Edgepass sets itself.
 *
 * Values reach the fields of every style: posterGeneric and the style behind it show the same. The fields inside
 * upcomingPassInformation are the template's alone.
 *
 * Pure. What was legal when it was stored but would make Wallet refuse the pass now is left out here (a date style
 * over a value that is no date, an empty colour): a pass that looks plainer beats a pass that cannot be installed.
 * Follows Apple's "Pass" and "Pass.Barcodes".
 */
import { fits, kindOf } from "../fields.ts";
import {
  type Barcode,
  type Field,
  type FieldOverride,
  type FieldOverrides,
  type PassOverrides,
  SECTIONS,
  STYLES,
  type TemplatePass,
} from "../schema/schema.ts";

/** What makes a pass this pass. */
export interface PassIdentity {
  readonly passTypeIdentifier: string;
  readonly teamIdentifier: string;
  readonly serialNumber: string;
  readonly authenticationToken: string;
  /** No trailing slash, no query: clients append `/v1/…` as they see fit. */
  readonly webServiceURL: string;
}

/** What is laid over a template: by field key, and by key of pass.json. */
export interface Layer {
  readonly values: FieldOverrides;
  readonly overrides: PassOverrides;
}

export interface PassContent extends Layer {
  readonly event: Layer | undefined;
  /** Null: the barcodes show their own message, or the serial number. */
  readonly barcodeMessage: string | null;
  /** Null: the barcodes keep their own text. */
  readonly barcodeAltText: string | null;
  /** A redeemed pass is voided on the phone. */
  readonly redeemed: boolean;
}

/** Formats that iOS 6 to 8 knew, for the `barcode` key of that time. Other wallets still read it. */
const LEGACY_FORMATS = new Set(["PKBarcodeFormatQR", "PKBarcodeFormatPDF417", "PKBarcodeFormatAztec"]);
const COLOURS = [
  "backgroundColor",
  "foregroundColor",
  "labelColor",
  "footerBackgroundColor",
  "stripColor",
] as const;

const encoder = new TextEncoder();

/** The bytes of pass.json. */
export function renderPass(template: TemplatePass, content: PassContent, identity: PassIdentity): Uint8Array {
  const shown = shownPass(template, content, identity.serialNumber);
  return encoder.encode(JSON.stringify({ ...shown, ...identity, formatVersion: 1 }));
}

/** What a phone shows of a pass: pass.json without its identity. */
export function shownPass(template: TemplatePass, content: PassContent, serialNumber: string): TemplatePass {
  const layers: readonly Layer[] = content.event === undefined ? [content] : [content.event, content];
  const pass: TemplatePass = { ...template };
  for (const style of STYLES) {
    const given = template[style];
    if (given === undefined) continue;
    for (const section of SECTIONS) {
      const fields = given[section]?.map((field) =>
        renderField(
          field,
          layers.map(({ values }) => overrideOf(values, field.key)),
        ),
      );
      if (fields !== undefined) Object.assign(pass, { [style]: { ...pass[style], [section]: fields } });
    }
  }
  for (const { overrides } of layers) {
    for (const [key, value] of Object.entries(overrides)) {
      if (value === null)
        delete pass[key]; // as in a merge patch
      else pass[key] = value;
    }
  }
  for (const key of COLOURS) if (pass[key] === "") delete pass[key];
  if (content.redeemed) pass.voided = true;
  // One of them: the two keys of one side belong together.
  const own = layers.findLast(({ overrides }) => (overrides.barcodes ?? overrides.barcode) !== undefined);
  renderBarcodes(pass, own?.overrides ?? template, content, serialNumber);
  return pass;
}

/** Own keys only: a field may be named as something that every object has. */
function overrideOf(values: FieldOverrides, key: string): FieldOverride | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

function renderField(field: Field, overrides: readonly (FieldOverride | undefined)[]): Field {
  const rendered: Field = Object.assign({ ...field }, ...overrides);
  rendered.value ??= "";
  // An attributedValue is shown instead of the value: the template's would hide what this pass says.
  if (overrides.some((override) => override?.value !== undefined)) delete rendered.attributedValue;
  // Without %@ nothing of the new value is said; an empty text makes iOS show a bare notice.
  if (rendered.changeMessage === "") delete rendered.changeMessage;
  if (!fits(kindOf(rendered), rendered.value)) {
    delete rendered.dateStyle;
    delete rendered.timeStyle;
    delete rendered.isRelative;
    delete rendered.ignoresTimeZone;
    delete rendered.numberStyle;
    delete rendered.currencyCode;
  }
  return rendered;
}

/** Both keys: `barcodes` (iOS 9 and later) and the `barcode` that came before it and that other wallets read. */
function renderBarcodes(
  pass: TemplatePass,
  source: Pick<PassOverrides, "barcodes" | "barcode">,
  { barcodeMessage, barcodeAltText }: PassContent,
  serialNumber: string,
): void {
  const named = source.barcodes ?? (source.barcode === undefined ? [] : [source.barcode]);
  // A pass that brings a message is to be scanned: a template that names no format gets a QR code.
  const formats: Barcode[] =
    named.length === 0 && barcodeMessage !== null ? [{ format: "PKBarcodeFormatQR" }] : named;
  const barcodes = formats
    .map((barcode) => renderBarcode(barcode, barcodeMessage ?? (barcode.message || serialNumber)))
    .map((barcode) => (barcodeAltText === null ? barcode : { ...barcode, altText: barcodeAltText }))
    .filter((barcode) => barcode.message !== "");
  delete pass.barcodes;
  delete pass.barcode;
  if (barcodes.length === 0) return;
  pass.barcodes = barcodes;
  const legacy = barcodes.find((barcode) => LEGACY_FORMATS.has(barcode.format));
  if (legacy !== undefined) pass.barcode = legacy;
}

function renderBarcode(barcode: Barcode, message: string) {
  // ISO 8859-1 is what most scanners expect; what it cannot write goes out as UTF-8.
  const latin1 = [...message].every((character) => (character.codePointAt(0) ?? 0) <= 0xff);
  const messageEncoding = latin1 ? (barcode.messageEncoding ?? "iso-8859-1") : "utf-8";
  return { ...barcode, message, messageEncoding };
}
