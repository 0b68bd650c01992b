/**
 * Opens a ZIP archive that a stranger made, and refuses what no tool makes in good faith: sizes that lie, bombs, names
 * that leave the archive or that two readers would read in two ways. Nothing is inflated before the whole directory was
 * judged, and never more than it declared.
 *
 * It does not know what the files mean (read.ts). Follows PKWARE's APPNOTE 6.3, sections 4.3 and 4.4. The central
 * directory is what counts; a local header that contradicts it is a refusal, because some readers go by that one.
 */
import { crc32 } from "../build/crc32.ts";
import { centralDirectory, type Entry } from "./directory.ts";
import { refuse } from "./fault.ts";
import { inflateExactly } from "./inflate.ts";

/** path → its bytes; a stored file's are a view of the archive's. Directories are left out. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** A pass has some dozens of files and some megabytes; a phone takes no more than 15 MiB of them. */
export const LIMITS = {
  archiveBytes: 32 * 1024 * 1024,
  entries: 500,
  fileBytes: 10 * 1024 * 1024,
  totalBytes: 40 * 1024 * 1024,
  /** DEFLATE of text reaches about 20, of a drawing in one colour some hundreds, but those are small. */
  ratio: 200,
  ratioCountsFromBytes: 1024 * 1024,
} as const;

const STORED = 0;
const DEFLATED = 8;

/** The files of the archive. @throws ArchiveFault, for the first thing that is wrong */
export function openArchive(bytes: Uint8Array): Files {
  if (bytes.length > LIMITS.archiveBytes)
    throw refuse("archive_too_large", `It has more than ${LIMITS.archiveBytes} bytes.`);
  const entries = centralDirectory(bytes, LIMITS.entries);
  judgeSizes(entries);
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) {
    if (entry.isFolder) continue;
    files.set(entry.path, contentOf(bytes, entry));
  }
  return files;
}

function judgeSizes(entries: readonly Entry[]): void {
  let total = 0;
  for (const { path, method, compressedBytes, bytes, isFolder } of entries) {
    if (method !== STORED && method !== DEFLATED)
      throw refuse("unsupported_compression", `It is compressed with method ${method}. Use deflate.`, path);
    if (bytes > LIMITS.fileBytes)
      throw refuse("file_too_large", `It unpacks to more than ${LIMITS.fileBytes} bytes.`, path);
    if (isFolder && bytes > 0) throw refuse("lying_size", "It is a folder, and has content.", path);
    if (method === STORED && compressedBytes !== bytes)
      throw refuse("lying_size", "It is stored, and its two sizes differ.", path);
    if (bytes > LIMITS.ratioCountsFromBytes && bytes > compressedBytes * LIMITS.ratio)
      throw refuse("compression_bomb", `It unpacks to more than ${LIMITS.ratio} times its size.`, path);
    total += bytes;
    if (total > LIMITS.totalBytes)
      throw refuse("too_large_unpacked", `The files unpack to more than ${LIMITS.totalBytes} bytes.`);
  }
}

function contentOf(archive: Uint8Array, entry: Entry): Uint8Array {
  const { path, method, dataAt, compressedBytes, bytes } = entry;
  const data = archive.subarray(dataAt, dataAt + compressedBytes);
  const content = method === STORED ? data : inflateExactly(data, bytes);
  if (content === undefined)
    throw refuse("lying_size", `It does not unpack to the ${bytes} bytes that the directory says.`, path);
  if (crc32(content) !== entry.crc)
    throw refuse("wrong_checksum", "Its CRC-32 is not the directory's: it was damaged on the way.", path);
  return content;
}
