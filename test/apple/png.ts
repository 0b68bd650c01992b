/**
 * Draws PNG images from a function of the pixel, and the demo store card's images with it. Pure: the same pixels give
 * the same bytes. It is not a general image library: it writes only 8-bit RGBA without interlacing, and reads nothing.
 *
 * Follows the PNG specification (https://www.w3.org/TR/png-3/), §9 for the filter and §11.2 for the chunks.
 */
import { zlibSync } from "fflate";
import { badge, mark, strip } from "./demo-art.ts";
import type { Scene } from "./paint.ts";

/** Red, green, blue, alpha: each 0 to 255. */
export type Pixel = readonly [red: number, green: number, blue: number, alpha: number];

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const bytesPerPixel = 4;

/** The PNG file of an image in which the pixel at (x, y), from the top left, has the colour that `pixel` returns. */
export function drawPng(
  width: number,
  height: number,
  pixel: (x: number, y: number) => Pixel,
): Uint8Array<ArrayBuffer> {
  const stride = width * bytesPerPixel + 1;
  const scanlines = new Uint8Array(stride * height);
  let above = new Uint8Array(width * bytesPerPixel);
  for (let y = 0; y < height; y++) {
    const row = new Uint8Array(above.length);
    for (let x = 0; x < width; x++) row.set(pixel(x, y), x * bytesPerPixel);
    // Filter type 2, Up: each byte as its difference from the byte above.
    scanlines[y * stride] = 2;
    for (let at = 0; at < row.length; at++)
      scanlines[y * stride + 1 + at] = (row[at] ?? 0) - (above[at] ?? 0);
    above = row;
  }

  const header = new Uint8Array(13);
  const fields = new DataView(header.buffer);
  fields.setUint32(0, width);
  fields.setUint32(4, height);
  // Eight bits a sample, colour type 6 (RGBA); compression, filter and interlace methods are 0.
  header.set([8, 6], 8);

  return join([
    Uint8Array.from(signature),
    chunk("IHDR", header),
    chunk("IDAT", zlibSync(scanlines, { level: 9 })),
    chunk("IEND", new Uint8Array()),
  ]);
}

/**
 * The images of the demo store card, by their names in a pass. They are designed for a dark brown card,
 * `backgroundColor` rgb(43, 26, 18).
 */
export function demoImages(): Record<string, Uint8Array<ArrayBuffer>> {
  return {
    "icon.png": render(badge, 29, 29, 1),
    "icon@2x.png": render(badge, 29, 29, 2),
    "icon@3x.png": render(badge, 29, 29, 3),
    "logo.png": render(mark, 50, 50, 1),
    "logo@2x.png": render(mark, 50, 50, 2),
    "strip.png": render(strip, 375, 123, 1),
    "strip@2x.png": render(strip, 375, 123, 2),
  };
}

/** Renders a scene of `width` by `height` points with `scale` pixels per point. */
export function render(scene: Scene, width: number, height: number, scale: number): Uint8Array<ArrayBuffer> {
  const paint = scene(scale);
  return drawPng(width * scale, height * scale, (x, y) => paint((x + 0.5) / scale, (y + 0.5) / scale));
}

/** PNG §5.3: length, type, data, and a CRC over type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = join([new TextEncoder().encode(type), data]);
  const frame = new Uint8Array(body.length + 8);
  const view = new DataView(frame.buffer);
  view.setUint32(0, data.length);
  frame.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  return frame;
}

/** PNG annex D. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
