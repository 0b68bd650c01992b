/**
 * Checks that every iPhone and Apple Watch can draw one of the barcodes, and that their messages are valid.
 *
 * The barcodes of a template may lack a message and an encoding: Edgepass adds them when it builds the pass.
 * Follows Apple's "Pass.Barcodes".
 */

import { type JsonObject, pointerTo } from "../../json.ts";
import { CLASSIC_BARCODE_FORMATS, NEW_BARCODE_FORMATS } from "../enumerations.ts";
import { error, type Finding, warning } from "../finding.ts";
import { findUnencodable, isEncoding } from "../text/encode.ts";
import { asArray, asObject, asString } from "./narrow.ts";
import { findMessageFault } from "./symbologies.ts";
import type { View } from "./view.ts";

/** Apple Watch draws all classic formats except Code 128. */
const ON_WATCH = ["PKBarcodeFormatQR", "PKBarcodeFormatPDF417", "PKBarcodeFormatAztec"];
const CLASSIC: readonly string[] = CLASSIC_BARCODE_FORMATS;
const NEW: readonly string[] = NEW_BARCODE_FORMATS;

export function* barcodeFindings(view: View): Iterable<Finding> {
  const barcodes = [...findBarcodes(view.pass)];
  const [first] = barcodes;
  if (first === undefined) return;
  if (view.schemes.includes("posterEventTicket")) {
    yield warning(
      "barcode_on_poster",
      pointerTo(first[1].slice(0, 2)),
      "A poster event ticket shows no barcode: readers use NFC.",
      "Remove the barcodes, or remove posterEventTicket from preferredStyleSchemes.",
    );
  }
  yield* checkFormats(
    barcodes.map(([barcode]) => asString(barcode.format) ?? ""),
    pointerTo(first[1]),
  );
  for (const [barcode, path] of barcodes) yield* checkBarcode(view, barcode, path);
}

/** All barcodes with their paths, except for a `barcode` that only repeats one of `barcodes`. */
function* findBarcodes(pass: JsonObject): Iterable<readonly [JsonObject, readonly PropertyKey[]]> {
  const several = asArray(pass.barcodes).map(asObject);
  for (const [index, barcode] of several.entries()) yield [barcode, ["pass", "barcodes", index]];
  if (pass.barcode === undefined) return;
  const single = asObject(pass.barcode);
  const keys = ["format", "message", "messageEncoding"];
  if (!several.some((barcode) => keys.every((key) => barcode[key] === single[key])))
    yield [single, ["pass", "barcode"]];
}

function* checkFormats(formats: readonly string[], pointer: string): Iterable<Finding> {
  if (formats.every((format) => NEW.includes(format))) {
    yield warning(
      "barcode_needs_fallback",
      pointer,
      "iOS 26 and earlier cannot draw any of these barcodes.",
      "After it, add a barcode with the format PKBarcodeFormatQR, PKBarcodeFormatPDF417, PKBarcodeFormatAztec or PKBarcodeFormatCode128.",
    );
  }
  const classic = formats.filter((format) => CLASSIC.includes(format));
  if (classic.length > 0 && !classic.some((format) => ON_WATCH.includes(format))) {
    yield warning(
      "barcode_not_on_watch",
      pointer,
      "Apple Watch cannot draw Code 128, and the pass has no barcode that it can draw.",
      "After it, add a barcode with the format PKBarcodeFormatQR, PKBarcodeFormatPDF417 or PKBarcodeFormatAztec.",
    );
  }
}

function* checkBarcode(view: View, barcode: JsonObject, path: readonly PropertyKey[]): Iterable<Finding> {
  yield* checkEncodingName(barcode, path);
  const message = asString(barcode.message);
  if (message === undefined) return;
  if (message === "") {
    // In a template an empty message means the serial number.
    if (view.isFile) {
      yield warning(
        "barcode_empty",
        pointerTo([...path, "message"]),
        "The message of the barcode is empty, so there is nothing to scan.",
        "Write the text that the scanner should read, or remove the barcode.",
      );
    }
    return;
  }
  yield* checkEncoding(view, barcode, message, path);
  const fault = findMessageFault(asString(barcode.format) ?? "", message, asString(barcode.messageEncoding));
  if (fault !== undefined)
    yield warning(fault.code, pointerTo([...path, "message"]), fault.message, fault.cure);
}

/** Apple demands an IANA name. The Encoding Standard contains all names that are used in practice. */
function* checkEncodingName(barcode: JsonObject, path: readonly PropertyKey[]): Iterable<Finding> {
  const encoding = asString(barcode.messageEncoding);
  if (encoding === undefined || isEncoding(encoding)) return;
  yield warning(
    "message_encoding_unknown",
    pointerTo([...path, "messageEncoding"]),
    `"${encoding}" is not a text encoding registered with IANA. Wallet may not draw the barcode.`,
    'Write "iso-8859-1" or "utf-8".',
  );
}

function* checkEncoding(
  view: View,
  barcode: JsonObject,
  message: string,
  path: readonly PropertyKey[],
): Iterable<Finding> {
  const encoding = asString(barcode.messageEncoding);
  if (encoding === undefined || !isEncoding(encoding)) return;
  const unencodable = findUnencodable(message, encoding);
  if (unencodable === undefined) return;
  const report = view.isFile ? error : warning;
  const instead = view.isFile ? "" : " Edgepass writes the barcode in UTF-8 instead.";
  yield report(
    "message_encoding_mismatch",
    pointerTo([...path, "messageEncoding"]),
    `${encoding} cannot encode "${unencodable}", which is in the message of the barcode.${instead}`,
    `Write "utf-8", or use a message that ${encoding} can encode.`,
  );
}
