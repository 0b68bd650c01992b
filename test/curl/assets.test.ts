/**
 * The files that browsers load (src/browser), as Cloudflare's asset layer answers them before the Worker is asked, and what
 * the Worker still answers itself. Each has its own headers: those of the files are in `.assets/_headers`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repository } from "../tools/local/repository.ts";
import { type CurlAnswer, curl } from "./curl.ts";
import { bundle, issue, makePassType, makeTemplate, origin } from "./instance.ts";

const FILES_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; media-src blob:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const SCANNER_POLICY = FILES_POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'");
const EVERY_FILE = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-robots-tag": "noindex, nofollow",
};
const REVALIDATED = "public, max-age=0, must-revalidate";
const IMMUTABLE = "public, max-age=31536000, immutable";
/** A browser that opens an address. Some settings of the asset layer answer it differently from a program. */
const NAVIGATES = ["-H", "Sec-Fetch-Mode: navigate", "-H", "Accept: text/html"];

const ask = (path: string, ...args: string[]) => curl(["-i", ...args, origin + path]);
const headersOf = ({ headers }: CurlAnswer) => Object.fromEntries(headers);
const built = readdirSync(join(repository, ".assets/static"));

/** The addresses in a document, a script or a manifest that have a hash. */
const addressesIn = (text: string) => [...new Set(text.match(/\/static\/[\w.-]+\w/g))];

describe("/scan", () => {
  test.each([[[]], [NAVIGATES]])("is a file with headers of its own, also for %j", async (args) => {
    const answer = await ask("/scan", ...args);
    expect(answer.status).toBe(200);
    expect(headersOf(answer)).toMatchObject({
      ...EVERY_FILE,
      "content-type": "text/html; charset=utf-8",
      "cache-control": REVALIDATED,
      "content-security-policy": SCANNER_POLICY,
      "permissions-policy": "camera=(self), screen-wake-lock=(self), microphone=(), geolocation=()",
    });
  });

  test("has no data, no inline script or style, and says so where no script runs", async () => {
    const { body } = await ask("/scan");
    expect(body).toContain('<html lang="en">');
    expect(body).toContain('content="width=device-width, initial-scale=1, viewport-fit=cover"');
    expect(body).toContain('<div id="app"></div>');
    expect(body).toMatch(/<noscript><p>.+<\/p><\/noscript>/);
    expect(body).not.toMatch(/<style|style=|<script(?![^>]* src=)|https?:/);
    expect(body).toBe(readFileSync(join(repository, ".assets/scan.html"), "utf8"));
  });

  test("names only files that exist", async () => {
    const addresses = addressesIn((await ask("/scan")).body);
    expect(addresses.length).toBeGreaterThanOrEqual(4);
    for (const address of addresses) expect((await ask(address)).status, address).toBe(200);
  });

  test.each(["/scan/", "/scan.html"])("%s leads there", async (path) => {
    const answer = await ask(path);
    expect([answer.status, answer.headers.get("location")]).toEqual([307, "/scan"]);
  });

  test("answers HEAD without a body, 304 for its ETag, and no POST", async () => {
    const head = await ask("/scan", "-I");
    expect([head.status, head.body]).toEqual([200, ""]);
    const again = await ask("/scan", "-H", `If-None-Match: ${head.headers.get("etag")}`);
    expect(again.status).toBe(304);
    expect((await ask("/scan", "-d", "{}")).status).toBe(405);
  });
});

describe("/admin/", () => {
  test.each([[[]], [NAVIGATES]])("is a file with headers of its own, also for %j", async (args) => {
    const answer = await ask("/admin/", ...args);
    expect(answer.status).toBe(200);
    expect(headersOf(answer)).toMatchObject({
      ...EVERY_FILE,
      "content-type": "text/html; charset=utf-8",
      "cache-control": REVALIDATED,
      "content-security-policy": FILES_POLICY,
      "permissions-policy": "camera=(), microphone=(), geolocation=()",
      "cross-origin-opener-policy": "same-origin",
    });
    expect(answer.headers.has("set-cookie")).toBe(false);
    expect(answer.body).not.toMatch(/<style|style=|<script(?![^>]* src=)|https?:/);
    for (const address of addressesIn(answer.body)) expect((await ask(address)).status, address).toBe(200);
  });

  test.each(["/admin", "/admin/index.html", "/admin/index"])("%s leads there", async (path) => {
    const answer = await ask(path);
    expect([answer.status, answer.headers.get("location")]).toEqual([307, "/admin/"]);
  });

  test("the addresses below it are the Worker's, also for a browser that opens them", async () => {
    for (const [path, status] of [
      ["/admin/v1", 401],
      ["/admin/v1/me", 401],
      ["/admin/docs", 200],
      ["/admin/openapi.json", 200],
      ["/admin/mcp", 401],
      ["/admin/keys", 404],
    ] as const) {
      const [program, browser] = [await ask(path), await ask(path, ...NAVIGATES)];
      expect([path, program.status, browser.status]).toEqual([path, status, status]);
      expect(browser.body).not.toContain('<div id="app">');
    }
  });
});

describe("the other files", () => {
  test.each([
    ["/scan-sw.js", "text/javascript; charset=utf-8"],
    ["/scan.webmanifest", "application/manifest+json"],
  ])("%s has a fixed name, and is asked for again each time", async (path, type) => {
    const answer = await ask(path);
    expect(answer.status).toBe(200);
    expect(headersOf(answer)).toMatchObject({
      ...EVERY_FILE,
      "content-type": type,
      "cache-control": REVALIDATED,
      "content-security-policy": FILES_POLICY,
    });
  });

  test("everything under /static/ has a hash in its name, and is kept for a year", async () => {
    expect(built.filter((name) => !/-([A-Z0-9]{8}|[0-9a-f]{12})\.\w+$/.test(name))).toEqual([]);
    for (const name of built) {
      const answer = await ask(`/static/${name}`, "-I");
      expect([name, answer.status, answer.headers.get("cache-control")]).toEqual([name, 200, IMMUTABLE]);
      expect(headersOf(answer)).toMatchObject(EVERY_FILE);
    }
  });

  test("the manifest names its icons, each of its size", async () => {
    const manifest = (await ask("/scan.webmanifest")).json<{
      id: string;
      scope: string;
      start_url: string;
      icons: { src: string; sizes: string; purpose: string }[];
    }>();
    expect([manifest.id, manifest.scope, manifest.start_url]).toEqual(["/scan", "/scan", "/scan"]);
    expect(manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`)).toEqual([
      "192x192 any",
      "512x512 any",
      "512x512 maskable",
    ]);
    for (const { src, sizes } of manifest.icons) {
      const png = readFileSync(join(repository, ".assets", src));
      // PNG, "IHDR": the width is 16 bytes from the start.
      expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`).toBe(sizes);
    }
  });

  test("the service worker keeps everything that the page and its manifest name, and no address of the API", async () => {
    const { body } = await ask("/scan-sw.js");
    const named = [(await ask("/scan")).body, (await ask("/scan.webmanifest")).body].flatMap(addressesIn);
    expect(addressesIn(body)).toEqual(expect.arrayContaining(named));
    expect(body).not.toContain("/admin");
  });

  test("_headers itself is not served", async () => {
    expect((await ask("/_headers")).status).toBe(404);
  });
});

describe("what the Worker answers", () => {
  test("no file shadows its start page", () => {
    expect(readdirSync(join(repository, ".assets"))).not.toContain("index.html");
  });

  test("its pages have its own headers, also for a browser that opens them", async () => {
    const passTypeIdentifier = await makePassType();
    const card = { description: "Card", organizationName: "Edgepass", storeCard: {} };
    const { landingUrl, downloadUrl } = await issue(await makeTemplate(passTypeIdentifier, card));
    for (const [path, status] of [
      ["/", 200],
      ["/no-such-page", 404],
      ["/static/no-such-file.js", 404],
      [new URL(landingUrl).pathname, 200],
    ] as const) {
      const answer = await ask(path, ...NAVIGATES);
      expect([path, answer.status]).toEqual([path, status]);
      expect(answer.headers.get("content-security-policy")).toMatch(
        /^default-src 'none'; style-src 'unsafe-/,
      );
      expect(answer.headers.get("cache-control")).toBe("private, no-store");
      expect(answer.body).toMatch(/<h1\b/);
    }
    const download = await ask(new URL(downloadUrl).pathname, ...NAVIGATES, "-I");
    expect(download.headers.get("content-type")).toBe("application/vnd.apple.pkpass");
    await bundle(downloadUrl);
  });

  test("the API answers programs and browsers alike", async () => {
    for (const path of ["/admin/v1/passes", "/admin/openapi.json", "/healthz"]) {
      const [program, browser] = [await ask(path), await ask(path, ...NAVIGATES)];
      expect(browser.status).toBe(program.status);
      expect(browser.headers.get("content-type")).toMatch(/json/);
    }
  });
});
