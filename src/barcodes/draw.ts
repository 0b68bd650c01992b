/**
 * Draws a barcode as an SVG path of its dark parts. It encodes the same bytes as Wallet: the message in its
 * messageEncoding. bwip-js encodes the symbologies; this turns its drawing calls into one path.
 *
 * The result contains no markup, and its size is not in pixels. Follows Apple's "Pass.Barcodes", and for the quiet
 * zones ISO/IEC 18004 (QR), 15438 (PDF417), 15417 (Code 128), 16388 (Code 39), 15420 (EAN) and 16390 (Interleaved 2 of
 * 5).
 */
import {
  azteccode,
  code39,
  code128,
  type DrawingContext,
  ean13,
  interleaved2of5,
  pdf417,
  qrcode,
  rationalizedCodabar,
} from "bwip-js/generic";
import type { Barcode } from "../pkpass/schema/schema.ts";
import { encodeText } from "../pkpass/text/encode.ts";

export interface BarcodeDrawing {
  /** The name of the symbology. */
  readonly name: string;
  /** QR and Aztec are square. The others are wide. */
  readonly isSquare: boolean;
  /** The width includes the quiet zone. */
  readonly viewBox: string;
  /** The dark parts as an SVG path, for the fill rule "evenodd". */
  readonly path: string;
}

interface Symbology {
  readonly name: string;
  readonly encode: typeof qrcode;
  /** Left and right, in units of the drawing. A module of QR and Aztec is two units, a module of the others is one. */
  readonly quietZone: number;
  /** Converts the message to what the encoder takes; undefined if the symbology cannot encode exactly this message. */
  readonly prepare?: (message: string) => string | undefined;
}

const SYMBOLOGIES: Record<Barcode["format"], Symbology> = {
  PKBarcodeFormatQR: { name: "QR code", encode: qrcode, quietZone: 8 },
  PKBarcodeFormatAztec: { name: "Aztec code", encode: azteccode, quietZone: 4 },
  PKBarcodeFormatPDF417: { name: "PDF417 code", encode: pdf417, quietZone: 4 },
  PKBarcodeFormatCode128: { name: "Code 128 barcode", encode: code128, quietZone: 10 },
  PKBarcodeFormatCode39: { name: "Code 39 barcode", encode: code39, quietZone: 10 },
  PKBarcodeFormatCodabar: {
    name: "Codabar barcode",
    encode: rationalizedCodabar,
    quietZone: 10,
    // A to D are the start and stop characters of a symbol. A message may omit them.
    prepare: (message) => (/^[A-D].*[A-D]$/.test(message) ? message : `A${message}A`),
  },
  PKBarcodeFormatEAN13: {
    name: "EAN-13 barcode",
    encode: ean13,
    quietZone: 11,
    // The encoder treats text after a space as an add-on symbol. It adds the check digit to twelve digits.
    prepare: (message) => (/^\d{12,13}$/.test(message) ? message : undefined),
  },
  PKBarcodeFormatI2of5: {
    name: "Interleaved 2 of 5 barcode",
    encode: interleaved2of5,
    quietZone: 10,
    // Digits are encoded in pairs. The encoder adds a zero to an odd number of digits, and a scanner would read that too.
    prepare: (message) => (/^(\d\d)+$/.test(message) ? message : undefined),
  },
};

/** The quiet zone above and below a wide symbol. A linear symbol needs no zone there; PDF417 needs two modules. */
const QUIET_ZONE_ABOVE = 4;
/** The height of a linear symbol as a fraction of its width, approximately as in Wallet. */
const LINEAR_PROPORTION = 0.3;

const encoder = new TextEncoder();

/**
 * Draws the barcode.
 * @returns undefined if there is no message, or if the symbology cannot encode it (a letter in an EAN, a text that is too long)
 */
export function drawBarcode({ format, message = "", messageEncoding }: Barcode): BarcodeDrawing | undefined {
  const { name, encode, quietZone, prepare } = SYMBOLOGIES[format];
  if (message === "") return undefined;
  const text = prepare === undefined ? message : prepare(message);
  if (text === undefined) return undefined;
  try {
    // With `binarytext` each character is one byte, so that Latin-1 is not converted to UTF-8. `parse` and `parsefnc`
    // stay off, so that "^" has no special meaning.
    const options = { bcid: name, text: encodeMessage(text, messageEncoding), binarytext: true, scale: 1 };
    const { width, height, path } = encode(options, createOutline());
    const isSquare = encode === qrcode || encode === azteccode;
    const above = isSquare ? quietZone : QUIET_ZONE_ABOVE;
    const viewBox = [-quietZone, -above, width + 2 * quietZone, height + 2 * above].join(" ");
    return { name, isSquare, viewBox, path };
  } catch {
    // bwip-js throws for every message that does not fit the symbology.
    return undefined;
  }
}

/** The bytes to encode, one character for each byte. As in a pass, UTF-8 replaces an encoding that cannot write the text. */
function encodeMessage(text: string, encoding = "iso-8859-1"): string {
  const bytes = encodeText(text, encoding) ?? encoder.encode(text);
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

interface Outline {
  readonly width: number;
  readonly height: number;
  readonly path: string;
}

/**
 * A bwip-js drawing context that builds the path. Text, hexagons and ellipses are used only by other symbologies and
 * options.
 */
function createOutline(): DrawingContext<Outline> {
  let size = { width: 0, height: 0 };
  const polygons: string[] = [];
  const bars: { left: number; width: number }[] = [];
  return {
    scale: () => null,
    measure: () => ({ width: 0, ascent: 0, descent: 0 }),
    init: (width, height) => {
      size = { width, height };
    },
    // A bar of a linear symbol. bwip-js rounds its center up to a whole unit.
    line: (x, _y, _x, _toY, width) => {
      bars.push({ left: x - Math.ceil(width / 2), width });
    },
    polygon: (points) => {
      polygons.push(`M${points.map(([x, y]) => `${x} ${y}`).join("L")}z`);
    },
    hexagon: () => {},
    ellipse: () => {},
    fill: () => {},
    text: () => {},
    end: () => {
      const last = bars.at(-1);
      if (last === undefined) return { ...size, path: polygons.join("") };
      const width = last.left + last.width;
      const height = Math.round(width * LINEAR_PROPORTION);
      const path = bars.map((bar) => `M${bar.left} 0h${bar.width}v${height}h${-bar.width}z`).join("");
      return { width, height, path };
    },
  };
}
