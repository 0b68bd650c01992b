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
  readonly document: () => Promise<PublishedFile>;
  readonly docs: () => Promise<PublishedFile & Pick<Docs, "policy">>;
}

export interface PublishedFile {
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
  // The files and not their promises: workerd does not let a request wait for what another one does.
  let document: PublishedFile | undefined;
  let docs: (PublishedFile & Pick<Docs, "policy">) | undefined;
  return {
    async document() {
      document ??= await withEtag(new TextEncoder().encode(writeJson(write())));
      return document;
    },
    async docs() {
      if (docs === undefined) {
        const { page, policy } = await docsPage(write());
        docs = { ...(await withEtag(page)), policy };
      }
      return docs;
    },
  };
}

async function withEtag(bytes: Uint8Array): Promise<PublishedFile> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  return { bytes, etag: `"${hash}"` };
}

/** The file, or 304 for If-None-Match. Every cache may store it, because it has nothing secret. */
export function publishedResponse(
  { isHead, ifNoneMatch }: Pick<Conditions, "isHead" | "ifNoneMatch">,
  { bytes, etag }: PublishedFile,
  ownHeaders: Readonly<Record<string, string>>,
): Response {
  const headers = { ETag: etag, "Cache-Control": "public, max-age=300", ...ownHeaders };
  if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, etag))
    return new Response(null, { status: 304, headers });
  return new Response(isHead ? null : bytes, { headers });
}
