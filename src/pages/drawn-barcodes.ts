/**
 * Draws each barcode once per isolate: to draw an Aztec code of 1,800 characters takes 0.15 s, and anyone with a link can
 * open its page again and again.
 *
 * The key is what the drawing depends on (symbology, message, encoding), so a drawing never has to be replaced, and
 * versions of a pass that differ in other fields share it. The oldest drawings are removed first.
 */
import { type BarcodeDrawing, drawBarcode } from "../barcodes/draw.ts";
import { DRAWINGS_BYTES } from "../memory.ts";
import type { Barcode } from "../pkpass/schema/schema.ts";

/** A map entry and its objects, about. */
const ENTRY_BYTES = 300;

interface Drawn {
  /** Undefined if the symbology cannot encode the message, which also takes time to find out. */
  readonly drawing: BarcodeDrawing | undefined;
  readonly bytes: number;
}

const drawn = new Map<string, Drawn>();
let drawnBytes = 0;

/** The QR code of an address. @returns undefined if it is too long */
export function drawQrCode(url: string): BarcodeDrawing | undefined {
  return drawBarcodeOnce({ format: "PKBarcodeFormatQR", message: url, messageEncoding: "iso-8859-1" });
}

/** The drawing of this isolate, or a new one. @returns undefined as drawBarcode does */
export function drawBarcodeOnce(barcode: Barcode): BarcodeDrawing | undefined {
  const { format, message, messageEncoding } = barcode;
  const key = JSON.stringify([format, messageEncoding, message]);
  const known = drawn.get(key);
  if (known !== undefined) return known.drawing;
  const drawing = drawBarcode(barcode);
  // A character of the message takes up to two bytes; a path is ASCII.
  const bytes = ENTRY_BYTES + 2 * key.length + (drawing?.path.length ?? 0);
  if (bytes > DRAWINGS_BYTES) return drawing;
  for (const [oldest, removed] of drawn) {
    if (drawnBytes + bytes <= DRAWINGS_BYTES) break;
    drawn.delete(oldest);
    drawnBytes -= removed.bytes;
  }
  drawn.set(key, { drawing, bytes });
  drawnBytes += bytes;
  return drawing;
}
