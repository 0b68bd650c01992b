/**
 * The reasons to reject an archive as a whole. Its files are then not checked.
 */

export type FaultCode =
  | "not_a_zip"
  | "archive_too_large"
  | "stray_bytes"
  | "ambiguous_end"
  | "multi_disk_archive"
  | "zip64"
  | "too_many_entries"
  | "broken_directory"
  | "header_mismatch"
  | "overlapping_entries"
  | "encrypted"
  | "unsupported_compression"
  | "invalid_name"
  | "duplicate_name"
  | "not_a_regular_file"
  | "file_too_large"
  | "too_much_text"
  | "too_many_languages"
  | "too_many_strings"
  | "unpacked_too_large"
  | "compression_bomb"
  | "size_mismatch"
  | "checksum_mismatch";

/** Thrown only inside this folder: read.ts turns it into an outcome. */
export class ArchiveFault extends Error {
  readonly code: FaultCode;
  /** The entry with the fault. Escape it before printing, since it may contain anything. */
  readonly path: string | undefined;

  constructor(code: FaultCode, message: string, path: string | undefined) {
    super(message);
    this.name = "ArchiveFault";
    this.code = code;
    this.path = path;
  }
}

/** @param why a sentence for the author of the file */
export function refuse(code: FaultCode, why: string, path?: string): ArchiveFault {
  return new ArchiveFault(code, why, path);
}
