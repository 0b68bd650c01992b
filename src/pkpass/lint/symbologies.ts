/**
 * What each kind of barcode can say, and how much of it a scanner still reads from a phone.
 *
 * Follows ISO/IEC 18004 (QR), 15438 (PDF417), 24778 (Aztec), 15417 (Code 128), 16388 (Code 39), 15420 (EAN), EN 798
 * (Codabar) and ISO/IEC 16390 (Interleaved 2 of 5). What is dense is a rule of thumb: bars of one pixel and less.
 */

export interface MessageFault {
  readonly code: "barcode_unfit" | "barcode_dense";
  readonly message: string;
  readonly cure: string;
}

interface Symbology {
  readonly name: string;
  /** What is wrong with the characters, and the cure; undefined if nothing is. */
  readonly fault?: (message: string) => readonly [fault: string, cure: string] | undefined;
  /** The most that it holds: as digits alone, and as bytes. Linear codes have no end of their own. */
  readonly most?: { readonly digits: number; readonly bytes: number };
  /** Bytes from which on scanners have trouble. */
  readonly dense: number;
}

const encoder = new TextEncoder();

const SYMBOLOGIES: Readonly<Record<string, Symbology>> = {
  PKBarcodeFormatQR: { name: "A QR code", most: { digits: 7089, bytes: 2953 }, dense: 1000 },
  PKBarcodeFormatPDF417: { name: "A PDF417 code", most: { digits: 2710, bytes: 1108 }, dense: 700 },
  PKBarcodeFormatAztec: { name: "An Aztec code", most: { digits: 3832, bytes: 1914 }, dense: 1000 },
  PKBarcodeFormatCode128: {
    name: "A Code 128 barcode",
    fault: (message) =>
      [...message].every((character) => character <= "\x7f")
        ? undefined
        : ["holds ASCII characters only", "Take other characters out of it, or take another format"],
    dense: 48,
  },
  PKBarcodeFormatCode39: {
    name: "A Code 39 barcode",
    fault: (message) =>
      /^[0-9A-Z .$/+%-]+$/.test(message)
        ? undefined
        : ["holds digits, capital letters, spaces and - . $ / + % only", "Take other characters out of it"],
    dense: 30,
  },
  PKBarcodeFormatCodabar: {
    name: "A Codabar barcode",
    fault: (message) =>
      /^(?:[0-9$:/.+-]+|[A-D][0-9$:/.+-]+[A-D])$/i.test(message)
        ? undefined
        : [
            "holds digits and - $ : / . + only, between a start and a stop of A to D",
            "Take other characters out of it",
          ],
    dense: 30,
  },
  PKBarcodeFormatEAN13: { name: "An EAN-13 barcode", fault: eanFault, dense: 48 },
  PKBarcodeFormatI2of5: {
    name: "An Interleaved 2 of 5 barcode",
    fault: (message) =>
      /^(?:[0-9][0-9])+$/.test(message)
        ? undefined
        : [
            "holds an even number of digits and nothing else",
            "Write a zero before it, or take another format",
          ],
    dense: 48,
  },
};

/** Why a scanner would not read the message from a barcode of this format. Undefined: it would, or the format is unknown. */
export function messageFault(format: string, message: string): MessageFault | undefined {
  const symbology = Object.hasOwn(SYMBOLOGIES, format) ? SYMBOLOGIES[format] : undefined;
  if (symbology === undefined) return undefined;
  const { name, most, dense } = symbology;
  const fault = symbology.fault?.(message);
  if (fault !== undefined) {
    return { code: "barcode_unfit", message: `${name} ${fault[0]}.`, cure: `${fault[1]}.` };
  }
  // What ISO 8859-1 can write goes out in it, a byte a character.
  const isLatin1 = [...message].every((character) => character <= "\xff");
  const bytes = isLatin1 ? message.length : encoder.encode(message).length;
  const isDigits = /^[0-9]+$/.test(message);
  const limit = isDigits ? most?.digits : most?.bytes;
  const shorter = "Write a shorter message, such as a number under which the rest is kept.";
  if (limit !== undefined && bytes > limit) {
    return {
      code: "barcode_unfit",
      message: `${name} holds ${limit} bytes, and these are ${bytes}.`,
      cure: shorter,
    };
  }
  if (bytes <= (isDigits ? dense * 2 : dense)) return undefined;
  return {
    code: "barcode_dense",
    message: `${name} of ${bytes} bytes is too fine for many scanners.`,
    cure: shorter,
  };
}

function eanFault(message: string): readonly [string, string] | undefined {
  if (!/^[0-9]{12,13}$/.test(message))
    return ["holds thirteen digits and nothing else", "Write thirteen digits"];
  const check = checkDigit(message.slice(0, 12));
  if (message.length === 12)
    return ["has thirteen digits, and these are twelve", `Append its check digit, ${check}`];
  if (message.endsWith(check)) return undefined;
  return [
    "ends with a check digit, and this one is wrong",
    `Write ${check} as the last digit, if the others are right`,
  ];
}

/** ISO/IEC 15420 §4.3.1 by weights of 1 and 3 in turn. */
function checkDigit(twelve: string): string {
  const sum = [...twelve].reduce(
    (total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3),
    0,
  );
  return String((10 - (sum % 10)) % 10);
}
