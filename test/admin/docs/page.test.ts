/**
 * The reference page at /admin/docs, and how it and the OpenAPI document are served.
 */
import { expect, test } from "vitest";
import { get, ORIGIN, send } from "../../harness.ts";

interface OpenApi {
  readonly paths: Record<string, Record<string, { operationId: string }>>;
  readonly components: { readonly schemas: Record<string, object> };
}

test("the reference has an anchor for each operation and each schema, needs no key, and asks nothing of others", async () => {
  const document = (await (await get("/admin/openapi.json")).json()) as OpenApi;
  const response = await get("/admin/docs");
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
  const page = await response.text();

  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
  const schemas = Object.keys(document.components.schemas).map((name) => `schema-${name}`);
  expect(ids.sort()).toEqual([...operations.map(({ operationId }) => operationId), ...schemas].sort());
  const links = [...page.matchAll(/ href="([^"]+)"/g)].map(([, link = ""]) => link);
  expect(links.filter((link) => link.startsWith("#") && !ids.includes(link.slice(1)))).toEqual([]);
  expect(links.filter((link) => !/^[#/]|^data:,$/.test(link))).toEqual([]);
  expect(page).not.toMatch(/<script|<iframe|<img|<form|\son\w+=| style="|@import|url\(/i);

  const [, style = ""] = /<style>(.*?)<\/style>/s.exec(page) ?? [];
  const hash = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style)),
  ).toBase64();
  expect(response.headers.get("content-security-policy")).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
});

test.each(["/admin/docs", "/admin/openapi.json"])("%s is sent again only if it has changed", async (path) => {
  const whole = await get(path);
  const etag = whole.headers.get("etag") ?? "";
  expect([whole.status, etag, whole.headers.get("cache-control")]).toEqual([
    200,
    expect.stringMatching(/^"[0-9a-f]{64}"$/),
    "public, max-age=300",
  ]);
  const ask = (method: string, headers: Record<string, string> = {}) =>
    send(new Request(ORIGIN + path, { method, headers }));
  for (const condition of [etag, `W/${etag}`, `"x", ${etag}`]) {
    const same = await ask("GET", { "If-None-Match": condition });
    expect([same.status, same.headers.get("etag"), await same.text()]).toEqual([304, etag, ""]);
  }
  expect((await ask("GET", { "If-None-Match": '"other"' })).status).toBe(200);
  const head = await ask("HEAD");
  expect([head.status, head.headers.get("etag"), await head.text()]).toEqual([200, etag, ""]);

  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const refused = await ask(method);
    expect([method, refused.status, refused.headers.get("allow")]).toEqual([method, 405, "GET, HEAD"]);
    expect(await refused.json()).toMatchObject({ code: "method_not_allowed" });
  }
});
