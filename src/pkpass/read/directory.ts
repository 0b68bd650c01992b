/**
 * Reads and checks the central directory of a ZIP archive: each name, and each local header against the central one.
 * Afterwards every entry has a safe path and bytes that no other entry shares.
 *
 * Follows PKWARE's APPNOTE 6.3: 4.3.16 (end record), 4.3.12 (central header), 4.3.7 (local header). ZIP64, encryption and
 * archives over several disks are not supported: a pass needs none of them.
 */
import { refuse } from "./fault.ts";
import { checkNames, readName } from "./names.ts";

export interface Entry {
  readonly path: string;
  readonly isFolder: boolean;
  readonly method: number;
  readonly crc: number;
  readonly compressedBytes: number;
  /** Unpacked. */
  readonly bytes: number;
  readonly headerAt: number;
  readonly dataAt: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT_BYTES = 0xffff;

/** APPNOTE 4.4.4: bits 0, 6 and 13 mean encryption; bit 3 means that the sizes follow the data. */
const ENCRYPTED = 0x2041;
const SIZES_FOLLOW = 0x0008;
/** These values refer to the ZIP64 record (4.4.1.4). */
const ZIP64_SHORT = 0xffff;
const ZIP64_LONG = 0xffffffff;
/** Extra fields (4.5): ZIP64, and Info-ZIP's second name of the entry. */
const ZIP64_EXTRA = 0x0001;
const UNICODE_PATH_EXTRA = 0x7075;
/** The Unix file type, in the upper half of the external attributes. */
const KIND_BITS = 0xf000;
const ORDINARY_KINDS = [0, 0x8000, 0x4000]; // not set, regular file, folder

/** All entries in the order of the directory. @throws ArchiveFault */
export function readDirectory(bytes: Uint8Array, maxEntries: number): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const endAt = findEnd(view);
  const count = view.getUint16(endAt + 10, true);
  const directoryBytes = view.getUint32(endAt + 12, true);
  const directoryAt = view.getUint32(endAt + 16, true);
  if (count === ZIP64_SHORT || directoryBytes === ZIP64_LONG || directoryAt === ZIP64_LONG)
    throw refuse("zip64", "ZIP64 archives are not supported. Pack the pass as a plain ZIP.");
  if (view.getUint32(endAt + 4, true) !== 0 || view.getUint16(endAt + 8, true) !== count)
    throw refuse("multi_disk_archive", "The file is only one part of a multi-disk archive.");
  if (count > maxEntries)
    throw refuse(
      "too_many_entries",
      `The archive has ${count} entries, but at most ${maxEntries} are allowed.`,
    );
  if (directoryAt + directoryBytes !== endAt)
    throw refuse("stray_bytes", "The directory does not end where the end record says it does.");

  const entries: Entry[] = [];
  let at = directoryAt;
  for (let index = 0; index < count; index++) {
    if (at + CENTRAL_BYTES > endAt || view.getUint32(at, true) !== CENTRAL)
      throw refuse("broken_directory", "The directory is truncated.");
    const next =
      at +
      CENTRAL_BYTES +
      view.getUint16(at + 28, true) +
      view.getUint16(at + 30, true) +
      view.getUint16(at + 32, true);
    if (next > endAt) throw refuse("broken_directory", "The directory is truncated.");
    entries.push(readEntry(bytes, view, at, directoryAt));
    at = next;
  }
  if (at !== endAt) throw refuse("broken_directory", "The directory contains data after its entries.");
  checkNames(entries);
  checkOverlaps(entries, directoryAt);
  return entries;
}

/** Finds the end record. A comment may follow it, but must not look like a second end record. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  const found: number[] = [];
  let hasTrailingBytes = false;
  for (let at = last; at >= 0 && at >= last - MAX_COMMENT_BYTES; at--) {
    if (view.getUint32(at, true) !== END) continue;
    const endsHere = at + END_BYTES + view.getUint16(at + 20, true) === view.byteLength;
    if (endsHere) found.push(at);
    else hasTrailingBytes = true;
  }
  const [end, other] = found;
  if (end === undefined) {
    throw hasTrailingBytes
      ? refuse("stray_bytes", "There are bytes after the end of the archive.")
      : refuse("not_a_zip", "The file is not a ZIP archive, or it is truncated.");
  }
  if (other !== undefined)
    throw refuse(
      "ambiguous_end",
      "The archive has two end records, and readers differ in which one they use.",
    );
  return end;
}

function readEntry(bytes: Uint8Array, view: DataView, at: number, directoryAt: number): Entry {
  const nameBytes = bytes.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + view.getUint16(at + 28, true));
  const path = readName(nameBytes);
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const crc = view.getUint32(at + 16, true);
  const compressedBytes = view.getUint32(at + 20, true);
  const unpackedBytes = view.getUint32(at + 24, true);
  const headerAt = view.getUint32(at + 42, true);
  const extraAt = at + CENTRAL_BYTES + nameBytes.length;
  const extraEnd = extraAt + view.getUint16(at + 30, true);
  const extras = readExtraFields(view, extraAt, extraEnd);

  if ((flags & ENCRYPTED) !== 0) throw refuse("encrypted", "The entry is encrypted.", path);
  if ([compressedBytes, unpackedBytes, headerAt].includes(ZIP64_LONG) || extras.has(ZIP64_EXTRA))
    throw refuse("zip64", "The entry uses ZIP64, which is not supported.", path);
  if (view.getUint16(at + 34, true) !== 0)
    throw refuse("multi_disk_archive", "The entry is on another disk of a multi-disk archive.", path);
  // A second name of the entry, which Info-ZIP's tools would use.
  if (extras.has(UNICODE_PATH_EXTRA)) checkSecondName(bytes, extras.get(UNICODE_PATH_EXTRA), nameBytes, path);
  if (!ORDINARY_KINDS.includes((view.getUint32(at + 38, true) >>> 16) & KIND_BITS))
    throw refuse("not_a_regular_file", "The entry is a link or a device, not a regular file.", path);

  const contradiction = (what: string) =>
    refuse(
      "header_mismatch",
      `The local header of the entry has a different ${what} than the directory.`,
      path,
    );
  if (headerAt + LOCAL_BYTES > directoryAt || view.getUint32(headerAt, true) !== LOCAL)
    throw refuse(
      "broken_directory",
      "The entry has no local header at the offset that the directory declares.",
      path,
    );
  const nameAt = headerAt + LOCAL_BYTES;
  const localName = bytes.subarray(nameAt, nameAt + view.getUint16(headerAt + 26, true));
  if (!sameBytes(localName, nameBytes)) throw contradiction("name");
  const localFlags = view.getUint16(headerAt + 6, true);
  if ((localFlags & ENCRYPTED) !== 0) throw refuse("encrypted", "The entry is encrypted.", path);
  if (view.getUint16(headerAt + 8, true) !== method) throw contradiction("method");
  const local = [14, 18, 22].map((offset) => view.getUint32(headerAt + offset, true));
  if (local.indexOf(ZIP64_LONG, 1) > 0)
    throw refuse("zip64", "The entry uses ZIP64, which is not supported.", path);
  const central = [crc, compressedBytes, unpackedBytes];
  // With bit 3 the three values follow the data, and may be zero in the header.
  const mayBeZero = (localFlags & SIZES_FOLLOW) !== 0;
  if (local.some((value, i) => value !== central[i] && !(mayBeZero && value === 0)))
    throw contradiction("size or checksum");

  const dataAt = nameAt + localName.length + view.getUint16(headerAt + 28, true);
  return {
    path,
    isFolder: path.endsWith("/"),
    method,
    crc,
    compressedBytes,
    bytes: unpackedBytes,
    headerAt,
    dataAt,
  };
}

/** Id → start and end of its data. @throws ArchiveFault broken_directory */
function readExtraFields(view: DataView, from: number, end: number): Map<number, readonly [number, number]> {
  const fields = new Map<number, readonly [number, number]>();
  for (let at = from; at + 4 <= end; ) {
    const dataEnd = at + 4 + view.getUint16(at + 2, true);
    if (dataEnd > end) throw refuse("broken_directory", "An extra field of the directory is truncated.");
    fields.set(view.getUint16(at, true), [at + 4, dataEnd]);
    at = dataEnd;
  }
  return fields;
}

/** Version, CRC of the first name, then the second name in UTF-8 (APPNOTE 4.6.9). */
function checkSecondName(
  bytes: Uint8Array,
  [from, end]: readonly [number, number] = [0, 0],
  name: Uint8Array,
  path: string,
): void {
  if (!sameBytes(bytes.subarray(from + 5, end), name))
    throw refuse(
      "invalid_name",
      "The entry has a second name, and readers differ in which one they use.",
      path,
    );
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Entries must not share bytes. They start at the first byte of the archive, and end before the directory. */
function checkOverlaps(entries: readonly Entry[], directoryAt: number): void {
  const sorted = entries.toSorted((a, b) => a.headerAt - b.headerAt);
  let free = 0;
  for (const [index, { path, headerAt, dataAt, compressedBytes }] of sorted.entries()) {
    if (index === 0 && headerAt !== 0)
      throw refuse("stray_bytes", "There are bytes before the first entry of the archive.");
    if (headerAt < free)
      throw refuse("overlapping_entries", "The entry shares bytes with another entry.", path);
    free = dataAt + compressedBytes;
    if (free > directoryAt) throw refuse("overlapping_entries", "The entry overlaps the directory.", path);
  }
}
