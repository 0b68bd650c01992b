/**
 * Scales an image down to a lower density: @3x to @2x and @1x, @2x to @1x. It never enlarges.
 *
 * Each pixel is the average of the area that it covers (a box filter), weighted by alpha, so that transparent pixels do
 * not colour an edge. Like most tools, it averages the encoded sRGB samples and not linear light: only very fine
 * patterns of light and dark become darker. It adds only integers, so the same file gives the same bytes everywhere.
 *
 * Pure. templates/densities.ts decides which images are missing.
 */
import { type Picture, type PictureFormat, readPng } from "./read-png.ts";
import { writePng } from "./write-png.ts";

/** Pixels per point. */
export type Density = 1 | 2 | 3;

/**
 * The image in each of these densities, with its sides rounded up; undefined if it cannot be decoded or is too large
 * (read-png.ts). It is decoded once.
 */
export function scaleDown(
  png: Uint8Array,
  from: Density,
  to: readonly Density[],
): ReadonlyMap<Density, Uint8Array> | undefined {
  const picture = readPng(png);
  if (picture === undefined) return undefined;
  return new Map(to.map((density) => [density, scale(picture, density, from)]));
}

/** Scales by `numerator / denominator`, which is less than 1. */
function scale(picture: Picture, numerator: number, denominator: number): Uint8Array {
  const width = Math.ceil((picture.width * numerator) / denominator);
  const height = Math.ceil((picture.height * numerator) / denominator);
  const channels = (picture.colour ? 3 : 1) + (picture.alpha ? 1 : 0);
  const data = new Uint8Array(width * height * channels);
  const row = new Uint16Array(picture.width * 4);
  const columns = findSources(picture.width, width, numerator, denominator);
  const rows = findSources(picture.height, height, numerator, denominator);
  for (const [y, sources] of rows.entries()) {
    /** Five sums per pixel: red, green and blue, each times alpha; alpha; the area. */
    const sums = new Float64Array(width * 5);
    for (const { at, share } of sources) {
      picture.readRow(at, row);
      addRow(sums, row, columns, share);
    }
    writeRow(data.subarray(y * width * channels), sums, picture);
  }
  return writePng({ ...picture, width, height }, data);
}

/** A pixel covers `share` units of the `numerator` units of the source pixel at index `at`. */
interface Source {
  readonly at: number;
  readonly share: number;
}

/** For each pixel of a side, the source pixels that it covers. The last pixel may cover less. */
function findSources(
  length: number,
  scaledLength: number,
  numerator: number,
  denominator: number,
): Source[][] {
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

/** Writes the averages of a row, one byte each. (65535 is 255 × 257.) */
function writeRow(data: Uint8Array, sums: Float64Array, { colour, alpha }: PictureFormat): void {
  let to = 0;
  for (let i = 0; i < sums.length; i += 5) {
    const weight = sums[i + 3] ?? 0;
    for (let channel = 0; channel < (colour ? 3 : 1); channel++)
      data[to++] = weight === 0 ? 0 : Math.round((sums[i + channel] ?? 0) / weight / 257);
    if (alpha) data[to++] = Math.round(weight / (sums[i + 4] ?? 1) / 257);
  }
}
