/**
 * Makes the HTTP response for an image whose address contains its hash, and that can only be requested with a key.
 */
import { type Conditions, matchesEtag } from "./conditions.ts";

/** Other content has another address. A shared cache must not store it, because the next client has another key. */
export const KEPT_WITH_KEY = "private, max-age=31536000, immutable";

/** The bytes of a PNG, read when they are needed. */
export type OpenImage = () => Promise<Uint8Array | ReadableStream<Uint8Array>>;

export async function imageResponse(
  { isHead, ifNoneMatch }: Conditions,
  sha256: string,
  open: OpenImage,
): Promise<Response> {
  const etag = `"${sha256}"`;
  // If two people share a browser, it uses the images that one key got for that key only.
  const headers = new Headers({ ETag: etag, "Cache-Control": KEPT_WITH_KEY, Vary: "Authorization" });
  if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, etag))
    return new Response(null, { status: 304, headers });
  headers.set("Content-Type", "image/png");
  headers.set("X-Content-Type-Options", "nosniff");
  return new Response(isHead ? null : await open(), { headers });
}
