/**
 * The barcodes of a draft. Pure. The first one is edited, and the others are kept.
 *
 * `barcode` is for older systems: Edgepass repeats the first of `barcodes` in it (src/pkpass/build/barcodes.ts). So the draft has it
 * only if it says something else.
 */
import { isObject, type JsonObject } from "../../../../json.ts";
import { withMember } from "../draft/pass-members.ts";

export const BARCODE_OPTIONS = [
  ["PKBarcodeFormatQR", "QR code"],
  ["PKBarcodeFormatPDF417", "PDF417"],
  ["PKBarcodeFormatAztec", "Aztec"],
  ["PKBarcodeFormatCode128", "Code 128"],
  ["PKBarcodeFormatCode39", "Code 39 (from iOS 27)"],
  ["PKBarcodeFormatCodabar", "Codabar (from iOS 27)"],
  ["PKBarcodeFormatEAN13", "EAN-13 (from iOS 27)"],
  ["PKBarcodeFormatI2of5", "Interleaved 2 of 5 (from iOS 27)"],
] as const;
const SINCE_IOS_9 = 4;

/** ISO 8859-1 is what Edgepass takes if it can write the code (pkpass/build/barcodes.ts). */
export const ENCODINGS = [
  ["", "Automatic"],
  ["iso-8859-1", "Western European (ISO 8859-1)"],
  ["utf-8", "All languages (UTF-8)"],
] as const;

/** The barcodes that phones get: an empty list counts as none. */
export function barcodesIn({ barcodes, barcode }: JsonObject): readonly JsonObject[] {
  const several = Array.isArray(barcodes) ? barcodes.filter(isObject) : [];
  if (several.length > 0) return several;
  return isObject(barcode) ? [barcode] : [];
}

/** The pointer to the first barcode, for the findings about it. */
export function firstBarcodePointer({ barcodes }: JsonObject): string {
  return Array.isArray(barcodes) && barcodes.length > 0 ? "/pass/barcodes/0" : "/pass/barcode";
}

/** The pass with these barcodes. Without any it has neither key. */
export function withBarcodes(pass: JsonObject, barcodes: readonly JsonObject[]): JsonObject {
  const { barcode } = pass;
  const repeats = barcodesIn(pass).some((each) => isSame(each, barcode));
  const own = barcodes.length === 0 || repeats ? undefined : barcode;
  return withMember(
    withMember(pass, "barcodes", barcodes.length === 0 ? undefined : barcodes),
    "barcode",
    own,
  );
}

/** The pass with another first barcode. */
export function withFirstBarcode(pass: JsonObject, barcode: JsonObject): JsonObject {
  return withBarcodes(pass, [barcode, ...barcodesIn(pass).slice(1)]);
}

/** The words for a format, or the format that this version does not know. */
export function formatName({ format }: JsonObject): string {
  return BARCODE_OPTIONS.find(([each]) => each === format)?.[1] ?? String(format ?? "Unknown");
}

/** Whether phones before iOS 27 draw none of the barcodes. */
export function needsOlderCode(barcodes: readonly JsonObject[]): boolean {
  const older: readonly unknown[] = BARCODE_OPTIONS.slice(0, SINCE_IOS_9).map(([format]) => format);
  return barcodes.length > 0 && !barcodes.some(({ format }) => older.includes(format));
}

function isSame(one: JsonObject, other: unknown): boolean {
  return (
    isObject(other) &&
    ["format", "message", "messageEncoding"].every((member) => one[member] === other[member])
  );
}
