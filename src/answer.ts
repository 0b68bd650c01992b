/**
 * A pass, or several in one file, as an HTTP answer: for phones, for links and for the API alike.
 */
import type { Config } from "./config.ts";
import { type Database, loggable } from "./db/client.ts";
import { type Conditions, type LoadedPass, type Served, servePass } from "./passes/serve.ts";
import { serveSeveral } from "./passes/several.ts";
import { fileNameOf } from "./passes/show.ts";

/** The content types that Safari and Wallet go by; anything else is shown as text or saved as a ZIP. */
const PKPASS = "application/vnd.apple.pkpass";
const PKPASSES = "application/vnd.apple.pkpasses";
/** A pass holds a name, a seat, a balance: no shared cache keeps it, and the phone asks each time. */
const CACHE_CONTROL = "private, no-cache";

interface AnswerParts {
  readonly db: Database;
  readonly config: Config;
  readonly bucket: R2Bucket;
}

/** What a request asks of the version that it gets (RFC 9110 §13.1). */
export function conditionsIn(headers: Headers): Conditions {
  return {
    ifNoneMatch: headers.get("if-none-match") ?? undefined,
    ifModifiedSince: headers.get("if-modified-since") ?? undefined,
  };
}

/** Answers a conditional request for a pass. What is to be kept of it is kept after the answer. */
export async function answerPass(
  loaded: LoadedPass,
  conditions: Conditions,
  { db, config, bucket }: AnswerParts,
  executionCtx: Pick<ExecutionContext, "waitUntil">,
  now: number,
): Promise<Response> {
  const served = await servePass(db, bucket, config, loaded, conditions, now);
  if (served.outcome === "bundle" && served.keep !== undefined) {
    executionCtx.waitUntil(served.keep().catch(notKept));
  }
  return answerWith(served);
}

/**
 * Answers a conditional request for several passes in one file, as a stream. It has no Last-Modified: that time would
 * fall when its newest pass is deleted, and If-Modified-Since would hide it.
 */
export async function answerPasses(
  loaded: readonly LoadedPass[],
  { ifNoneMatch }: Conditions,
  parts: AnswerParts,
  executionCtx: Pick<ExecutionContext, "waitUntil">,
  now: number,
): Promise<Response> {
  const keepBeside = (keep: () => Promise<void>) => {
    const kept = keep().catch(notKept);
    executionCtx.waitUntil(kept);
    return kept;
  };
  const served = await serveSeveral(parts, loaded, ifNoneMatch, keepBeside, now);
  const headers = new Headers({ ETag: served.etag, "Cache-Control": CACHE_CONTROL });
  switch (served.outcome) {
    case "not_modified":
      return new Response(null, { status: 304, headers });
    case "archive":
      describeFile(headers, PKPASSES, "passes.pkpasses");
      return new Response(streamOf(served.pieces), { status: 200, headers });
  }
}

/** Each piece is made when the one before it was taken: none for who went away. */
function streamOf(pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  const source: UnderlyingSource<Uint8Array> = {
    async pull(controller) {
      try {
        const piece = await pieces.next();
        if (piece.done) controller.close();
        else controller.enqueue(piece.value);
      } catch (error) {
        // The status is sent: the client sees its download break off, and the operator why.
        console.error(JSON.stringify({ event: "download_broken", error: String(loggable(error)) }));
        controller.error(error);
      }
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

/** The answer is sent; the next request builds the bundle again. */
function notKept(error: unknown): void {
  console.error(JSON.stringify({ event: "bundle_not_kept", error: String(loggable(error)) }));
}

function answerWith(served: Served): Response {
  const headers = new Headers({
    ETag: served.etag,
    "Last-Modified": new Date(served.lastModifiedAt).toUTCString(),
    "Cache-Control": CACHE_CONTROL,
  });
  switch (served.outcome) {
    case "not_modified":
      return new Response(null, { status: 304, headers });
    case "bundle":
      describeFile(headers, PKPASS, fileNameOf(served));
      return new Response(served.bytes, { status: 200, headers });
  }
}

function describeFile(headers: Headers, type: string, name: string): void {
  headers.set("Content-Type", type);
  headers.set("Content-Disposition", `attachment; filename="${name}"`);
  headers.set("X-Content-Type-Options", "nosniff");
}
