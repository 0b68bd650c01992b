/**
 * Makes the HTTP response for the download of a pass or a bundle by phones, links and the API.
 */

import type { ReadContext } from "../context.ts";
import { logEvent } from "../log-events.ts";
import { demandBuildable, lengthOfBundle, openBundle, versionOfBundle } from "../passes/bundle.ts";
import type { LoadedPass } from "../passes/load.ts";
import { buildVersion, type Version, versionOf } from "../passes/serve.ts";
import { pkpassFileName } from "../passes/show.ts";
import { type Conditions, conditionsOf, isConditional, isNotModified, matchesEtag } from "./conditions.ts";

/** The content types that Safari and Wallet recognize. Safari shows other types as text, or saves a ZIP. */
const PKPASS = "application/vnd.apple.pkpass";
const PKPASSES = "application/vnd.apple.pkpasses";
/** A pass contains personal data: shared caches must not store it, and phones must revalidate it. */
const CACHE_CONTROL = "private, no-cache";

type WaitUntil = Pick<ExecutionContext, "waitUntil">;

/**
 * Answers a conditional request for a pass. The built pass is stored after the response is sent.
 * @param isCurrent an additional condition of a dialect: whether the client has this version. It is used only if the
 *   request has no conditional headers.
 */
export async function passResponse(
  context: ReadContext,
  loaded: LoadedPass,
  conditions: Conditions,
  executionCtx: WaitUntil,
  isCurrent: (version: Version) => boolean = () => false,
): Promise<Response> {
  const version = await versionOf(context.config, loaded);
  const headers = new Headers({
    ETag: version.etag,
    "Last-Modified": new Date(version.lastModifiedAt).toUTCString(),
    "Cache-Control": CACHE_CONTROL,
  });
  if (isConditional(conditions) ? isNotModified(conditions, version) : isCurrent(version))
    return new Response(null, { status: 304, headers });
  const { bytes, store } = await buildVersion(context, loaded, version);
  if (store !== undefined) executionCtx.waitUntil(store().catch(logNotStored));
  describeFile(headers, PKPASS, pkpassFileName(loaded.pass), bytes.length);
  return new Response(bytes, { status: 200, headers });
}

/**
 * Answers a conditional request for a bundle with a stream. There is no Last-Modified: its time would decrease when the
 * newest pass is deleted, and If-Modified-Since would then hide that change.
 * @param loaded at least one pass
 */
export async function bundleResponse(
  context: ReadContext,
  loaded: readonly LoadedPass[],
  request: Request,
  executionCtx: WaitUntil,
): Promise<Response> {
  const { ifNoneMatch } = conditionsOf(request.headers);
  const bundle = await versionOfBundle(context.config, loaded);
  const headers = new Headers({ ETag: bundle.etag, "Cache-Control": CACHE_CONTROL });
  if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, bundle.etag))
    return new Response(null, { status: 304, headers });
  const storeLater = (store: () => Promise<void>) => {
    const stored = store().catch(logNotStored);
    executionCtx.waitUntil(stored);
    return stored;
  };
  await demandBuildable(context, bundle);
  // The first pass is built before the length is computed, so that the pack of its template need not be asked for its size.
  const pieces = request.method === "HEAD" ? undefined : await openBundle(context, bundle, storeLater);
  const length = await lengthOfBundle(context, bundle);
  describeFile(headers, PKPASSES, "passes.pkpasses", length);
  return new Response(pieces && streamOf(pieces, length), { status: 200, headers });
}

/**
 * Makes each piece when the client has read the previous one. If the client disconnects, no more pieces are made. If the
 * pieces do not have the length that was announced, the download is aborted.
 */
function streamOf(pieces: AsyncGenerator<Uint8Array>, length: number): ReadableStream<Uint8Array> {
  let missing = length;
  const source: UnderlyingSource<Uint8Array> = {
    async pull(controller) {
      try {
        const piece = await pieces.next();
        missing -= piece.done ? 0 : piece.value.length;
        if (missing < 0 || (piece.done && missing > 0))
          throw new Error(`the file does not have the ${length} bytes that were announced`);
        if (piece.done) controller.close();
        else controller.enqueue(piece.value);
      } catch (error) {
        // The status is already sent: the client sees an aborted download, and the log has the reason.
        logEvent("download_aborted", { error });
        controller.error(error);
      }
    },
  };
  // Only for a stream of this kind does workerd send Content-Length.
  const { readable, writable } = new FixedLengthStream(length);
  // This fails if the client disconnects, or after the error above, which is logged there.
  new ReadableStream(source, { highWaterMark: 0 }).pipeTo(writable).catch(() => {});
  return readable;
}

/** The response is not affected; the next request builds the pass again. */
function logNotStored(error: unknown): void {
  logEvent("built_pass_not_stored", { error });
}

/** The length is also for HEAD, whose response has no body to count. */
function describeFile(headers: Headers, type: string, name: string, length: number): void {
  headers.set("Content-Length", String(length));
  headers.set("Content-Type", type);
  headers.set("Content-Disposition", `attachment; filename="${name}"`);
  headers.set("X-Content-Type-Options", "nosniff");
}
