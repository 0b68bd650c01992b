/**
 * Inflates to a size that is known in advance, and stops if there is more.
 *
 * DEFLATE expands at most 1032 times (RFC 1951: 258 bytes for two bits). It inflates in small slices, so it produces at
 * most 4 MB more than the size, whatever the stream contains.
 */
import { Inflate } from "fflate";

const SLICE_BYTES = 4096;

/** Inflates a raw DEFLATE stream to exactly `bytes` bytes; undefined if it is broken, or contains more or less. */
export function inflateExactly(compressed: Uint8Array, bytes: number): Uint8Array | undefined {
  const content = new Uint8Array(bytes);
  let length = 0;
  const inflate = new Inflate((chunk) => {
    if (length + chunk.length <= bytes) content.set(chunk, length);
    length += chunk.length;
  });
  try {
    for (let at = 0; at < compressed.length && length <= bytes; at += SLICE_BYTES) {
      inflate.push(compressed.subarray(at, at + SLICE_BYTES), at + SLICE_BYTES >= compressed.length);
    }
  } catch {
    return undefined; // not a DEFLATE stream, or truncated
  }
  return length === bytes ? content : undefined;
}
