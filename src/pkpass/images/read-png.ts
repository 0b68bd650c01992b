/**
 * Reads the pixels of a PNG within the 128 MB of a Worker: the header gives the memory that the image needs before anything
 * is inflated, and a stream that contains more than that is rejected.
 *
 * fast-png decodes filters, interlacing and palettes. It inflates without a limit (a file of 300 KB can take 850 MB),
 * so it gets only checked chunks: IDAT, whose inflated bytes were counted, and no other chunk that fast-png would
 * inflate, such as iCCP.
 *
 * Follows the PNG specification (https://www.w3.org/TR/png-3/): §8 Adam7, §11 chunks.
 */
import { decode } from "fast-png";
import { Unzlib } from "fflate";
import { PIXELS } from "../../memory.ts";
import { readPngHeader } from "./names.ts";
import { type Chunk, joinChunks, readChunks } from "./png-chunks.ts";

/**
 * The uncompressed bytes. fast-png has two copies, three until garbage collection. memory.ts adds them to what else the
 * request holds.
 */
const MAX_BYTES = PIXELS.bytesEach * PIXELS.perImage;
/** DEFLATE expands at most 1032 times: a slice gives at most 4 MB. */
const SLICE_BYTES = 4096;

/** Colour type → channels, and its valid depths (§11.2.1). */
const COLOUR_TYPES: Readonly<Record<number, { channels: number; depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};
const INDEXED = 3;
/** Bits of a colour type. */
const HAS_COLOUR = 2;
const HAS_ALPHA = 4;
/** The chunks that define the colour space. They stay valid when samples are averaged. */
const COLOUR_SPACE = ["cHRM", "cICP", "gAMA", "iCCP", "sRGB"];
/** §8.1: first column, first row, step of columns, step of rows. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The properties of an image, without its pixels. */
export interface PictureFormat {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue; otherwise grey. */
  readonly colour: boolean;
  readonly alpha: boolean;
  /** The chunks that define the colour space, complete. */
  readonly colourSpace: readonly Uint8Array[];
}

export interface Picture extends PictureFormat {
  /** Writes row `y` as red, green, blue and alpha of each pixel: 0 to 65535, not premultiplied. */
  readonly readRow: (y: number, row: Uint16Array) => void;
}

/** Decodes a PNG; undefined if it has too many pixels or bytes, or is not valid. */
export function readPng(png: Uint8Array): Picture | undefined {
  const header = readPngHeader(png);
  if (header === undefined || header.width * header.height > PIXELS.perImage) return undefined;
  const { width, height } = header;
  const [depth = 0, type = -1, compression, filter, interlace = -1] = png.subarray(24, 29);
  const known = COLOUR_TYPES[type];
  if (!known?.depths.includes(depth) || compression !== 0 || filter !== 0) return undefined;
  // fast-png expects whole bytes per pixel in interlaced images.
  if (interlace > 1 || (interlace === 1 && depth < 8)) return undefined;
  const bits = depth * known.channels;
  const chunks = width * height * bits > 8 * MAX_BYTES ? undefined : readChunks(png);
  if (chunks === undefined) return undefined;
  const data = chunks.filter((chunk) => chunk.type === "IDAT").map((chunk) => chunk.data);
  if (!inflatesTo(data, countBytes(width, height, bits, interlace === 1))) return undefined;
  const transparent = chunks.some((chunk) => chunk.type === "tRNS");
  try {
    return {
      width,
      height,
      colour: (type & HAS_COLOUR) !== 0,
      alpha: (type & HAS_ALPHA) !== 0 || transparent,
      colourSpace: chunks.filter((chunk) => COLOUR_SPACE.includes(chunk.type)).map((chunk) => chunk.whole),
      readRow: rowReader(decode(selectChunks(chunks, type)), type, known.channels),
    };
  } catch {
    return undefined; // an unknown filter, or a palette or tRNS that is invalid for this colour type
  }
}

/** The uncompressed bytes of all rows with their filter bytes; of an interlaced image, the rows of all seven passes. */
function countBytes(width: number, height: number, bits: number, interlaced: boolean): number {
  const passes = interlaced ? ADAM7 : [[0, 0, 1, 1] as const];
  return passes.reduce((sum, [x, y, stepX, stepY]) => {
    const pixels = Math.ceil((width - x) / stepX);
    const rows = Math.ceil((height - y) / stepY);
    return pixels > 0 && rows > 0 ? sum + rows * (1 + Math.ceil((pixels * bits) / 8)) : sum;
  }, 0);
}

/** Whether the zlib stream contains exactly this many bytes. It only counts them, and stops as soon as there are more. */
function inflatesTo(parts: readonly Uint8Array[], bytes: number): boolean {
  let length = 0;
  const inflate = new Unzlib((chunk) => {
    length += chunk.length;
  });
  try {
    for (const part of parts) {
      for (let at = 0; at < part.length; at += SLICE_BYTES) {
        inflate.push(part.subarray(at, at + SLICE_BYTES), false);
        if (length > bytes) return false;
      }
    }
    inflate.push(new Uint8Array(), true);
  } catch {
    return false; // not a zlib stream, or truncated
  }
  return length === bytes;
}

/** The PNG for fast-png. The palette of an image that is not indexed is only a suggestion (§11.2.2). */
function selectChunks(chunks: readonly Chunk[], type: number): Uint8Array {
  const types = ["IHDR", ...(type === INDEXED ? ["PLTE"] : []), "tRNS", "IDAT", "IEND"];
  return joinChunks(chunks.filter((chunk) => types.includes(chunk.type)).map((chunk) => chunk.whole));
}

/** @throws Error if the palette is missing */
function rowReader(
  { width, depth, data, palette, transparency }: ReturnType<typeof decode>,
  type: number,
  channels: number,
): Picture["readRow"] {
  if (type === INDEXED && palette === undefined) throw new Error("an indexed image without a palette");
  const perRow = depth < 8 ? Math.ceil((width * depth) / 8) : width * channels;
  const unit = 65535 / (2 ** depth - 1);
  const colours = channels < 3 ? 1 : 3;
  /** A sample as stored. Only images with one channel pack several samples into a byte. */
  const sample = (y: number, i: number) => {
    if (depth >= 8) return data[y * perRow + i] ?? 0;
    const byte = data[y * perRow + ((i * depth) >> 3)] ?? 0;
    return (byte >> (8 - depth - ((i * depth) & 7))) & ((1 << depth) - 1);
  };
  return (y, row) => {
    for (let x = 0; x < width; x++) {
      if (type === INDEXED) {
        const [red = 0, green = 0, blue = 0, alpha = 255] = palette?.[sample(y, x)] ?? [];
        row.set([red * 257, green * 257, blue * 257, alpha * 257], x * 4);
        continue;
      }
      let clear = transparency !== undefined; // §11.3.1: the one colour that means transparent
      for (let i = 0; i < 3; i++) {
        const of = Math.min(i, colours - 1);
        const value = sample(y, x * channels + of);
        row[x * 4 + i] = value * unit;
        clear &&= value === transparency?.[of];
      }
      row[x * 4 + 3] = channels > colours ? sample(y, x * channels + colours) * unit : clear ? 0 : 65535;
    }
  };
}
