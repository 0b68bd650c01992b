/**
 * The reference page at /admin/docs.
 */
import { expect, test } from "vitest";
import { get } from "../../harness.ts";

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
