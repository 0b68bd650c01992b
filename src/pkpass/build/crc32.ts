/**
 * CRC-32 as ZIP (APPNOTE 4.4.7) and PNG (ISO 3309) use it, eight bytes a step.
 *
 * Own code because fflate keeps its own to itself, and a plain byte loop would cost a noticeable share of what a
 * pass costs beside its RSA signature.
 */

/** Eight tables of 256 in one array: table k, at k * 256, is a byte's remainder with k zero bytes behind it. */
const TABLES = new Int32Array(8 * 256);
for (let byte = 0; byte < 256; byte++) {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++)
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  TABLES[byte] = remainder;
}
for (let i = 256; i < TABLES.length; i++) {
  const before = at(TABLES, i - 256);
  TABLES[i] = (before >>> 8) ^ at(TABLES, before & 0xff);
}

/** Every index below is in range; `| 0` says so to the compiler. */
function at(array: Int32Array | Uint8Array, index: number): number {
  return (array[index] ?? 0) | 0;
}

/** The CRC-32 of `bytes`, unsigned. */
export function crc32(bytes: Uint8Array): number {
  let crc = -1;
  let i = 0;
  for (const end = bytes.length - 7; i < end; i += 8) {
    const low =
      crc ^ (at(bytes, i) | (at(bytes, i + 1) << 8) | (at(bytes, i + 2) << 16) | (at(bytes, i + 3) << 24));
    crc =
      at(TABLES, 0x700 + (low & 0xff)) ^
      at(TABLES, 0x600 + ((low >>> 8) & 0xff)) ^
      at(TABLES, 0x500 + ((low >>> 16) & 0xff)) ^
      at(TABLES, 0x400 + (low >>> 24)) ^
      at(TABLES, 0x300 + at(bytes, i + 4)) ^
      at(TABLES, 0x200 + at(bytes, i + 5)) ^
      at(TABLES, 0x100 + at(bytes, i + 6)) ^
      at(TABLES, at(bytes, i + 7));
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ at(TABLES, (crc ^ at(bytes, i)) & 0xff);
  return (crc ^ -1) >>> 0;
}
