/**
 * The reference of the admin API at /admin/docs, from the OpenAPI document: all of it on one page, so that a browser's own
 * search finds everything, with an anchor for each operation (#issuePass) and each schema (#schema-Pass). It has no script,
 * and loads nothing from other servers.
 */
import { html, raw } from "hono/html";
import type { OpenApiDocument } from "../openapi/document.ts";
import { type Call, Operation } from "./operation.tsx";
import { Shape } from "./schema.tsx";
import { STYLE } from "./style.ts";
import { Paragraphs } from "./text.tsx";

/** The whole page. */
function DocsPage({ document: { info, tags, paths, components } }: { document: OpenApiDocument }) {
  const calls: Call[] = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
  const of = (tag: string) => calls.filter(({ operation }) => operation.tags[0] === tag);
  const schemas = Object.entries(components.schemas);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title} API</title>
<link rel="icon" href="data:,">
<style>${raw(STYLE)}</style>
</head>
<body>
${(
  <>
    <nav>
      <details>
        <summary>Contents</summary>
        {tags.map(({ name }) => (
          <>
            <b>{name}</b>
            {of(name).map(({ operation }) => (
              <a href={`#${operation.operationId}`}>{operation.summary}</a>
            ))}
          </>
        ))}
        <b>Schemas</b>
        {schemas.map(([name]) => (
          <a href={`#schema-${name}`}>{name}</a>
        ))}
      </details>
    </nav>
    <main>
      <h1>{info.title} API</h1>
      <Paragraphs text={info.description} />
      <p>
        The same as an OpenAPI document: <a href="/admin/openapi.json">/admin/openapi.json</a>
      </p>
      {tags.map(({ name, description }) => (
        <section>
          <h2>{name}</h2>
          <Paragraphs text={description} />
          {of(name).map((call) => (
            <Operation {...call} />
          ))}
        </section>
      ))}
      <h2>Schemas</h2>
      {schemas.map(([name, schema]) => (
        <article id={`schema-${name}`}>
          <h3>{name}</h3>
          <Paragraphs text={schema.description} />
          <Shape schema={schema} />
        </article>
      ))}
    </main>
  </>
)}
</body>
</html>`;
}

/** The page with its Content-Security-Policy. A cached page cannot have a nonce, so its style is named by its hash. */
export interface Docs {
  /** HTML in UTF-8. */
  readonly page: Uint8Array;
  readonly policy: string;
}

/** The reference page of a document, and its Content-Security-Policy. */
export async function docsPage(document: OpenApiDocument): Promise<Docs> {
  const encoder = new TextEncoder();
  const hash = await crypto.subtle.digest("SHA-256", encoder.encode(STYLE));
  const page = encoder.encode(await (<DocsPage document={document} />).toString());
  const policy = `default-src 'none'; style-src 'sha256-${new Uint8Array(hash).toBase64()}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return { page, policy };
}
