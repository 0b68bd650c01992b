/**
 * Makes the image of a lower density from one of a higher: @2x and @1x from @3x, @1x from @2x. It never makes one larger.
 *
 * Each pixel is the average of the area that it covers (a box filter), weighted by alpha, so that what is transparent
 * gives no colour to an edge. Samples are averaged as they stand, encoded by sRGB's curve, and not as light: accepted,
 * since most tools scale so, and only the finest patterns of light and dark come out darker. Sums are of integers, so the
 * same file gives the same bytes everywhere.
 *
 * Pure. Which images are missing is not known here (templates/densities.ts).
 */
import { type Kind, type Picture, readPng } from "./read-png.ts";
import { writePng } from "./write-png.ts";

/** Pixels a point. */
export type Density = 1 | 2 | 3;

/**
 * The image in each of these densities, their sides rounded up; undefined if it cannot be read, or is too large for that
 * (png/read.ts). It is decoded once.
 */
export function scaledDown(
  png: Uint8Array,
  from: Density,
  to: readonly Density[],
): ReadonlyMap<Density, Uint8Array> | undefined {
  const picture = readPng(png);
  if (picture === undefined) return undefined;
  return new Map(to.map((density) => [density, scaled(picture, density, from)]));
}

/** @param numerator over `denominator`: less than 1 */
function scaled(picture: Picture, numerator: number, denominator: number): Uint8Array {
  const width = Math.ceil((picture.width * numerator) / denominator);
  const height = Math.ceil((picture.height * numerator) / denominator);
  const channels = (picture.colour ? 3 : 1) + (picture.alpha ? 1 : 0);
  const data = new Uint8Array(width * height * channels);
  const row = new Uint16Array(picture.width * 4);
  const columns = coverage(picture.width, width, numerator, denominator);
  const rows = coverage(picture.height, height, numerator, denominator);
  for (const [y, sources] of rows.entries()) {
    /** Of each pixel: red, green and blue by alpha, alpha, and the area. */
    const sums = new Float64Array(width * 5);
    for (const { at, share } of sources) {
      picture.readRow(at, row);
      addRow(sums, row, columns, share);
    }
    writeRow(data.subarray(y * width * channels), sums, picture);
  }
  return writePng({ ...picture, width, height }, data);
}

/** Source pixel `at`, of which a pixel covers `share` units of `numerator`. */
interface Source {
  readonly at: number;
  readonly share: number;
}

/** For each pixel of a side what it covers. The last one of an odd side covers what there is. */
function coverage(length: number, scaledLength: number, numerator: number, denominator: number): Source[][] {
  return Array.from({ length: scaledLength }, (_, i) => {
    const start = i * denominator;
    const end = Math.min(start + denominator, length * numerator);
    const sources: Source[] = [];
    for (let at = Math.floor(start / numerator); at * numerator < end; at++) {
      const share = Math.min(end, (at + 1) * numerator) - Math.max(start, at * numerator);
      sources.push({ at, share });
    }
    return sources;
  });
}

function addRow(sums: Float64Array, row: Uint16Array, columns: readonly Source[][], rowShare: number): void {
  for (const [x, sources] of columns.entries()) {
    let red = 0;
    let green = 0;
    let blue = 0;
    let alpha = 0;
    let area = 0;
    for (const { at, share } of sources) {
      const weight = share * rowShare;
      const weighted = weight * (row[at * 4 + 3] ?? 0);
      red += weighted * (row[at * 4] ?? 0);
      green += weighted * (row[at * 4 + 1] ?? 0);
      blue += weighted * (row[at * 4 + 2] ?? 0);
      alpha += weighted;
      area += weight;
    }
    const i = x * 5;
    sums[i] = (sums[i] ?? 0) + red;
    sums[i + 1] = (sums[i + 1] ?? 0) + green;
    sums[i + 2] = (sums[i + 2] ?? 0) + blue;
    sums[i + 3] = (sums[i + 3] ?? 0) + alpha;
    sums[i + 4] = (sums[i + 4] ?? 0) + area;
  }
}

/** The averages of a row, a byte each: 65535 is 255 × 257. */
function writeRow(data: Uint8Array, sums: Float64Array, { colour, alpha }: Kind): void {
  let to = 0;
  for (let i = 0; i < sums.length; i += 5) {
    const weight = sums[i + 3] ?? 0;
    for (let channel = 0; channel < (colour ? 3 : 1); channel++)
      data[to++] = weight === 0 ? 0 : Math.round((sums[i + channel] ?? 0) / weight / 257);
    if (alpha) data[to++] = Math.round(weight / (sums[i + 4] ?? 1) / 257);
  }
}
