/**
 * pass.json of one pass: the template, then what the pass overrides, then what Edgepass sets itself.
 *
 * Pure. What was legal when it was stored but would make Wallet refuse the pass now is left out here (a date style
 * over a value that is no date, an empty colour): a pass that looks plainer beats a pass that cannot be installed.
 * Follows Apple's "Pass" and "Pass.Barcodes".
 */
import { fits, kindOf } from "./fields.ts";
import {
  type Barcode,
  type Field,
  type FieldOverride,
  type FieldOverrides,
  type PassOverrides,
  SECTIONS,
  STYLES,
  type TemplatePass,
} from "./schema.ts";

/** What makes a pass this pass. */
export interface PassIdentity {
  readonly passTypeIdentifier: string;
  readonly teamIdentifier: string;
  readonly serialNumber: string;
  readonly authenticationToken: string;
  /** No trailing slash, no query: clients append `/v1/…` as they see fit. */
  readonly webServiceURL: string;
}

export interface PassContent {
  readonly values: FieldOverrides;
  readonly overrides: PassOverrides;
  readonly barcodeMessage: string | null;
  /** A redeemed pass is voided on the phone. */
  readonly redeemed: boolean;
}

/** Formats that iOS 6 to 8 knew, for the `barcode` key of that time. Other wallets still read it. */
const LEGACY_FORMATS = new Set(["PKBarcodeFormatQR", "PKBarcodeFormatPDF417", "PKBarcodeFormatAztec"]);
const COLOURS = ["backgroundColor", "foregroundColor", "labelColor"] as const;

const encoder = new TextEncoder();

/** The bytes of pass.json. */
export function renderPass(template: TemplatePass, content: PassContent, identity: PassIdentity): Uint8Array {
  const pass: Record<string, unknown> = { ...template, ...content.overrides, ...identity, formatVersion: 1 };
  for (const style of STYLES) {
    const given = template[style];
    if (given === undefined) continue;
    const rendered: Record<string, unknown> = { ...given };
    for (const section of SECTIONS) {
      const fields = given[section];
      if (fields !== undefined)
        rendered[section] = fields.map((field) => renderField(field, overrideOf(content.values, field.key)));
    }
    pass[style] = rendered;
  }
  // As in a merge patch: a null takes away what the template has.
  for (const [key, value] of Object.entries(content.overrides)) if (value === null) delete pass[key];
  for (const key of COLOURS) if (pass[key] === "") delete pass[key];
  if (content.redeemed) pass.voided = true;
  const own = content.overrides.barcodes !== undefined || content.overrides.barcode !== undefined;
  renderBarcodes(
    pass,
    own ? content.overrides : template, // one or the other: the two keys of one side belong together
    content.barcodeMessage ?? identity.serialNumber,
    {
      given: content.barcodeMessage !== null,
    },
  );
  return encoder.encode(JSON.stringify(pass));
}

/** Own keys only: a field may be named as something that every object has. */
function overrideOf(values: FieldOverrides, key: string): FieldOverride | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

function renderField(field: Field, override: FieldOverride | undefined): Field {
  const rendered: Field = { ...field, ...override };
  rendered.value ??= "";
  // An attributedValue is shown instead of the value: the template's would hide what this pass says.
  if (override?.value !== undefined) delete rendered.attributedValue;
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
  pass: Record<string, unknown>,
  source: { barcodes?: Barcode[] | undefined; barcode?: Barcode | undefined },
  message: string,
  { given }: { given: boolean },
): void {
  const named = source.barcodes ?? (source.barcode === undefined ? [] : [source.barcode]);
  // A pass that brings a message is to be scanned: a template that names no format gets a QR code.
  const formats: Barcode[] = named.length === 0 && given ? [{ format: "PKBarcodeFormatQR" }] : named;
  const barcodes = formats
    .map((barcode) => renderBarcode(barcode, given ? message : barcode.message || message))
    .filter((barcode) => barcode.message !== "");
  if (barcodes.length === 0) {
    delete pass.barcodes;
    delete pass.barcode;
    return;
  }
  pass.barcodes = barcodes;
  const legacy = barcodes.find((barcode) => LEGACY_FORMATS.has(barcode.format));
  if (legacy === undefined) delete pass.barcode;
  else pass.barcode = legacy;
}

function renderBarcode(barcode: Barcode, message: string) {
  // ISO 8859-1 is what most scanners expect; what it cannot write goes out as UTF-8.
  const latin1 = [...message].every((character) => (character.codePointAt(0) ?? 0) <= 0xff);
  const messageEncoding = latin1 ? (barcode.messageEncoding ?? "iso-8859-1") : "utf-8";
  return { ...barcode, message, messageEncoding };
}
