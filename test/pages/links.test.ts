/**
 * The links that people open: the download, the page that offers it, and what neither of them gives away.
 *
 * Follows RFC 9110 (§8.8 and §13: ETag, Last-Modified, conditions), RFC 6266 (Content-Disposition), the Content Security
 * Policy (https://www.w3.org/TR/CSP3/) and Referrer Policy (https://www.w3.org/TR/referrer-policy/).
 */
import { beforeAll, describe, expect, test } from "vitest";
import { passes, passTypes } from "../../src/db/schema.ts";
import { writeJson } from "../../src/json.ts";
import type { Pass } from "../../src/passes/show.ts";
import { accept, admin, get, ORIGIN, send, storeCard } from "../harness.ts";
import { insertRows, setRows } from "../rows.ts";

const PASS_TYPE = "pass.test.links";
let templateId: number;
let pass: Pass;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  pass = await admin.issue(templateId, { serialNumber: "page 1-2" });
});

const download = (headers: Record<string, string> = {}, of = pass) =>
  send(new Request(of.downloadUrl, { headers }));
const landing = (of = pass) => send(new Request(of.landingUrl));

/** What every answer says that was opened by a secret in its address. */
function expectDiscreet(headers: Headers) {
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("x-robots-tag")).toBe("noindex, nofollow");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("cache-control")).toMatch(/^private, no-(store|cache)$/);
  expect(headers.get("set-cookie")).toBeNull();
  expect(headers.get("access-control-allow-origin")).toBeNull();
}

describe("the download", () => {
  test("is the signed pass with the headers that Safari and Wallet need", async () => {
    const response = await download();
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/vnd.apple.pkpass");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="page_1-2.pkpass"');
    expect(response.headers.get("etag")).toMatch(/^"\d+-[0-9a-f]{16}"$/);
    expect(response.headers.get("cache-control")).toBe("private, no-cache");
    expectDiscreet(response.headers);
    const checked = await accept(new Uint8Array(await response.arrayBuffer()));
    expect(checked.pass.serialNumber).toBe("page 1-2");
    const lastModified = Date.parse(response.headers.get("last-modified") ?? "");
    expect(Math.abs(lastModified - Date.now())).toBeLessThan(60_000);
  });

  test("has another file name if a header cannot contain the name", async () => {
    const odd = await admin.issue(templateId, { serialNumber: 'é"; filename=evil.exe 😀' });
    const { headers } = await download({}, odd);
    expect(headers.get("content-disposition")).toBe('attachment; filename="_filename_evil.exe_.pkpass"');
  });

  test("is answered 304 for a client with this version, and with the new version for others", async () => {
    const { headers } = await download();
    const etag = headers.get("etag") ?? "";
    const lastModified = headers.get("last-modified") ?? "";
    const conditions: [expected: number, headers: Record<string, string>][] = [
      [304, { "If-None-Match": etag }],
      [304, { "If-None-Match": `W/${etag}` }],
      [304, { "If-None-Match": `"other", ${etag}` }],
      [304, { "If-None-Match": "*" }],
      [200, { "If-None-Match": '"other"' }],
      [304, { "If-Modified-Since": lastModified }],
      [304, { "If-Modified-Since": new Date(Date.parse(lastModified) + 1000).toUTCString() }],
      [200, { "If-Modified-Since": new Date(Date.parse(lastModified) - 1000).toUTCString() }],
      [200, { "If-Modified-Since": "yesterday" }],
      // The entity tag decides where both are given (RFC 9110 §13.2.2).
      [200, { "If-None-Match": '"other"', "If-Modified-Since": lastModified }],
    ];
    for (const [expected, given] of conditions) {
      const response = await download(given);
      expect([given, response.status]).toEqual([given, expected]);
      expect(response.headers.get("etag")).toBe(etag);
      expect(response.headers.get("last-modified")).toBe(lastModified);
      expectDiscreet(response.headers);
      if (expected === 304) expect(await response.text()).toBe("");
    }
    await admin.change(pass.id, { values: { points: "5" } });
    expect((await download({ "If-None-Match": etag })).status).toBe(200);
    expect((await download({ "If-Modified-Since": lastModified })).status).toBe(200);
  });

  test("has the same bytes the second time", async () => {
    const issued = await admin.issue(templateId);
    const [first, second] = [await download({}, issued), await download({}, issued)];
    expect(await second.arrayBuffer()).toEqual(await first.arrayBuffer());
  });

  test("HEAD returns only the headers", async () => {
    const response = await send(new Request(pass.downloadUrl, { method: "HEAD" }));
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(response.headers.get("content-type")).toBe("application/vnd.apple.pkpass");
  });
});

test("the id in a link is ignored, because clients of Passdock's API send a template's id or any number there", async () => {
  for (const number of [pass.templateId, 999_999, 0]) {
    expect((await get(`/passes/${number}/${pass.webToken}.pkpass`)).status).toBe(200);
    expect((await get(`/p/${number}/${pass.webToken}`)).status).toBe(200);
  }
});

test("a wrong token, a malformed id and a deleted pass have the same response", async () => {
  const deleted = await admin.issue(templateId);
  await admin.delete(deleted.id);
  const { id, webToken } = pass;
  const wrong: [id: string | number, webToken: string][] = [
    [id, "0".repeat(40)],
    [id, webToken.toUpperCase()],
    [id, webToken.slice(0, -1)],
    [id, `${webToken}0`],
    [id, "null"],
    [deleted.id, deleted.webToken],
    ["abc", webToken],
    ["9".repeat(30), webToken],
    [`${id}%00`, webToken],
  ];
  const answers = new Set<string>();
  for (const [wrongId, token] of wrong) {
    for (const path of [`/passes/${wrongId}/${token}.pkpass`, `/p/${wrongId}/${token}`]) {
      const response = await get(path);
      expect([path, response.status]).toEqual([path, 404]);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      expectDiscreet(response.headers);
      answers.add(await response.text());
    }
  }
  expect(answers.size).toBe(1);
  expect(JSON.parse([...answers][0] ?? "")).toMatchObject({ status: 404, code: "pass_not_found" });
});

test("a path without the token, or with another suffix, gives 404", async () => {
  const { id, webToken } = pass;
  const paths = [`/passes/${id}/.pkpass`, `/passes/${id}/${webToken}`, `/passes/${id}/${webToken}.zip`];
  for (const path of [...paths, `/passes/${id}`, `/p/${id}`, `/p/${id}/${webToken}.pkpass`]) {
    expect([path, (await get(path)).status]).toEqual([path, 404]);
  }
  const posted = await send(new Request(pass.downloadUrl, { method: "POST" }));
  expect(posted.status).toBe(404);
});

describe("the landing page", () => {
  test("has a download link, no script and no requests to other servers", async () => {
    const response = await landing();
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^text\/html; charset=utf-8$/i);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expectDiscreet(response.headers);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("img-src 'self';");
    expect(policy).not.toMatch(/script-src|unsafe-eval|https?:/);
    expect(response.headers.get("vary")).toBe("Accept-Language, User-Agent");
    const html = await response.text();
    expect(html).toMatch(/^<!doctype html>\n<html lang="en" dir="ltr">/);
    expect(html).toContain(`href="/passes/${pass.id}/${pass.webToken}.pkpass"`);
    expect(html).toContain("Coffee card · Edgepass Roasters");
    expect(html).not.toMatch(/<script|(src|href)="https?:|<img|<iframe|\son\w+=/i);
  });

  test("is valid UTF-8, whatever the texts of the pass contain", async () => {
    const attributedValue = '<a href="https://example.com/&#xd800;">&#xd800;&#xdc00;&#0;</a>';
    const face = { ...storeCard, storeCard: { backFields: [{ key: "b", attributedValue, value: "" }] } };
    const { id } = await admin.makeTemplate(PASS_TYPE, { pass: face });
    const own = await admin.issue(id);
    // The API takes no half of a surrogate pair; this is a row that came another way.
    await setRows(
      passes,
      { id: own.id },
      { pass: writeJson({ logoText: "half \ud83d", description: "\udc00" }) },
    );
    const bytes = await (await landing(own)).arrayBuffer();
    const html = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
    expect(html).toContain("half \ufffd");
    expect(html).toContain('href="https://example.com/%EF%BF%BD"');
    expect(html).toContain(">\ufffd\ufffd\ufffd</a>");
  });

  test("also exists for a pass type without a certificate", async () => {
    const name = `${PASS_TYPE}.none`;
    await insertRows(passTypes, [{ passTypeIdentifier: name, createdAt: 0 }]);
    const { id } = await admin.makeTemplate(name);
    const page = await landing(await admin.issue(id));
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain("Not available now");
    expect(html).not.toMatch(/\.pkpass|<a class="button/);
  });
});

test("links and webServiceURL come from PUBLIC_ORIGIN, whatever the Host header says", async () => {
  const asked = [
    new Request(`https://evil.example/passes/${pass.id}/${pass.webToken}.pkpass`),
    new Request(pass.downloadUrl, { headers: { Host: "evil.example", "X-Forwarded-Host": "evil.example" } }),
  ];
  for (const request of asked) {
    const response = await send(request);
    const { pass: json } = await accept(new Uint8Array(await response.arrayBuffer()));
    expect(json.webServiceURL).toBe("https://passes.example.com");
  }
  const authorization = { Authorization: "Bearer admin-token-of-the-tests" };
  const response = await send(
    new Request(`https://evil.example/admin/v1/passes/${pass.id}`, { headers: authorization }),
  );
  const shown: Pass = await response.json();
  expect(shown.downloadUrl).toBe(`${ORIGIN}/passes/${pass.id}/${pass.webToken}.pkpass`);
  expect(shown.landingUrl).toBe(`${ORIGIN}/p/${pass.id}/${pass.webToken}`);
  const html = await (await send(new Request(pass.landingUrl, { headers: { Host: "evil.example" } }))).text();
  expect(html).not.toContain("evil");
});

test("the root page names the software and not the organization", async () => {
  const response = await get("/");
  expect(response.status).toBe(200);
  expectDiscreet(response.headers);
  const html = await response.text();
  expect(html).toContain("<h1>Edgepass</h1>");
  expect(html).not.toMatch(/pass\.test|Roasters|TEAM0|admin|<script/);
});

test("/ and the pages of dead links are in the reader's language, and a dead link leads to /", async () => {
  const ask = async (path: string, language: string) =>
    await (await get(path, { Accept: "text/html", "Accept-Language": language })).text();
  const home = await ask("/", "pt, de-AT;q=0.8");
  expect(home).toContain('<html lang="de" dir="ltr">');
  expect(home).toContain("Dieser Server stellt Pässe für Apple Wallet und Google Wallet aus");
  expect(await ask("/", "en, de")).toContain("This server issues passes for Apple Wallet and Google Wallet");
  expect(await ask("/nothing", "ar")).toContain('<html lang="ar" dir="rtl">');
  expect(await ask("/nothing", "ja")).toMatch(/Page not found[\s\S]*<a class="about" href="\/">/);
  expect(await ask(`/p/1/${"0".repeat(40)}`, "fr")).toContain("Pass introuvable");
});

test("a browser gets a page for a dead link, a program gets problem+json", async () => {
  const dead = `/p/1/${"0".repeat(40)}`;
  const page = await get(dead, { Accept: "text/html,application/xhtml+xml" });
  expect([page.status, page.headers.get("content-type")]).toEqual([404, "text/html; charset=UTF-8"]);
  expect(await page.text()).toContain("Pass not found");
  expectDiscreet(page.headers);
  expect((await get(dead)).headers.get("content-type")).toBe("application/problem+json");
});
