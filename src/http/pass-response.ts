/**
 * Makes the HTTP response for the download of a pass or a bundle by phones, links and the API.
 */
import { bodyOf } from "../bytes.ts";
import type { ReadContext } from "../context.ts";
import { logEvent } from "../log-events.ts";
import { demandBuildable, lengthOfBundle, openBundle, versionOfBundle } from "../passes/bundle.ts";
import type { LoadedPass, OfferedPass } from "../passes/load.ts";
import { demandCredentials, lengthOfVersion, openVersion, type Version, versionOf } from "../passes/serve.ts";
import { pkpassFileName } from "../passes/show.ts";
import { refuseWithoutApple } from "../templates/offered-wallets.ts";
import { type Conditions, conditionsOf, isConditional, isNotModified, matchesEtag } from "./conditions.ts";
import { streamOf } from "./stream.ts";

/** The content types that Safari and Wallet recognize. Safari shows other types as text, or saves a ZIP. */
const PKPASS = "application/vnd.apple.pkpass";
const PKPASSES = "application/vnd.apple.pkpasses";
/** A pass contains personal data: shared caches must not store it, and phones must revalidate it. */
const CACHE_CONTROL = "private, no-cache";

type WaitUntil = Pick<ExecutionContext, "waitUntil">;

/**
 * Answers a conditional request of somebody who may not have the pass yet: by its link, or with a key of the API.
 * @throws ApiError apple_not_offered
 */
export async function downloadResponse(
  context: ReadContext,
  loaded: OfferedPass,
  request: Request,
  executionCtx: WaitUntil,
): Promise<Response> {
  refuseWithoutApple(loaded.wallets);
  return passResponse(context, loaded, conditionsOf(request), executionCtx);
}

/**
 * Answers a conditional request for a pass, also of phones that have it. The built pass is stored after the response is sent.
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
  const { body, length } = await (conditions.isHead
    ? describeVersion(context, loaded)
    : openBody(context, loaded, version, executionCtx));
  describeFile(headers, PKPASS, pkpassFileName(loaded.pass), length);
  return new Response(body, { status: 200, headers });
}

/** The length that a body would have. It is known without building the pass. */
async function describeVersion(context: ReadContext, loaded: LoadedPass) {
  await demandCredentials(context, loaded);
  return { body: null, length: await lengthOfVersion(context, loaded) };
}

async function openBody(context: ReadContext, loaded: LoadedPass, version: Version, executionCtx: WaitUntil) {
  const opened = await openVersion(context, loaded, version);
  if ("stream" in opened) return { body: opened.stream, length: opened.length };
  const { pieces, length, store } = opened;
  if (store !== undefined) executionCtx.waitUntil(store().catch(logNotStored));
  return { body: bodyOf(pieces), length };
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
  const { ifNoneMatch, isHead } = conditionsOf(request);
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
  const pieces = isHead ? undefined : await openBundle(context, bundle, storeLater);
  const length = await lengthOfBundle(context, bundle);
  describeFile(headers, PKPASSES, "passes.pkpasses", length);
  return new Response(pieces && streamOf(pieces, length), { status: 200, headers });
}

/** The response is not affected; the next request builds the pass again. */
function logNotStored(error: unknown): void {
  logEvent("built_pass_not_stored", { error });
}

/** The length is set here, because a response to HEAD has no body to count. */
function describeFile(headers: Headers, type: string, name: string, length: number): void {
  headers.set("Content-Length", String(length));
  headers.set("Content-Type", type);
  headers.set("Content-Disposition", `attachment; filename="${name}"`);
  headers.set("X-Content-Type-Options", "nosniff");
}
