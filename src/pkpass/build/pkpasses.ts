/**
 * A .pkpasses: several .pkpass files in one ZIP, written piece by piece, so that no more than one of them has to be in
 * memory. Stored, since they are archives themselves. Pure: what the files are is the caller's matter.
 *
 * Follows Apple's "Distributing and updating a pass": at most ten passes, or 150 MB.
 */
import {
  centralBytes,
  END_BYTES,
  localBytes,
  writeCentral,
  writeEnd,
  writeLocalHeader,
  type ZipEntry,
  zipEntry,
} from "./zip.ts";

export const MOST_PASSES = 10;
/**
 * Ten passes of the most images that Edgepass keeps (8 + 4 MiB of the template, 1 + 0.5 MiB of their own) are 142 MB: large
 * texts beside them could pass it.
 */
const MOST_BYTES = 150_000_000;

export interface PkpassFile {
  /** Another one for each file. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The archive in pieces, to be sent one after the other. A file is asked for when those before it were taken. The same
 * files give the same bytes; where these change, raise RENDERER_VERSION (build.ts), and every ETag changes with it.
 * @throws Error where it would be larger than Apple allows, instead of ending it: what was sent then opens nowhere
 */
export async function* pkpasses(files: AsyncIterable<PkpassFile>): AsyncGenerator<Uint8Array> {
  const directory: Uint8Array[] = [];
  let offset = 0;
  let directoryBytes = 0;
  for await (const { name, bytes } of files) {
    const entry = zipEntry(name, bytes);
    directory.push(centralRecord(entry, offset));
    offset += localBytes(entry);
    directoryBytes += centralBytes(entry);
    if (offset + directoryBytes + END_BYTES > MOST_BYTES)
      throw new Error(`the passes have more than ${MOST_BYTES} bytes together`);
    yield localHeader(entry);
    yield bytes;
  }
  yield* directory;
  const end = new Uint8Array(END_BYTES);
  writeEnd(new DataView(end.buffer), 0, { count: directory.length, bytes: directoryBytes, offset });
  yield end;
}

function localHeader(entry: ZipEntry): Uint8Array {
  const header = new Uint8Array(localBytes(entry) - entry.bytes.length);
  writeLocalHeader(header, new DataView(header.buffer), 0, entry);
  return header;
}

function centralRecord(entry: ZipEntry, localOffset: number): Uint8Array {
  const record = new Uint8Array(centralBytes(entry));
  writeCentral(record, new DataView(record.buffer), 0, entry, localOffset);
  return record;
}
