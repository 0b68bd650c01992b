/**
 * The OpenAPI document and the reference page as they are served. Each is written at its first request and kept while the
 * isolate lives, because writing them takes longer than a Worker should need to start. They are kept as bytes, which take half as
 * much memory as strings (memory.ts).
 */
import { writeJson } from "../json.ts";
import { type Docs, docsPage } from "./docs/page.tsx";
import { type Route, writeDocument } from "./openapi/document.ts";
import { describeApi } from "./openapi/info.ts";

export interface Published {
  readonly document: Uint8Array;
  readonly docs: () => Promise<Docs>;
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
  let docs: Docs | undefined;
  return {
    document: new TextEncoder().encode(writeJson(write())),
    async docs() {
      // Not the promise: workerd does not let a request wait for what another one does.
      docs ??= await docsPage(write());
      return docs;
    },
  };
}
