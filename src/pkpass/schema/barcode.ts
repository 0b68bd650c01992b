/**
 * What a scanner reads off a pass.
 *
 * Follows Apple's "Pass.Barcodes".
 */
import * as z from "zod";
import { text } from "./primitives.ts";

/** The last four are drawn by iOS 27 and later only. */
const BARCODE_FORMATS = [
  "PKBarcodeFormatQR",
  "PKBarcodeFormatPDF417",
  "PKBarcodeFormatAztec",
  "PKBarcodeFormatCode128",
  "PKBarcodeFormatCode39",
  "PKBarcodeFormatCodabar",
  "PKBarcodeFormatEAN13",
  "PKBarcodeFormatI2of5",
] as const;

const format = z.enum(BARCODE_FORMATS);

/** A barcode of a template. Without a message it shows the pass's barcodeMessage, or its serial number. */
export const barcode = z
  .looseObject({
    format,
    message: text.optional(),
    messageEncoding: text.optional(),
    altText: text.optional(),
  })
  .meta({ id: "Barcode" });
export type Barcode = z.infer<typeof barcode>;

/** A barcode as a phone reads it. */
export const wholeBarcode = z
  .looseObject({ format, message: text, messageEncoding: text, altText: text.optional() })
  .meta({ title: "Barcode" });
