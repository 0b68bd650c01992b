/**
 * What the page of a pass loads: the images of this pass, Apple's badge if the operator has stored it, and an icon.
 */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { drawPng } from "../apple/png.ts";
import { accept, admin, call, get, icon, ORIGIN, send } from "../harness.ts";
import { askWith } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.page-files";
let templateId: number;
let pass: Pass;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  pass = await admin.issue(templateId);
});

const landing = (of: Pass) => send(new Request(of.landingUrl));
const drawn = (red: number) => drawPng(30, 30, () => [red, 2, 3, 255]);

describe("the images of the page", () => {
  const imagePaths = async (of: Pass) => {
    const html = await (await landing(of)).text();
    return [...html.matchAll(/(?:src|href)="(\/p\/\d+\/\w+\/images\/\w+\.png)"/g)].map(
      ([, path = ""]) => path,
    );
  };

  test("are at addresses with their hash, below the secret of the pass, and stay in the browser for good", async () => {
    const image = drawn(3);
    const { id } = await admin.makeTemplate(PASS_TYPE, { images: { ...icon, "logo.png": image.toBase64() } });
    const own = await admin.issue(id);
    const [iconPath, , logoPath = ""] = await imagePaths(own);
    expect(logoPath).toMatch(new RegExp(`^/p/${own.id}/${own.webToken}/images/[0-9a-f]{40}\\.png$`));
    expect(iconPath).not.toBe(logoPath);
    const response = await get(logoPath);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/png"]);
    expect(response.headers.get("cache-control")).toBe("private, max-age=31536000, immutable");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(image);

    // A new image has another address, and the old one is gone.
    await admin.changeTemplate(id, { images: { "logo.png": drawn(4).toBase64() } });
    const [, , changedPath] = await imagePaths(own);
    expect(changedPath).not.toBe(logoPath);
    expect((await get(logoPath)).status).toBe(404);
    await admin.delete(own.id);
    expect((await get(changedPath ?? "")).status).toBe(404);
  });

  test("of another pass, and what is not an image, are not found with the secret of this one", async () => {
    const portrait = drawn(5);
    const other = await admin.issue(templateId, { images: { "thumbnail.png": portrait.toBase64() } });
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-1", portrait)).toHex();
    const path = (of: Pass, name = hash) => `/p/${of.id}/${of.webToken}/images/${name}.png`;
    expect((await get(path(other))).status).toBe(200);
    for (const wrong of [
      path(pass),
      path(pass, "0".repeat(40)),
      path(pass, "logo"),
      path(pass, hash.toUpperCase()),
    ])
      expect([wrong, (await get(wrong)).status]).toEqual([wrong, 404]);
    expect((await get(`/p/${other.id}/${"0".repeat(40)}/images/${hash}.png`)).status).toBe(404);
    const strings = { fr: { "Coffee card": "Carte de café" } };
    const { id } = await admin.makeTemplate(PASS_TYPE, { strings });
    const translated = await admin.issue(id);
    const file = (
      await accept(new Uint8Array(await (await send(new Request(translated.downloadUrl))).arrayBuffer()))
    ).files["fr.lproj/pass.strings"];
    const hashOfStrings = new Uint8Array(
      await crypto.subtle.digest("SHA-1", file ?? new Uint8Array()),
    ).toHex();
    expect((await get(path(translated, hashOfStrings))).status).toBe(404);
  });
});

test("a template's contact is on the pages of its passes, is copied, and changes without a push", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE, { contact: "hello@roasters.example.com" });
  const own = await admin.issue(id);
  expect(await (await landing(own)).text()).toContain('href="mailto:hello@roasters.example.com"');
  const copy = await call<{ contact: string }>("POST", `/templates/${id}/copy`, {});
  expect([copy.status, copy.body.contact]).toEqual([201, "hello@roasters.example.com"]);
  const before = (await send(new Request(own.downloadUrl))).headers.get("etag");
  const changed = await call<{ contact: string; revision: number }>("PATCH", `/templates/${id}`, {
    contact: null,
  });
  expect(changed.body).toMatchObject({ contact: null, revision: 2 });
  expect((await send(new Request(own.downloadUrl))).headers.get("etag")).toBe(before);
  expect(await (await landing(own)).text()).not.toContain("mailto:");
  const wrong = await call("PATCH", `/templates/${id}`, { contact: "javascript:alert(1)" });
  expect([wrong.status, wrong.body.pointer]).toEqual([400, "/contact"]);
});

const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';

test("Google's badges are served from R2 in the languages of GOOGLE_BADGES, and are not Apple's", async () => {
  await env.BUCKET.put("badges/google/de.svg", svg);
  await env.BUCKET.put("badges/google/en.svg", svg);
  const status = async (settings: object, path: string) =>
    (await askWith(settings, new Request(ORIGIN + path))).status;
  expect(await status({ GOOGLE_BADGES: "de" }, "/badges/google/de.svg")).toBe(200);
  for (const path of ["/badges/google/en.svg", "/badges/de.svg", "/badges/google/google/de.svg"])
    expect([path, await status({ GOOGLE_BADGES: "de" }, path)]).toEqual([path, 404]);
  expect(await status({ WALLET_BADGES: "de" }, "/badges/google/de.svg")).toBe(404);
});

test("Apple's badges are served from R2 in the languages of WALLET_BADGES, and no other object is", async () => {
  await env.BUCKET.put("badges/de.svg", svg);
  await env.BUCKET.put("badges/fr.svg", svg);
  const settings = { WALLET_BADGES: "de pt-BR" };
  const from = (path: string, headers = {}) => askWith(settings, new Request(ORIGIN + path, { headers }));
  const badge = await from("/badges/de.svg");
  expect([badge.status, badge.headers.get("content-type"), await badge.text()]).toEqual([
    200,
    "image/svg+xml",
    svg,
  ]);
  expect(badge.headers.get("cache-control")).toBe("public, max-age=86400");
  expect(badge.headers.get("content-security-policy")).toContain("default-src 'none'");
  for (const path of ["/badges/fr.svg", "/badges/pt-br.svg", "/badges/..%2fassets%2fx.svg"])
    expect([path, (await from(path)).status]).toEqual([path, 404]);
  expect((await get("/badges/de.svg")).status).toBe(404);

  const { pathname } = new URL(pass.landingUrl);
  const phone = { "User-Agent": "Mozilla/5.0 (iPhone) Version/18.0 Mobile/15E148 Safari/604.1" };
  const shown = async (language: string) =>
    /<a class="badge"[^>]*><img src="([^"]*)"[^>]*alt="([^"]*)"/
      .exec(await (await from(pathname, { ...phone, "Accept-Language": language })).text())
      ?.slice(1);
  expect(await shown("de-AT")).toEqual(["/badges/de.svg", "Zu Apple Wallet hinzufügen"]);
  expect(await shown("pt")).toEqual(["/badges/pt-br.svg", "Add to Apple Wallet"]);
  expect(await shown("ja")).toEqual(["/badges/de.svg", "Add to Apple Wallet"]);
});

test("browsers find an icon at every address", async () => {
  for (const path of ["/favicon.svg", "/favicon.ico"])
    expect((await get(path)).headers.get("content-type")).toBe("image/svg+xml");
  expect(await (await get("/")).text()).toContain('<link rel="icon" href="/favicon.svg"');
});
