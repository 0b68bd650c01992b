/**
 * The values that Apple documents for members of pass.json with a fixed set of values.
 *
 * It imports nothing, so that pages in browsers can use it without the schema's library. Follows Apple's "PassFieldContent",
 * "PassFields" and "Pass.Barcodes".
 */

/** The values of dateStyle and timeStyle. */
export const DATE_STYLES = [
  "PKDateStyleNone",
  "PKDateStyleShort",
  "PKDateStyleMedium",
  "PKDateStyleLong",
  "PKDateStyleFull",
] as const;

export const NUMBER_STYLES = [
  "PKNumberStyleDecimal",
  "PKNumberStylePercent",
  "PKNumberStyleScientific",
  "PKNumberStyleSpellOut",
] as const;

export const TEXT_ALIGNMENTS = [
  "PKTextAlignmentLeft",
  "PKTextAlignmentCenter",
  "PKTextAlignmentRight",
  "PKTextAlignmentNatural",
] as const;

export const TRANSIT_TYPES = [
  "PKTransitTypeAir",
  "PKTransitTypeBoat",
  "PKTransitTypeBus",
  "PKTransitTypeGeneric",
  "PKTransitTypeTrain",
] as const;

/** Supported since iOS 9 or earlier. */
export const CLASSIC_BARCODE_FORMATS = [
  "PKBarcodeFormatQR",
  "PKBarcodeFormatPDF417",
  "PKBarcodeFormatAztec",
  "PKBarcodeFormatCode128",
] as const;

/** Only iOS 27 and later draw these. */
export const NEW_BARCODE_FORMATS = [
  "PKBarcodeFormatCode39",
  "PKBarcodeFormatCodabar",
  "PKBarcodeFormatEAN13",
  "PKBarcodeFormatI2of5",
] as const;

export const BARCODE_FORMATS = [...CLASSIC_BARCODE_FORMATS, ...NEW_BARCODE_FORMATS] as const;
