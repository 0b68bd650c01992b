/**
 * The barcode of an object: the first of the pass that Google can draw.
 *
 * Follows https://developers.google.com/wallet/reference/rest/v1/BarcodeType.
 */
import type { ShownBarcode } from "../pkpass/build/barcodes.ts";
import { compact } from "./compact.ts";
import { defaultText, type Languages, localizeText } from "./localized.ts";
import type { GoogleBarcode } from "./types.ts";

const TYPES: Readonly<Record<ShownBarcode["format"], string>> = {
  PKBarcodeFormatQR: "QR_CODE",
  PKBarcodeFormatPDF417: "PDF_417",
  PKBarcodeFormatAztec: "AZTEC",
  PKBarcodeFormatCode128: "CODE_128",
  PKBarcodeFormatCode39: "CODE_39",
  PKBarcodeFormatCodabar: "CODABAR",
  PKBarcodeFormatEAN13: "EAN_13",
  PKBarcodeFormatI2of5: "ITF_14",
};

/** Messages that Google's type can hold, if it cannot hold all that Apple's format can. */
const MESSAGES: Readonly<Record<string, RegExp>> = { EAN_13: /^\d{13}$/, ITF_14: /^\d{14}$/ };

/** Google's type of a barcode; undefined if Google cannot draw it. */
export function barcodeTypeOf(format: ShownBarcode["format"], message: string): string | undefined {
  const type = TYPES[format];
  return MESSAGES[type]?.test(message) === false ? undefined : type;
}

export function barcodeOf(
  languages: Languages,
  barcodes: readonly ShownBarcode[] | undefined,
): GoogleBarcode | undefined {
  for (const { format, message, messageEncoding, altText } of barcodes ?? []) {
    const type = message.trim() === "" ? undefined : barcodeTypeOf(format, message);
    if (type === undefined) continue;
    const isUtf8 = type === "QR_CODE" && messageEncoding?.toLowerCase() === "utf-8";
    return compact<GoogleBarcode>({
      type,
      value: message,
      alternateText: defaultText(localizeText(languages, altText)),
      renderEncoding: isUtf8 ? "UTF_8" : undefined,
    });
  }
  return undefined;
}
