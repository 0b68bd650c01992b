/**
 * The pages of joining themselves: their language, their size, their policy, and the poster.
 */
import { expect, test } from "vitest";
import { drawPng } from "../apple/png.ts";
import { admin, get, icon, ORIGIN } from "../harness.ts";
import { fields, filled, HTML, nonceIn, useJoinPages } from "./joiner.ts";

const PASS_TYPE = "pass.test.join-pages";
const { makeJoin, post } = useJoinPages(PASS_TYPE);

test("an unknown or removed join page is answered with a helpful page in a browser, and with a problem in programs", async () => {
  const { id, slug } = await makeJoin();
  await admin.changeTemplate(id, { join: null });
  const page = await get(`/join/${slug}`, HTML);
  expect(page.status).toBe(404);
  expect(await page.text()).toContain("Nothing to join here");
  expect(await (await get("/join/unknown")).json()).toMatchObject({ code: "join_not_found" });
  expect((await post(slug, filled)).status).toBe(404);
});

test("a person who opened the page with ?lang= stays in that language, also after a mistake and on the page of the pass", async () => {
  const { id, slug } = await makeJoin({ consent: "I agree." });
  await admin.changeTemplate(id, {
    strings: { de: { "First name": "Vorname", "I agree.": "Einverstanden." } },
  });
  const english = { "Accept-Language": "en" };
  const page = await get(`/join/${slug}?lang=de`, { ...HTML, ...english });
  expect(page.headers.get("content-language")).toBe("de");
  expect(page.headers.get("vary")).toBe("Accept-Language");
  const form = await page.text();
  expect(form).toContain('<html lang="de" dir="ltr">');
  for (const text of [">Vorname<", ">Einverstanden.<", ">Pass holen<"]) expect(form).toContain(text);
  const action = /action="([^"]+)"/.exec(form)?.[1] ?? "";
  expect(action).toBe(`/join/${slug}?lang=de`);
  const next = action.replace("/join/", "");
  const nonce = nonceIn(form);
  const refusal = await post(next, { nonce, ...filled, "field.points": "" }, english);
  const again = await refusal.text();
  expect(again).toContain('<a href="#field-1">Vorname: Fülle dieses Feld aus.</a>');
  expect(again).toContain(`action="${action}"`);
  for (const answer of ["first", "repeat"]) {
    const joined = await post(next, { nonce, ...filled, consent: "on" }, english);
    const location = joined.headers.get("location") ?? "";
    expect(location, answer).toMatch(/^\/p\/\d+\/[0-9a-f]{40}\?lang=de$/);
    expect(await (await get(location, english)).text()).toContain("Zu Apple Wallet hinzufügen");
  }
  const odd = await (await get(`/join/${slug}?lang=${encodeURIComponent('"><b>')}`, english)).text();
  expect(odd).toContain(`action="/join/${slug}"`);
});

test("a closed page, an unknown page, a form that is too large and the poster are in the reader's language", async () => {
  const { id, slug } = await makeJoin();
  const reads = async (response: Response) => [
    response.status,
    response.headers.get("content-language"),
    /<html lang="[^"]*" dir="[^"]*">/.exec(await response.text())?.[0],
  ];
  const arabic = '<html lang="ar" dir="rtl">';
  const headers = { ...HTML, "Accept-Language": "ar-EG, fr;q=0.5" };
  expect(await reads(await get(`/join/${slug}/poster`, headers))).toEqual([200, "ar", arabic]);
  expect(await reads(await get("/join/unknown", headers))).toEqual([404, "ar", arabic]);
  const large = await post(`${slug}?lang=fr`, { text: "a".repeat(129 * 1024) }, headers);
  expect(await reads(large)).toEqual([413, "fr", '<html lang="fr" dir="ltr">']);
  await admin.changeTemplate(id, { join: { closesAt: "2020-01-01T00:00:00Z" } });
  expect(await reads(await get(`/join/${slug}?lang=es`, headers))).toEqual([
    410,
    "es",
    '<html lang="es" dir="ltr">',
  ]);
});

test("the page has no script, escapes all texts, and only it may send a form", async () => {
  const attack = `"><script>alert(1)</script>`;
  const { slug } = await makeJoin({ title: attack, text: attack, fields: [{ ...fields[0], label: attack }] });
  const page = await get(`/join/${slug}`, HTML);
  const refusal = await post(slug, { nonce: "", "field.points": attack });
  for (const response of [page, refusal]) {
    expect(response.headers.get("content-security-policy")).toContain("form-action 'self'");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    // The logo is in the page, and the icon of the tab has its own address.
    expect(response.headers.get("content-security-policy")).toContain("img-src 'self' data:;");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(response.headers.get("set-cookie")).toBeNull();
    expect(await response.text()).not.toMatch(/<script|\son\w+=/i);
  }
  const poster = await get(`/join/${slug}/poster`, HTML);
  expect(poster.headers.get("content-security-policy")).toContain("form-action 'none'");
  expect(await poster.text()).not.toContain("<script");
});

test("the poster has the QR code and the address of the page", async () => {
  const { slug } = await makeJoin({ title: "Coffee club" });
  const html = await (await get(`/join/${slug}/poster`, HTML)).text();
  expect(html).toContain('<h1 dir="auto">Coffee club</h1>');
  expect(html).toContain(`aria-label="QR code of ${ORIGIN}/join/${slug}"`);
  expect(html).toContain(`>passes.example.com/join/${slug}<`);
});

test("a page stays small with a large logo: it has a smaller density of it", async () => {
  const noise = (x: number, y: number) =>
    Math.floor(Math.abs(Math.sin(x * 12.9898 + y * 78.233)) * 43758.5453);
  const logo = drawPng(480, 150, (x, y) => [
    noise(x, y) % 251,
    noise(y, x) % 241,
    noise(x + y, x) % 239,
    255,
  ]);
  const small = drawPng(160, 50, () => [90, 60, 30, 255]).toBase64();
  const images = { ...icon, "logo.png": small, "logo@3x.png": logo.toBase64() };
  await admin.makeTemplate(PASS_TYPE, { images, join: { slug: "large-logo", fields } });
  for (const path of ["/join/large-logo", "/join/large-logo/poster"]) {
    const html = await (await get(path, HTML)).text();
    expect(html).toContain(`src="data:image/png;base64,${small}"`);
    expect(html.length).toBeLessThan(40 * 1024);
  }
});
