/**
 * Why an archive is refused as a whole: nothing in it is looked at.
 */

export type FaultCode =
  | "not_a_zip"
  | "archive_too_large"
  | "stray_bytes"
  | "ambiguous_end"
  | "several_disks"
  | "zip64"
  | "too_many_entries"
  | "broken_directory"
  | "contradicting_header"
  | "overlapping_entries"
  | "encrypted"
  | "unsupported_compression"
  | "bad_name"
  | "duplicate_name"
  | "link"
  | "file_too_large"
  | "too_much_text"
  | "too_many_languages"
  | "too_many_strings"
  | "too_large_unpacked"
  | "compression_bomb"
  | "lying_size"
  | "wrong_checksum";

/** Thrown inside of this folder only: read.ts makes an outcome of it. */
export class ArchiveFault extends Error {
  readonly code: FaultCode;
  /** The entry that it is about; not shown as it stands, since it may hold anything. */
  readonly path: string | undefined;

  constructor(code: FaultCode, message: string, path: string | undefined) {
    super(message);
    this.name = "ArchiveFault";
    this.code = code;
    this.path = path;
  }
}

/** @param why in words for who made the file */
export function refuse(code: FaultCode, why: string, path?: string): ArchiveFault {
  return new ArchiveFault(code, why, path);
}
