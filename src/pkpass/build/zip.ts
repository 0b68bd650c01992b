/**
 * Writes the records of a ZIP file: local header, central header, end of central directory. Files are stored, never
 * deflated: a PNG is deflated already, and the rest of a pass is a few KB. Archives of other tools are read by
 * read/archive.ts.
 *
 * Follows PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16. The time of every entry is the DOS epoch, so that the
 * same pass gives the same bytes.
 */
import { crc32 } from "../crc32.ts";

export interface ZipEntry {
  readonly name: Uint8Array;
  readonly bytes: Uint8Array;
  readonly crc: number;
}

const VERSION_2_0 = 20;
/** Bit 11: names are UTF-8. */
const UTF8_NAMES = 0x0800;
/** 1980-01-01. */
const DOS_EPOCH_DATE = 0x0021;

const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
export const END_BYTES = 22;

const encoder = new TextEncoder();

/** Makes an entry with its CRC-32. @param path with forward slashes */
export function zipEntry(path: string, bytes: Uint8Array): ZipEntry {
  return { name: encoder.encode(path), bytes, crc: crc32(bytes) };
}

/** Writes the local header, the name and the bytes at `offset`. @returns the offset after them */
export function writeLocal(out: Uint8Array, view: DataView, offset: number, entry: ZipEntry): number {
  const bytesAt = writeLocalHeader(out, view, offset, entry);
  out.set(entry.bytes, bytesAt);
  return bytesAt + entry.bytes.length;
}

/** Writes the local header and the name; the bytes must follow. @returns the offset after the name */
export function writeLocalHeader(out: Uint8Array, view: DataView, offset: number, entry: ZipEntry): number {
  view.setUint32(offset, 0x04034b50, true);
  view.setUint16(offset + 4, VERSION_2_0, true);
  writeCommon(view, offset + 6, entry);
  out.set(entry.name, offset + LOCAL_HEADER_BYTES);
  return offset + LOCAL_HEADER_BYTES + entry.name.length;
}

/** Writes the central header of the entry that starts at `localOffset`. @returns the offset after it */
export function writeCentral(
  out: Uint8Array,
  view: DataView,
  offset: number,
  entry: ZipEntry,
  localOffset: number,
): number {
  view.setUint32(offset, 0x02014b50, true);
  view.setUint16(offset + 4, VERSION_2_0, true); // version made by
  view.setUint16(offset + 6, VERSION_2_0, true); // version needed
  writeCommon(view, offset + 8, entry);
  // Comment, disk and attributes (offsets 32 to 41) stay zero.
  view.setUint32(offset + 42, localOffset, true);
  out.set(entry.name, offset + CENTRAL_HEADER_BYTES);
  return offset + centralBytes(entry);
}

/** Writes the end of central directory. @returns the offset after it */
export function writeEnd(
  view: DataView,
  offset: number,
  directory: { count: number; bytes: number; offset: number },
): number {
  view.setUint32(offset, 0x06054b50, true);
  view.setUint16(offset + 8, directory.count, true); // entries on this disk
  view.setUint16(offset + 10, directory.count, true); // entries in all
  view.setUint32(offset + 12, directory.bytes, true);
  view.setUint32(offset + 16, directory.offset, true);
  return offset + END_BYTES;
}

/** Reads the output of writeLocal. Names and bytes are views, not copies. */
export function* storedEntries(locals: Uint8Array): Generator<ZipEntry> {
  const view = new DataView(locals.buffer, locals.byteOffset, locals.byteLength);
  for (let at = 0; at < locals.length; ) {
    const crc = view.getUint32(at + 14, true);
    const nameAt = at + LOCAL_HEADER_BYTES;
    const bytesAt = nameAt + view.getUint16(at + 26, true);
    const end = bytesAt + view.getUint32(at + 18, true);
    yield { name: locals.subarray(nameAt, bytesAt), bytes: locals.subarray(bytesAt, end), crc };
    at = end;
  }
}

/** The length of both records of an entry, for a file whose bytes are not at hand. */
export function entryBytes(path: string, bytes: number): number {
  return LOCAL_HEADER_BYTES + CENTRAL_HEADER_BYTES + 2 * encoder.encode(path).length + bytes;
}

/** The length of what writeLocal writes. */
export function localBytes(entry: ZipEntry): number {
  return LOCAL_HEADER_BYTES + entry.name.length + entry.bytes.length;
}

/** The length of what writeCentral writes. */
export function centralBytes(entry: ZipEntry): number {
  return CENTRAL_HEADER_BYTES + entry.name.length;
}

/** The 24 bytes that both headers have in common: from the flags to the length of the extra field. */
function writeCommon(view: DataView, offset: number, entry: ZipEntry): void {
  view.setUint16(offset, UTF8_NAMES, true);
  view.setUint16(offset + 2, 0, true); // stored
  view.setUint16(offset + 4, 0, true); // time
  view.setUint16(offset + 6, DOS_EPOCH_DATE, true);
  view.setUint32(offset + 8, entry.crc, true);
  view.setUint32(offset + 12, entry.bytes.length, true); // compressed
  view.setUint32(offset + 16, entry.bytes.length, true); // uncompressed
  view.setUint16(offset + 20, entry.name.length, true);
  view.setUint16(offset + 22, 0, true); // no extra field
}
