/**
 * Writes a .pkpasses: several .pkpass files in one ZIP. It is written in chunks, so that only a chunk has to be in memory, and
 * what a file shares with others. The files are stored uncompressed, because they are archives themselves. Pure: the caller
 * provides the files.
 *
 * Follows Apple's "Distributing and updating a pass": at most ten passes, or 150 MB.
 */
import {
  centralBytes,
  END_BYTES,
  entryBytes,
  localBytes,
  localHeader,
  writeCentral,
  writeEnd,
  type ZipEntry,
} from "./zip.ts";

const encoder = new TextEncoder();

export const MAX_PASSES = 10;
/**
 * Ten passes with the largest images that Edgepass accepts (8 + 4 MiB of the template, 1 + 0.5 MiB of their own) are
 * 142 MB: with large texts they could exceed it.
 */
export const MAX_PKPASSES_BYTES = 150_000_000;

export interface PkpassFile {
  /** Unique. */
  readonly name: string;
  readonly length: number;
  /** CRC-32. It is written before the content. */
  readonly checksum: number;
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** The length of the archive of such files. */
export function bytesOfPkpasses(
  files: readonly { readonly name: string; readonly length: number }[],
): number {
  return files.reduce((sum, { name, length }) => sum + entryBytes(name, length), END_BYTES);
}

/**
 * Yields the archive in chunks. It requests a file only after the previous chunks were consumed. The same files give
 * the same bytes. When these bytes change, increment RENDERER_VERSION (build.ts), which is part of every ETag.
 */
export async function* writePkpasses(files: AsyncIterable<PkpassFile>): AsyncGenerator<Uint8Array> {
  const directory: Uint8Array[] = [];
  let offset = 0;
  let directoryBytes = 0;
  for await (const { name, length, checksum, content } of files) {
    const entry = { name: encoder.encode(name), length, crc: checksum };
    directory.push(centralRecord(entry, offset));
    offset += localBytes(entry);
    directoryBytes += centralBytes(entry);
    yield localHeader(entry);
    yield* content;
  }
  yield* directory;
  const end = new Uint8Array(END_BYTES);
  writeEnd(new DataView(end.buffer), 0, { count: directory.length, bytes: directoryBytes, offset });
  yield end;
}

function centralRecord(entry: ZipEntry, localOffset: number): Uint8Array {
  const record = new Uint8Array(centralBytes(entry));
  writeCentral(record, new DataView(record.buffer), 0, entry, localOffset);
  return record;
}
