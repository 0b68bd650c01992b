/**
 * A pass as an HTTP answer, for phones, for links and for the API alike.
 */
import type { Config } from "./config.ts";
import { type Database, loggable } from "./db/client.ts";
import { type Conditions, type LoadedPass, type Served, servePass } from "./passes/serve.ts";

/** The content type that Safari and Wallet go by; anything else is shown as text or saved as a ZIP. */
const PKPASS = "application/vnd.apple.pkpass";

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
  { db, config, bucket }: { db: Database; config: Config; bucket: R2Bucket },
  executionCtx: Pick<ExecutionContext, "waitUntil">,
  now: number,
): Promise<Response> {
  const served = await servePass(db, bucket, config, loaded, conditions, now);
  if (served.outcome === "bundle" && served.keep !== undefined) {
    executionCtx.waitUntil(served.keep().catch(notKept));
  }
  return answerWith(served);
}

/** The answer is sent; the next request builds the bundle again. */
function notKept(error: unknown): void {
  console.error(JSON.stringify({ event: "bundle_not_kept", error: String(loggable(error)) }));
}

function answerWith(served: Served): Response {
  const headers = new Headers({
    ETag: served.etag,
    "Last-Modified": new Date(served.lastModifiedAt).toUTCString(),
    // The pass holds a name, a seat, a balance: no shared cache keeps it, and the phone asks each time.
    "Cache-Control": "private, no-cache",
  });
  switch (served.outcome) {
    case "not_modified":
      return new Response(null, { status: 304, headers });
    case "bundle":
      headers.set("Content-Type", PKPASS);
      headers.set("Content-Disposition", `attachment; filename="${fileName(served.serialNumber)}"`);
      headers.set("X-Content-Type-Options", "nosniff");
      return new Response(served.bytes, { status: 200, headers });
  }
}

function fileName(serialNumber: string): string {
  return `${serialNumber.replace(/[^A-Za-z0-9._-]+/g, "_").slice(0, 64)}.pkpass`;
}
