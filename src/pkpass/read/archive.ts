/**
 * Opens an untrusted ZIP archive, and rejects what no honest tool writes: wrong sizes, compression bombs, names that
 * point outside the archive, and names that two readers would interpret differently. It checks the whole directory
 * before it inflates anything, and never inflates more than the declared size.
 *
 * read.ts interprets the files. Follows PKWARE's APPNOTE 6.3, sections 4.3 and 4.4. The central directory is
 * authoritative; a local header that contradicts it is rejected, because some readers use the local header.
 */
import { HEAVY } from "../../memory.ts";
import { crc32 } from "../crc32.ts";
import { type Entry, readDirectory } from "./directory.ts";
import { refuse } from "./fault.ts";
import { inflateExactly } from "./inflate.ts";

/** Path → bytes, without folders. The bytes are copies, so the archive need not be held any longer. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** A pass has a few dozen files and a few megabytes; a phone accepts at most 15 MiB. */
export const LIMITS = {
  archiveBytes: HEAVY.archiveBytes,
  entries: 500,
  fileBytes: 10 * 1024 * 1024,
  totalBytes: HEAVY.unpackedBytes,
  /**
   * DEFLATE reaches a ratio of about 20 for text. It can reach hundreds for plain images, but those files are small: for
   * them it counts from this size.
   */
  ratio: 200,
  ratioCountsFromBytes: 1024 * 1024,
} as const;

/** The files that are parsed, which takes many times the memory of their bytes. */
export const TEXT_PATH = /\.(json|strings)$/;

const STORED = 0;
const DEFLATED = 8;

/** Reads the files of the archive. @throws ArchiveFault for the first fault that it finds */
export function openArchive(bytes: Uint8Array): Files {
  if (bytes.length > LIMITS.archiveBytes)
    throw refuse("archive_too_large", `The archive is larger than ${LIMITS.archiveBytes} bytes.`);
  const entries = readDirectory(bytes, LIMITS.entries);
  checkSizes(entries);
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) {
    if (entry.isFolder) continue;
    files.set(entry.path, readContent(bytes, entry));
  }
  return files;
}

function checkSizes(entries: readonly Entry[]): void {
  let total = 0;
  for (const { path, method, compressedBytes, bytes, isFolder } of entries) {
    if (method !== STORED && method !== DEFLATED)
      throw refuse(
        "unsupported_compression",
        `The entry uses compression method ${method}. Use deflate.`,
        path,
      );
    if (bytes > LIMITS.fileBytes)
      throw refuse(
        "file_too_large",
        `The entry is larger than ${LIMITS.fileBytes} bytes when unpacked.`,
        path,
      );
    if (isFolder && bytes > 0) throw refuse("size_mismatch", "The entry is a folder, but has content.", path);
    if (method === STORED && compressedBytes !== bytes)
      throw refuse("size_mismatch", "The entry is stored uncompressed, but its two sizes differ.", path);
    const countsFrom = TEXT_PATH.test(path) ? 0 : LIMITS.ratioCountsFromBytes;
    if (bytes > countsFrom && bytes > compressedBytes * LIMITS.ratio)
      throw refuse(
        "compression_bomb",
        `The entry unpacks to more than ${LIMITS.ratio} times its compressed size.`,
        path,
      );
    total += bytes;
    if (total > LIMITS.totalBytes)
      throw refuse(
        "unpacked_too_large",
        `The files are larger than ${LIMITS.totalBytes} bytes in total when unpacked.`,
      );
  }
}

function readContent(archive: Uint8Array, entry: Entry): Uint8Array {
  const { path, method, dataAt, compressedBytes, bytes } = entry;
  const data = archive.subarray(dataAt, dataAt + compressedBytes);
  const content = method === STORED ? data.slice() : inflateExactly(data, bytes);
  if (content === undefined)
    throw refuse(
      "size_mismatch",
      `The entry does not unpack to the ${bytes} bytes that the directory declares.`,
      path,
    );
  if (crc32(content) !== entry.crc)
    throw refuse(
      "checksum_mismatch",
      "The CRC-32 of the entry differs from the directory: the file is damaged.",
      path,
    );
  return content;
}
