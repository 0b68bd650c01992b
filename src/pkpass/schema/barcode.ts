/**
 * The barcodes of a pass.
 *
 * Follows Apple's "Pass.Barcodes".
 */
import * as z from "zod";
import { BARCODE_FORMATS } from "../enumerations.ts";
import { text } from "./primitives.ts";

/** For a pass or an event: one for each format, because a phone shows the first barcode that it can draw. */
export const MAX_OWN_BARCODES = BARCODE_FORMATS.length;

const format = z.enum(BARCODE_FORMATS);

/** A barcode of a template. Without a message it encodes the pass's barcodeMessage, or its serial number. */
export const barcode = z
  .looseObject({
    format,
    message: text.optional(),
    messageEncoding: text.optional(),
    altText: text.optional(),
  })
  .meta({ id: "Barcode" });
export type Barcode = z.infer<typeof barcode>;

/** A barcode in a finished pass. */
export const finishedBarcode = z
  .looseObject({ format, message: text, messageEncoding: text, altText: text.optional() })
  .meta({ title: "Barcode" });
