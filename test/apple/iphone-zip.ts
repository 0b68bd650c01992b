/**
 * Opens a .pkpass as a ZIP archive, strictly. It refuses faults that some readers tolerate (a duplicate name, a local
 * header that contradicts the central directory, a wrong CRC), because other readers fail for them. It does not
 * interpret the files.
 *
 * Follows PKWARE's APPNOTE.TXT 4.3 and 4.4, without ZIP64, encryption and several disks, which a pass does not need.
 */
import { unzipSync } from "fflate";
import { demand, InvalidPass } from "./iphone-invalid-pass.ts";

const END_OF_CENTRAL_DIRECTORY = 0x06054b50;
const CENTRAL_HEADER = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const ENCRYPTED = 1 << 0;
/** The sizes and the CRC follow the data, so the local header holds zeros (APPNOTE 4.4.4, bit 3). */
const DATA_DESCRIPTOR = 1 << 3;

interface CentralEntry {
  name: string;
  crc32: number;
  compressedSize: number;
  size: number;
}

/**
 * The files of the archive by name, without directory entries.
 * @throws InvalidPass if it is not such an archive, or contains a name that Wallet must not accept
 */
export function openArchive(bytes: Uint8Array): Record<string, Uint8Array> {
  const entries = readCentralDirectory(bytes);
  const names = new Set<string>();
  for (const { name } of entries) {
    demand(!names.has(name), `the archive holds ${name} twice`);
    names.add(name);
    demand(name !== "" && !name.startsWith("/") && !name.includes("\\"), `bad path in the archive: ${name}`);
    demand(!name.split("/").includes(".."), `path leaves the archive: ${name}`);
    demand(
      !/(^|\/)(__MACOSX|\.DS_Store)(\/|$)/.test(name),
      `left by the Finder, not part of a pass: ${name}`,
    );
  }
  let contents: Record<string, Uint8Array>;
  try {
    contents = unzipSync(bytes);
  } catch (error) {
    throw new InvalidPass(`not a readable ZIP archive: ${String(error)}`);
  }
  const files: Record<string, Uint8Array> = {};
  for (const { name, crc32, size } of entries) {
    if (name.endsWith("/")) continue;
    const content = contents[name];
    demand(content?.length === size, `${name} has another size than the central directory says`);
    demand(crc32Of(content) === crc32, `the CRC-32 of ${name} is wrong`);
    files[name] = content;
  }
  return files;
}

function readCentralDirectory(bytes: Uint8Array): CentralEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  demand(view.getUint16(end + 8, true) === count, "the archive spans several disks");
  let at = view.getUint32(end + 16, true);
  demand(
    at + view.getUint32(end + 12, true) === end,
    "the central directory is not where its end record says",
  );
  const entries: CentralEntry[] = [];
  for (let index = 0; index < count; index++) {
    demand(
      at + 46 <= end && view.getUint32(at, true) === CENTRAL_HEADER,
      "the central directory is cut short",
    );
    const flags = view.getUint16(at + 8, true);
    const nameBytes = bytes.subarray(at + 46, at + 46 + view.getUint16(at + 28, true));
    const entry = {
      name: new TextDecoder().decode(nameBytes),
      crc32: view.getUint32(at + 16, true),
      compressedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
    };
    demand((flags & ENCRYPTED) === 0, `${entry.name} is encrypted`);
    checkLocalHeader(bytes, view, view.getUint32(at + 42, true), entry);
    entries.push(entry);
    at += 46 + nameBytes.length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  demand(at === end, "the central directory holds more than its entries");
  return entries;
}

/** The end record is the last part of the file, except for its own comment (APPNOTE 4.3.16). */
function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= 0 && at >= view.byteLength - 22 - 0xffff; at--) {
    if (view.getUint32(at, true) !== END_OF_CENTRAL_DIRECTORY) continue;
    demand(
      at + 22 + view.getUint16(at + 20, true) === view.byteLength,
      "bytes follow the end of the archive",
    );
    return at;
  }
  throw new InvalidPass("not a ZIP archive: no central directory");
}

function checkLocalHeader(bytes: Uint8Array, view: DataView, at: number, entry: CentralEntry): void {
  demand(
    at + 30 <= bytes.length && view.getUint32(at, true) === LOCAL_HEADER,
    `${entry.name} has no local header`,
  );
  const name = new TextDecoder().decode(bytes.subarray(at + 30, at + 30 + view.getUint16(at + 26, true)));
  demand(name === entry.name, `the local header calls ${entry.name} ${name}`);
  if (view.getUint16(at + 6, true) & DATA_DESCRIPTOR) return;
  demand(
    view.getUint32(at + 14, true) === entry.crc32 &&
      view.getUint32(at + 18, true) === entry.compressedSize &&
      view.getUint32(at + 22, true) === entry.size,
    `the local header of ${entry.name} contradicts the central directory`,
  );
}

/** CRC-32 of ISO 3309, reflected, polynomial 0xEDB88320 (APPNOTE 4.4.7), by nibbles. */
function crc32Of(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    crc = (crc >>> 4) ^ (CRC_NIBBLES[crc & 15] ?? 0);
    crc = (crc >>> 4) ^ (CRC_NIBBLES[crc & 15] ?? 0);
  }
  return ~crc >>> 0;
}

const CRC_NIBBLES = Array.from({ length: 16 }, (_, nibble) => {
  let value = nibble;
  for (let bit = 0; bit < 4; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});
