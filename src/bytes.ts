/**
 * Bytes in pieces: reads a stream up to a limit, whatever Content-Length says, and makes a body of pieces without joining them.
 */
import { CHUNK_BYTES } from "./memory.ts";

/** Bytes that are not joined, because some of the pieces are shared. */
export type Pieces = readonly Uint8Array[];

/**
 * All bytes of the stream, or undefined as soon as there are more than `maxBytes`.
 * @throws the reason of the signal, if it is aborted first
 */
export async function readAtMost(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of readUntil(stream, signal)) {
    length += piece.length;
    if (length > maxBytes) return undefined;
    pieces.push(piece);
  }
  return joinPieces(pieces);
}

/** The pieces of the stream. An abort does not wait for the next piece, which may never come. */
async function* readUntil(
  stream: ReadableStream<Uint8Array> | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (signal === undefined || stream === null) return yield* stream ?? [];
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => {}); // even if nothing is being read
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), aborted]);
      if (done) return;
      yield value;
    }
  } finally {
    signal.removeEventListener("abort", abort);
    reader.cancel().catch(() => {});
  }
}

export function lengthOf(pieces: Pieces): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/** All pieces as one array. A single piece is not copied. */
export function joinPieces(pieces: Pieces): Uint8Array {
  const [first, ...others] = pieces;
  if (first !== undefined && others.length === 0) return first;
  const bytes = new Uint8Array(lengthOf(pieces));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

/** The same bytes in copied chunks of CHUNK_BYTES; the last one may be shorter. */
export function* inChunks(pieces: Pieces): Generator<Uint8Array> {
  let left = lengthOf(pieces);
  let chunk = new Uint8Array(Math.min(left, CHUNK_BYTES));
  let filled = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + chunk.length - filled);
      chunk.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < chunk.length) continue;
      yield chunk;
      left -= filled;
      chunk = new Uint8Array(Math.min(left, CHUNK_BYTES));
      filled = 0;
    }
  }
}

/**
 * The body of a response or of an object in R2. A body of several chunks is a stream that copies a chunk when the previous one
 * was read: a slow reader holds one copied chunk and what the pieces share with others.
 */
export function bodyOf(pieces: Pieces): Uint8Array | ReadableStream<Uint8Array> {
  const length = lengthOf(pieces);
  if (length <= CHUNK_BYTES) return joinPieces(pieces);
  // Only a stream of this kind has a length, which R2 needs, and which workerd sends as Content-Length.
  const chunks = inChunks(pieces);
  const source: UnderlyingSource<Uint8Array> = {
    pull(controller) {
      const { done, value } = chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 }).pipeThrough(new FixedLengthStream(length));
}
