/**
 * Splits a PNG into its chunks and checks their CRCs, and writes a PNG from chunks.
 *
 * Follows the PNG specification (https://www.w3.org/TR/png-3/), §5.
 */
import { crc32 } from "../crc32.ts";

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

export interface Chunk {
  /** Four letters. */
  readonly type: string;
  readonly data: Uint8Array;
  /** Including length, type and CRC. */
  readonly whole: Uint8Array;
}

/** Length, type and CRC of a chunk. */
const FRAME_BYTES = 12;
/** Critical chunks, whose first letter is upper-case (§5.4): a decoder must know them. All others may be skipped. */
const CRITICAL = ["IHDR", "PLTE", "IDAT", "IEND"];

/** A PNG may have an empty chunk in every twelfth byte. Encoders write IDAT in chunks of 4 KB or more. */
const MAX_CHUNKS = 10_000;

/**
 * Reads all chunks up to IEND, as views; undefined if a CRC is wrong, a critical chunk is unknown, or there are more chunks
 * than any encoder writes.
 */
export function readChunks(png: Uint8Array): Chunk[] | undefined {
  const chunks: Chunk[] = [];
  for (const chunk of walkChunks(png)) {
    if (chunk === undefined || chunks.length === MAX_CHUNKS) return undefined;
    chunks.push(chunk);
  }
  return chunks;
}

/** Whether the chunks up to IEND are complete and known. */
export function hasValidChunks(png: Uint8Array): boolean {
  for (const chunk of walkChunks(png)) if (chunk === undefined) return false;
  return true;
}

/** Yields the chunks up to IEND, and undefined for one that is invalid or missing. */
function* walkChunks(png: Uint8Array): Generator<Chunk | undefined> {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = SIGNATURE.length; at + FRAME_BYTES <= png.length; ) {
    const end = at + FRAME_BYTES + view.getUint32(at);
    if (end > png.length || crc32(png.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) break;
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (/^[A-Z]/.test(type) && !CRITICAL.includes(type)) break;
    yield { type, data: png.subarray(at + 8, end - 4), whole: png.subarray(at, end) };
    if (type === "IEND") return;
    at = end;
  }
  yield undefined;
}

/** Writes one chunk, including length, type and CRC. */
export function writeChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(FRAME_BYTES + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(new TextEncoder().encode(type), 4);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}

/** Writes the PNG that consists of these chunks. */
export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const file = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, SIGNATURE.length));
  file.set(SIGNATURE);
  let at = SIGNATURE.length;
  for (const chunk of chunks) {
    file.set(chunk, at);
    at += chunk.length;
  }
  return file;
}
