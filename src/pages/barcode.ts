/**
 * A pass's barcode as the outline of its dark parts, for an inline SVG: the same bytes that Wallet encodes, from the
 * message in its messageEncoding. The symbologies are bwip-js's; what it draws becomes one path.
 *
 * It writes no markup and knows no size on the screen.
 * Follows Apple's "Pass.Barcodes", and for the quiet zones ISO/IEC 18004 (QR), 15438 (PDF417), 15417 (Code 128),
 * 16388 (Code 39), 15420 (EAN) and 16390 (Interleaved 2 of 5).
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

export interface BarcodeDrawing {
  /** What the symbology is called. */
  readonly name: string;
  /** QR and Aztec: as wide as high. The others are wide. */
  readonly isSquare: boolean;
  /** The quiet zone is part of it. */
  readonly viewBox: string;
  /** The dark parts, as an SVG path for the fill rule "evenodd". */
  readonly path: string;
}

interface Symbology {
  readonly name: string;
  readonly encode: typeof qrcode;
  /** At the sides, in units of the drawing: two are a module of QR and Aztec, one is a module of the others. */
  readonly quietZone: number;
  /** The message as the symbology takes it. Undefined: it cannot say exactly this. */
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
    // A to D start and stop a symbol. They belong to its frame, and a message may leave them out.
    prepare: (message) => (/^[A-D].*[A-D]$/.test(message) ? message : `A${message}A`),
  },
  PKBarcodeFormatEAN13: {
    name: "EAN-13 barcode",
    encode: ean13,
    quietZone: 11,
    // The encoder would take an add-on after a space for a second symbol. Twelve digits get their check digit.
    prepare: (message) => (/^\d{12,13}$/.test(message) ? message : undefined),
  },
  PKBarcodeFormatI2of5: {
    name: "Interleaved 2 of 5 barcode",
    encode: interleaved2of5,
    quietZone: 10,
    // Digits go in pairs. The encoder would set a zero before the odd one, and a scanner would read another number.
    prepare: (message) => (/^(\d\d)+$/.test(message) ? message : undefined),
  },
};

/** Above and below a wide symbol. A linear one needs none there, PDF417 two modules. */
const QUIET_ZONE_ABOVE = 4;
/** The height of a linear symbol for its width, about as Wallet shows it. */
const LINEAR_PROPORTION = 0.3;

const encoder = new TextEncoder();

/**
 * Draws the barcode, or returns undefined where its symbology cannot carry the message (a letter in an EAN, a text
 * that is too long), or where there is no message.
 */
export function drawBarcode({ format, message = "", messageEncoding }: Barcode): BarcodeDrawing | undefined {
  const { name, encode, quietZone, prepare } = SYMBOLOGIES[format];
  if (message === "") return undefined;
  const text = prepare === undefined ? message : prepare(message);
  if (text === undefined) return undefined;
  try {
    // With `binarytext` each character is a byte, so that Latin-1 is not turned into UTF-8. `parse` and `parsefnc`
    // stay off: "^" is a character like any other.
    const options = { bcid: name, text: bytesOf(text, messageEncoding), binarytext: true, scale: 1 };
    const { width, height, path } = encode(options, outline());
    const isSquare = encode === qrcode || encode === azteccode;
    const above = isSquare ? quietZone : QUIET_ZONE_ABOVE;
    const viewBox = [-quietZone, -above, width + 2 * quietZone, height + 2 * above].join(" ");
    return { name, isSquare, viewBox, path };
  } catch {
    // bwip-js throws for whatever does not fit its symbology, and has no other way to say so.
    return undefined;
  }
}

/** The bytes that go into the symbol, each as the character of that number. */
function bytesOf(text: string, encoding = "iso-8859-1"): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Latin-1 is all of the first 256 characters.
  if (/^(iso-?8859-?1|latin-?1)$/i.test(encoding) && /^[\x00-\xff]*$/.test(text)) return text;
  return Array.from(encoder.encode(text), (byte) => String.fromCharCode(byte)).join("");
}

interface Outline {
  readonly width: number;
  readonly height: number;
  readonly path: string;
}

/** Takes what bwip-js draws, at one unit a point. Text, hexagons and ellipses are of other symbologies and options. */
function outline(): DrawingContext<Outline> {
  let size = { width: 0, height: 0 };
  let polygons = "";
  const bars: { left: number; width: number }[] = [];
  return {
    scale: () => null,
    measure: () => ({ width: 0, ascent: 0, descent: 0 }),
    init: (width, height) => {
      size = { width, height };
    },
    // A bar of a linear symbol. Its middle is rounded up to a whole unit.
    line: (x, _y, _x, _toY, width) => {
      bars.push({ left: x - Math.ceil(width / 2), width });
    },
    polygon: (points) => {
      polygons += `M${points.map(([x, y]) => `${x} ${y}`).join("L")}z`;
    },
    hexagon: () => {},
    ellipse: () => {},
    fill: () => {},
    text: () => {},
    end: () => {
      const last = bars.at(-1);
      if (last === undefined) return { ...size, path: polygons };
      const width = last.left + last.width;
      const height = Math.round(width * LINEAR_PROPORTION);
      const path = bars.map((bar) => `M${bar.left} 0h${bar.width}v${height}h${-bar.width}z`).join("");
      return { width, height, path };
    },
  };
}
