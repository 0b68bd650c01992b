/**
 * Writes PNG files for tests: any colour type, depth, filter and interlacing, also invalid ones. It checks nothing.
 *
 * Follows the PNG specification (https://www.w3.org/TR/png-3/): §5 chunks, §7 packing, §8 Adam7, §9 filters.
 */
import { zlibSync } from "fflate";
import { crc32 } from "../../src/pkpass/crc32.ts";

export interface PngOf {
  readonly width: number;
  readonly height: number;
  readonly depth?: number;
  readonly type: 0 | 2 | 3 | 4 | 6;
  /** The samples of a pixel, as stored in the file. */
  readonly pixel?: (x: number, y: number) => readonly number[];
  /** Filter of each row; 0 for all, if absent. */
  readonly filter?: (y: number) => number;
  readonly interlace?: number;
  /** Chunks between IHDR and IDAT. */
  readonly before?: readonly Uint8Array[];
  /** Instead of the rows that `pixel` gives. */
  readonly inflated?: Uint8Array;
  /** Instead of the compressed rows. */
  readonly idat?: readonly Uint8Array[];
}

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export function pngOf(image: PngOf): Uint8Array {
  const { width, height, depth = 8, type, interlace = 0, before = [] } = image;
  const ihdr = new Uint8Array(13);
  new DataView(ihdr.buffer).setUint32(0, width);
  new DataView(ihdr.buffer).setUint32(4, height);
  ihdr.set([depth, type, 0, 0, interlace], 8);
  const idat = image.idat ?? [zlibSync(image.inflated ?? rowsOf(image))];
  return bytes([
    SIGNATURE,
    chunk("IHDR", ihdr),
    ...before,
    ...idat.map((data) => chunk("IDAT", data)),
    chunk("IEND", []),
  ]);
}

export function chunk(type: string, data: ArrayLike<number>): Uint8Array {
  const body = bytes([new TextEncoder().encode(type), Uint8Array.from(data)]);
  const frame = new Uint8Array(body.length + 8);
  new DataView(frame.buffer).setUint32(0, data.length);
  frame.set(body, 4);
  new DataView(frame.buffer).setUint32(4 + body.length, crc32(body));
  return frame;
}

export function bytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

function rowsOf({ width, height, depth = 8, type, pixel = () => [0], filter = () => 0, interlace }: PngOf) {
  const passes = interlace === 1 ? ADAM7 : [[0, 0, 1, 1] as const];
  const step = Math.max(1, (depth * CHANNELS[type]) / 8);
  const rows: number[] = [];
  for (const [left, top, stepX, stepY] of passes) {
    let above: number[] = [];
    for (let y = top; y < height && left < width; y += stepY) {
      const samples: number[] = [];
      for (let x = left; x < width; x += stepX) samples.push(...pixel(x, y));
      const row = packed(samples, depth);
      rows.push(
        filter(y),
        ...row.map((byte, i) => (byte - predicted(filter(y), row, above, i, step)) & 0xff),
      );
      above = row;
    }
  }
  return Uint8Array.from(rows);
}

function packed(samples: readonly number[], depth: number): number[] {
  const bits = samples.map((sample) => sample.toString(2).padStart(depth, "0")).join("");
  return (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2));
}

function predicted(filter: number, row: number[], above: number[], i: number, step: number): number {
  const left = row[i - step] ?? 0;
  const up = above[i] ?? 0;
  const corner = above[i - step] ?? 0;
  const gradient = left + up - corner;
  const [nearest = 0] = [left, up, corner].toSorted(
    (a, b) => Math.abs(gradient - a) - Math.abs(gradient - b),
  );
  return [0, left, up, (left + up) >> 1, nearest][filter] ?? 0;
}
