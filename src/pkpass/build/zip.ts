/**
 * Writes the records of a ZIP file: local header, central header, end of central directory. Files are stored, never
 * deflated: a PNG is deflated already, and the rest of a pass is a few KB. Archives of other tools are read by
 * read/archive.ts.
 *
 * Follows PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16. The time of every entry is the DOS epoch, so that the
 * same pass gives the same bytes.
 */
import { lengthOf, type Pieces } from "../../bytes.ts";
import { crc32 } from "../crc32.ts";

/** What the headers of a file say about it. */
export interface ZipEntry {
  readonly name: Uint8Array;
  /** The length of the content. */
  readonly length: number;
  readonly crc: number;
}

export interface ZipFile extends ZipEntry {
  readonly content: Pieces;
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

/** @param path with forward slashes */
export function zipFile(path: string, content: Pieces): ZipFile {
  return { name: encoder.encode(path), content, length: lengthOf(content), crc: checksumOf(content) };
}

/** The CRC-32 of all pieces together. */
export function checksumOf(pieces: Pieces): number {
  return pieces.reduce((crc, piece) => crc32(piece, crc), 0);
}

/** The local header and the content, which is not copied. */
export function localRecord(file: ZipFile): Pieces {
  return [localHeader(file), ...file.content];
}

/** The local header with the name. The content must follow. */
export function localHeader(entry: ZipEntry): Uint8Array {
  const header = new Uint8Array(localBytes(entry) - entry.length);
  const view = new DataView(header.buffer);
  view.setUint32(0, 0x04034b50, true);
  view.setUint16(4, VERSION_2_0, true);
  writeCommon(view, 6, entry);
  header.set(entry.name, LOCAL_HEADER_BYTES);
  return header;
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

/** Reads local records that follow each other. Names and contents are views, not copies. */
export function* storedFiles(locals: Uint8Array): Generator<ZipFile> {
  const view = new DataView(locals.buffer, locals.byteOffset, locals.byteLength);
  for (let at = 0; at < locals.length; ) {
    const crc = view.getUint32(at + 14, true);
    const nameAt = at + LOCAL_HEADER_BYTES;
    const bytesAt = nameAt + view.getUint16(at + 26, true);
    const end = bytesAt + view.getUint32(at + 18, true);
    const content = [locals.subarray(bytesAt, end)];
    yield { name: locals.subarray(nameAt, bytesAt), content, length: end - bytesAt, crc };
    at = end;
  }
}

/** The length of both records of an entry, for a file whose bytes are not at hand. */
export function entryBytes(path: string, bytes: number): number {
  return LOCAL_HEADER_BYTES + CENTRAL_HEADER_BYTES + 2 * encoder.encode(path).length + bytes;
}

/** How many bytes of the local record come before the content. */
export function bytesBeforeContent(path: string): number {
  return LOCAL_HEADER_BYTES + encoder.encode(path).length;
}

/** The length of the local record. */
export function localBytes(entry: ZipEntry): number {
  return LOCAL_HEADER_BYTES + entry.name.length + entry.length;
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
  view.setUint32(offset + 12, entry.length, true); // compressed
  view.setUint32(offset + 16, entry.length, true); // uncompressed
  view.setUint16(offset + 20, entry.name.length, true);
  view.setUint16(offset + 22, 0, true); // no extra field
}
