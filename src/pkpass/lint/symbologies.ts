/**
 * What each kind of barcode can encode, and how much of it a scanner can read from a phone.
 *
 * Follows ISO/IEC 18004 (QR), 15438 (PDF417), 24778 (Aztec), 15417 (Code 128), 16388 (Code 39), 15420 (EAN), EN 798
 * (Codabar) and ISO/IEC 16390 (Interleaved 2 of 5). The limit for dense codes is a rule of thumb: above it, bars are
 * one pixel wide or less.
 */
import { encodeText } from "../text/encode.ts";

export interface MessageFault {
  readonly code: "barcode_message_invalid" | "barcode_too_dense";
  readonly message: string;
  readonly cure: string;
}

interface Symbology {
  readonly name: string;
  /** What is wrong with the characters, and the cure; undefined if they are valid. */
  readonly fault?: (message: string) => readonly [fault: string, cure: string] | undefined;
  /** Capacity: digits if there are only digits, else bytes. Linear codes have no limit. */
  readonly max?: { readonly digits: number; readonly bytes: number };
  /** With more bytes, many scanners fail. */
  readonly dense: number;
}

const encoder = new TextEncoder();

const SYMBOLOGIES: Readonly<Record<string, Symbology>> = {
  PKBarcodeFormatQR: { name: "A QR code", max: { digits: 7089, bytes: 2953 }, dense: 1000 },
  PKBarcodeFormatPDF417: { name: "A PDF417 code", max: { digits: 2710, bytes: 1108 }, dense: 700 },
  PKBarcodeFormatAztec: { name: "An Aztec code", max: { digits: 3832, bytes: 1914 }, dense: 1000 },
  PKBarcodeFormatCode128: {
    name: "A Code 128 barcode",
    fault: (message) =>
      [...message].every((character) => character <= "\x7f")
        ? undefined
        : ["can contain only ASCII characters", "Remove the other characters, or use another format"],
    dense: 48,
  },
  PKBarcodeFormatCode39: {
    name: "A Code 39 barcode",
    fault: (message) =>
      /^[0-9A-Z .$/+%-]+$/.test(message)
        ? undefined
        : [
            "can contain only digits, capital letters, spaces and - . $ / + %",
            "Remove the other characters, or use another format",
          ],
    dense: 30,
  },
  PKBarcodeFormatCodabar: {
    name: "A Codabar barcode",
    fault: (message) =>
      /^(?:[0-9$:/.+-]+|[A-D][0-9$:/.+-]+[A-D])$/i.test(message)
        ? undefined
        : [
            "can contain only digits and - $ : / . +, optionally between two letters from A to D",
            "Remove the other characters, or use another format",
          ],
    dense: 30,
  },
  PKBarcodeFormatEAN13: { name: "An EAN-13 barcode", fault: findEanFault, dense: 48 },
  PKBarcodeFormatI2of5: {
    name: "An Interleaved 2 of 5 barcode",
    fault: (message) =>
      /^(?:[0-9][0-9])+$/.test(message)
        ? undefined
        : ["must be an even number of digits and nothing else", "Add a leading zero, or use another format"],
    dense: 48,
  },
};

/**
 * Why a scanner could not read the message from a barcode of this format.
 * @param messageEncoding by default ISO 8859-1, or UTF-8 for a message that it cannot encode
 * @returns undefined if a scanner can read it, or if the format is unknown
 */
export function findMessageFault(
  format: string,
  message: string,
  messageEncoding = "iso-8859-1",
): MessageFault | undefined {
  const symbology = Object.hasOwn(SYMBOLOGIES, format) ? SYMBOLOGIES[format] : undefined;
  if (symbology === undefined) return undefined;
  const { name, max, dense } = symbology;
  const fault = symbology.fault?.(message);
  if (fault !== undefined) {
    return { code: "barcode_message_invalid", message: `${name} ${fault[0]}.`, cure: `${fault[1]}.` };
  }
  const { length: bytes } = encodeText(message, messageEncoding) ?? encoder.encode(message);
  const isDigits = /^[0-9]+$/.test(message);
  const limit = isDigits ? max?.digits : max?.bytes;
  const shorter = "Write a shorter message, such as an ID that your system can look up.";
  if (limit !== undefined && bytes > limit) {
    return {
      code: "barcode_message_invalid",
      message: `${name} can contain at most ${limit} ${isDigits ? "digits" : "bytes"}, but the message has ${bytes}.`,
      cure: shorter,
    };
  }
  if (bytes <= (isDigits ? dense * 2 : dense)) return undefined;
  return {
    code: "barcode_too_dense",
    message: `${name} with ${bytes} bytes is too dense for many scanners.`,
    cure: shorter,
  };
}

function findEanFault(message: string): readonly [string, string] | undefined {
  if (!/^[0-9]{12,13}$/.test(message))
    return ["must be thirteen digits and nothing else", "Write thirteen digits"];
  const check = checkDigit(message.slice(0, 12));
  if (message.length === 12)
    return ["must be thirteen digits, but there are only twelve", `Append the check digit, ${check}`];
  if (message.endsWith(check)) return undefined;
  return ["must end with a valid check digit", `Write ${check} as the last digit, if the others are correct`];
}

/** ISO/IEC 15420 §4.3.1: a sum with the alternating weights 1 and 3. */
function checkDigit(twelve: string): string {
  const sum = [...twelve].reduce(
    (total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3),
    0,
  );
  return String((10 - (sum % 10)) % 10);
}
