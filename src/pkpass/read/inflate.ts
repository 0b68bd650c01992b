/**
 * Inflates to a size that is known before, and stops where there is more.
 *
 * DEFLATE makes at most 1032 bytes of one (RFC 1951: 258 bytes of a length code of two bits). The compressed bytes go in
 * by small slices, so no more than a slice's 4 MB ever come out beyond the size, whatever the stream holds.
 */
import { Inflate } from "fflate";

const SLICE_BYTES = 4096;

/** The `bytes` bytes that the raw DEFLATE stream holds; undefined if it is broken, or holds more or less. */
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
    return undefined; // no DEFLATE stream, or one that ends too early
  }
  return length === bytes ? content : undefined;
}
