/**
 * The OpenAPI document and the reference page as they are served. Each is written at its first request and kept while the
 * isolate lives, because writing them takes longer than a Worker should need to start. They are kept as bytes, which take half as
 * much memory as strings (memory.ts).
 */
import { type Conditions, matchesEtag } from "../http/conditions.ts";
import { writeJson } from "../json.ts";
import { type Docs, docsPage } from "./docs/page.tsx";
import { type Route, writeDocument } from "./openapi/document.ts";
import { describeApi } from "./openapi/info.ts";

export interface Published {
  readonly document: () => Promise<Kept>;
  readonly docs: () => Promise<Kept & Pick<Docs, "policy">>;
}

export interface Kept {
  readonly bytes: Uint8Array;
  /** With its quotation marks. */
  readonly etag: string;
}

/**
 * Keeps one document, because a deployment has one PUBLIC_ORIGIN.
 * @param routes gives the routes of the API
 * @returns what is published for a PUBLIC_ORIGIN
 */
export function publisher(routes: () => readonly Route[]): (origin: string) => Published {
  let kept: { readonly origin: string; readonly published: Published } | undefined;
  return (origin) => {
    if (kept?.origin !== origin) kept = { origin, published: publish(routes(), origin) };
    return kept.published;
  };
}

function publish(routes: readonly Route[], origin: string): Published {
  const write = () => writeDocument(routes, describeApi(origin));
  // Not the promises: workerd does not let a request wait for what another one does.
  let document: Kept | undefined;
  let docs: (Kept & Pick<Docs, "policy">) | undefined;
  return {
    async document() {
      document ??= await keep(new TextEncoder().encode(writeJson(write())));
      return document;
    },
    async docs() {
      if (docs === undefined) {
        const { page, policy } = await docsPage(write());
        docs = { ...(await keep(page)), policy };
      }
      return docs;
    },
  };
}

async function keep(bytes: Uint8Array): Promise<Kept> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  return { bytes, etag: `"${hash}"` };
}

/** For anybody: it has nothing secret. */
export function publishedResponse(
  { isHead, ifNoneMatch }: Pick<Conditions, "isHead" | "ifNoneMatch">,
  { bytes, etag }: Kept,
  more: Readonly<Record<string, string>>,
): Response {
  const headers = { ETag: etag, "Cache-Control": "public, max-age=300", ...more };
  if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, etag))
    return new Response(null, { status: 304, headers });
  return new Response(isHead ? null : bytes, { headers });
}
