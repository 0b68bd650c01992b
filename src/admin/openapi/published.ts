/**
 * The OpenAPI document as it is served. It is written at its first request and kept while the isolate lives, because writing
 * it takes longer than a Worker should need to start.
 */
import { type Json, writeJson } from "../../json.ts";
import { type OpenApiDocument, type Route, writeDocument } from "./document.ts";
import { describeApi } from "./info.ts";

export interface Published {
  readonly document: OpenApiDocument;
  readonly text: Json<OpenApiDocument>;
}

/** Serves one document for each PUBLIC_ORIGIN, of which a deployment has one. @param routes gives the routes of the API */
export function publisher(routes: () => readonly Route[]): (origin: string) => Published {
  let published: Published | undefined;
  return (origin) => {
    if (published?.document.servers[0]?.url === origin) return published;
    const document = writeDocument(routes(), describeApi(origin));
    published = { document, text: writeJson(document) };
    return published;
  };
}
