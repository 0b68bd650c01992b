/**
 * A QR code of a text, as a self-contained image: an SVG in a data URL (RFC 2397), which a browser shows when it is pasted
 * into the address bar.
 */
import { drawBarcode } from "./draw.ts";

/** In pixels. A phone reads it from a screen at arm's length, and printed. */
const SIZE = 512;

/** @param text ASCII, such as a URL, of at most 2,300 characters */
export function drawQrCodeUrl(text: string): string {
  const drawing = drawBarcode({ format: "PKBarcodeFormatQR", message: text });
  if (drawing === undefined) throw new Error("a text that is too long for a QR code");
  // The text itself is not in the SVG, so nothing has to be escaped.
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}" viewBox="${drawing.viewBox}" shape-rendering="crispEdges">` +
    `<rect x="-50%" y="-50%" width="200%" height="200%" fill="#fff"/><path fill-rule="evenodd" d="${drawing.path}"/></svg>`;
  return `data:image/svg+xml;base64,${btoa(svg)}`;
}
