/**
 * Writes a PNG of one byte a sample. The same pixels give the same bytes, wherever it runs: fflate compresses, not the
 * platform.
 *
 * Own code because fast-png writes unfiltered rows only, and photographs come out 1.6 times as large. All rows here have
 * the Paeth filter: with it photographs are within 5 % of a choice made row by row, and drawings of unfiltered rows
 * within 8 %.
 * Follows the PNG specification (https://www.w3.org/TR/png-3/): §9 filters, §11.2 chunks.
 */
import { zlibSync } from "fflate";
import { chunkOf, fileOf } from "./png-chunks.ts";
import type { Kind } from "./read-png.ts";

const IHDR_BYTES = 13;
const PAETH = 4;
/** Of fflate's 0 to 9. Its own choice, 6, spends three times as much on one that is 3 to 11 % smaller. */
const LEVEL = 4;

/** @param data grey, or red, green and blue; then alpha if it has any; row by row from the top left */
export function writePng({ width, height, colour, alpha, colourSpace }: Kind, data: Uint8Array): Uint8Array {
  const ihdr = new Uint8Array(IHDR_BYTES);
  const view = new DataView(ihdr.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  ihdr.set([8, (colour ? 2 : 0) + (alpha ? 4 : 0)], 8);
  const channels = (colour ? 3 : 1) + (alpha ? 1 : 0);
  return fileOf([
    chunkOf("IHDR", ihdr),
    ...colourSpace, // §5.6: before IDAT
    chunkOf("IDAT", zlibSync(filtered(data, width * channels, channels), { level: LEVEL })),
    chunkOf("IEND", new Uint8Array()),
  ]);
}

/** The rows, each behind the number of its filter: a byte as its difference from what its neighbours predict. */
function filtered(data: Uint8Array, stride: number, channels: number): Uint8Array {
  const rows = new Uint8Array(data.length + data.length / stride);
  let to = 0;
  for (let start = 0; start < data.length; start += stride) {
    rows[to++] = PAETH;
    for (let i = 0; i < stride; i++) {
      const at = start + i;
      const left = i >= channels ? (data[at - channels] ?? 0) : 0;
      const above = start > 0 ? (data[at - stride] ?? 0) : 0;
      const corner = start > 0 && i >= channels ? (data[at - stride - channels] ?? 0) : 0;
      rows[to++] = (data[at] ?? 0) - nearest(left, above, corner);
    }
  }
  return rows;
}

/** §9.4: the one of the three that is nearest to their gradient. */
function nearest(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
