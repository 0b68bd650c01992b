/**
 * The barcodes: whether each phone and watch has one that it can draw.
 *
 * A template's barcodes may lack a message and an encoding: Edgepass writes them when it makes the pass.
 * Follows Apple's "Pass.Barcodes".
 */
import { error, type Finding, pointerOf, warning } from "../finding.ts";
import { type Json, listOf, objectOf, textOf } from "./json.ts";
import { messageFault } from "./symbologies.ts";
import type { View } from "./view.ts";

/** Drawn since iOS 9 or before, and by watches all but Code 128. */
const ON_WATCH = ["PKBarcodeFormatQR", "PKBarcodeFormatPDF417", "PKBarcodeFormatAztec"];
const CLASSIC = [...ON_WATCH, "PKBarcodeFormatCode128"];
/** Since iOS 27. */
const NEW = [
  "PKBarcodeFormatCode39",
  "PKBarcodeFormatCodabar",
  "PKBarcodeFormatEAN13",
  "PKBarcodeFormatI2of5",
];

/** The last code point that an encoding writes. Others write all, or are not known here. */
const LAST_CODE_POINT: Readonly<Record<string, number>> = {
  "us-ascii": 0x7f,
  ascii: 0x7f,
  "iso-8859-1": 0xff,
  "iso_8859-1": 0xff,
  latin1: 0xff,
};

export function* barcodeFindings(view: View): Iterable<Finding> {
  const { pass } = view;
  const several = listOf(pass.barcodes);
  const barcodes: readonly (readonly [Json, readonly PropertyKey[]])[] =
    several.length === 0 && pass.barcode !== undefined
      ? [[objectOf(pass.barcode), ["pass", "barcode"]]]
      : several.map((barcode, index) => [objectOf(barcode), ["pass", "barcodes", index]] as const);
  const [first] = barcodes;
  if (first === undefined) return;
  if (view.schemes.includes("posterEventTicket")) {
    yield warning(
      "barcode_on_poster",
      pointerOf(first[1].slice(0, 2)),
      "A poster event ticket has no barcode: it is read over NFC.",
      "Remove the barcodes, or remove posterEventTicket from preferredStyleSchemes.",
    );
  }
  yield* ofFormats(
    barcodes.map(([barcode]) => textOf(barcode.format) ?? ""),
    pointerOf(first[1]),
  );
  for (const [barcode, path] of barcodes) yield* ofBarcode(view, barcode, path);
}

function* ofFormats(formats: readonly string[], pointer: string): Iterable<Finding> {
  if (formats.every((format) => NEW.includes(format))) {
    yield warning(
      "barcode_needs_fallback",
      pointer,
      "iOS 26 and earlier draw none of these barcodes.",
      "Add a barcode after it whose format is PKBarcodeFormatQR, PDF417, Aztec or Code128.",
    );
  }
  const classic = formats.filter((format) => CLASSIC.includes(format));
  if (classic.length > 0 && !classic.some((format) => ON_WATCH.includes(format))) {
    yield warning(
      "barcode_not_on_watch",
      pointer,
      "Apple Watch does not draw Code 128, and the pass has no other barcode for it.",
      "Add a barcode after it whose format is PKBarcodeFormatQR, PDF417 or Aztec.",
    );
  }
}

function* ofBarcode(view: View, barcode: Json, path: readonly PropertyKey[]): Iterable<Finding> {
  yield* ofEncodingName(barcode, path);
  const message = textOf(barcode.message);
  if (message === undefined) return;
  if (message === "") {
    // In a template it means the serial number.
    if (view.isFile) {
      yield warning(
        "barcode_empty",
        pointerOf([...path, "message"]),
        "The barcode's message is empty: there is nothing to scan.",
        "Write what the scanner is to read, or remove the barcode.",
      );
    }
    return;
  }
  yield* ofEncoding(view, barcode, message, path);
  const fault = messageFault(textOf(barcode.format) ?? "", message);
  if (fault !== undefined)
    yield warning(fault.code, pointerOf([...path, "message"]), fault.message, fault.cure);
}

/** Apple asks for an IANA name, and the Encoding Standard has every one that is in use. */
function* ofEncodingName(barcode: Json, path: readonly PropertyKey[]): Iterable<Finding> {
  const encoding = textOf(barcode.messageEncoding);
  if (encoding === undefined || isEncoding(encoding)) return;
  yield warning(
    "message_encoding_unknown",
    pointerOf([...path, "messageEncoding"]),
    `"${encoding}" is no text encoding that IANA lists: Wallet may draw no barcode.`,
    'Write "iso-8859-1" or "utf-8".',
  );
}

function isEncoding(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return false;
  }
}

function* ofEncoding(
  view: View,
  barcode: Json,
  message: string,
  path: readonly PropertyKey[],
): Iterable<Finding> {
  const encoding = textOf(barcode.messageEncoding) ?? "";
  const last = LAST_CODE_POINT[encoding.toLowerCase()];
  const beyond = [...message].find((character) => (character.codePointAt(0) ?? 0) > (last ?? 0x10ffff));
  if (beyond === undefined) return;
  const report = view.isFile ? error : warning;
  yield report(
    "message_encoding_unfit",
    pointerOf([...path, "messageEncoding"]),
    `${encoding} cannot write "${beyond}" of the barcode's message.`,
    'Write "utf-8".',
  );
}
