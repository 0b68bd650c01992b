/**
 * A response body that is made piece by piece, so that the Worker holds only one piece for a client that reads slowly.
 */
import { logEvent } from "../log-events.ts";

/**
 * Makes each piece when the client has read the previous one. If the client disconnects, no more pieces are made. A failure
 * aborts the response and is logged, because the status is already sent.
 * @param length the number of bytes, if it is announced in Content-Length. If the pieces have another length, the response
 *   is aborted
 */
export function streamOf(pieces: AsyncGenerator<Uint8Array>, length?: number): ReadableStream<Uint8Array> {
  let sent = 0;
  const source: UnderlyingSource<Uint8Array> = {
    async pull(controller) {
      try {
        const piece = await pieces.next();
        sent += piece.done ? 0 : piece.value.length;
        if (length !== undefined && (sent > length || (piece.done && sent < length)))
          throw new Error(`the file does not have the ${length} bytes that were announced`);
        if (piece.done) controller.close();
        else controller.enqueue(piece.value);
      } catch (error) {
        logEvent("download_aborted", { error });
        controller.error(error);
      }
    },
    async cancel() {
      await pieces.return(undefined);
    },
  };
  const stream = new ReadableStream(source, { highWaterMark: 0 });
  if (length === undefined) return stream;
  // Only for a stream of this kind does workerd send Content-Length.
  const { readable, writable } = new FixedLengthStream(length);
  // This fails if the client disconnects, or after the error above, which is logged there.
  stream.pipeTo(writable).catch(() => {});
  return readable;
}
