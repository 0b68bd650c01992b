/**
 * What the page of a pass offers to each device, and that it offers nothing if the pass cannot be added.
 */
import { describe, expect, test } from "vitest";
import type { Device } from "../../src/pages/device.ts";
import type { GoogleSource } from "../../src/pages/google-card/map-pass.ts";
import type { PassPageProps } from "../../src/pages/pass-page.tsx";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { drawPng } from "../apple/png.ts";
import type { Sample } from "../pkpass/samples/sample.ts";
import { samples } from "../pkpass/samples/samples.ts";
import { MAX_PAGE_BYTES, weigh } from "./weight.ts";
import { writePassPage } from "./write-pass-page.ts";

const pass: TemplatePass = {
  description: "Ticket",
  organizationName: "Grand Hall",
  eventTicket: { primaryFields: [{ key: "e", label: "EVENT", value: "Concert" }] },
  barcodes: [{ format: "PKBarcodeFormatQR", message: "T-1" }],
};

const page = ({ pass: other = pass, ...more }: Partial<PassPageProps> = {}) => writePassPage(other, more);
const on = (device: Device) => page({ device });

const ADD = /<a class="button" href="\/d\.pkpass"/;
const PAGE_CODE = /<figure class="scan">/;
const VEIL = /<label class="veil"><input type="checkbox"\/><span>Show the code/;

test("an iPhone has the button first, and nothing about another device", async () => {
  const html = await on("iphone");
  expect(html.search(ADD)).toBeLessThan(html.indexOf("<article"));
  expect(html.search(ADD)).toBeGreaterThan(0);
  expect(html).not.toMatch(PAGE_CODE);
  expect(html).not.toMatch(VEIL);
  expect(html.replace(/<style>[\s\S]*<\/style>/, "")).not.toMatch(/iPhone|Safari|browser/);
});

test("a Mac or an iPad has the code of this page, and the button", async () => {
  const html = await on("mac");
  for (const expected of [PAGE_CODE, ADD, VEIL]) expect(html).toMatch(expected);
});

test("another computer has the code of this page, and the pass's own code is covered, so that nobody scans that one", async () => {
  const html = await on("desktop");
  expect(html).toMatch(PAGE_CODE);
  expect(html).toMatch(VEIL);
  expect(html).not.toMatch(ADD);
  expect(html).not.toMatch(/<script/);
});

test("on another phone, the page says that there is no Apple Wallet, and shows the code of the pass", async () => {
  const html = await on("phone");
  expect(html).toContain(
    "This phone does not have Apple Wallet. You can show the code on this page instead.",
  );
  for (const absent of [ADD, PAGE_CODE, VEIL, /\.pkpass/]) expect(html).not.toMatch(absent);
  const { barcodes: _, ...codeless } = pass;
  expect(await page({ device: "phone", pass: codeless })).not.toContain("show the code");
});

test("Android has the button to Google Wallet and the pass's code, or without it what other phones have", async () => {
  const html = await page({ device: "android", googlePath: "/p/1/secret/google" });
  expect(html).toContain(
    '<a class="button" href="/p/1/secret/google" rel="nofollow">Add to Google Wallet</a>',
  );
  for (const absent of [PAGE_CODE, VEIL, /\.pkpass/, /Apple Wallet\./]) expect(html).not.toMatch(absent);
  expect(await on("android")).toBe(await on("phone"));
});

test("each button has the artwork that the operator has stored for it", async () => {
  const stored = { badgePath: "/badges/en.svg", googleBadgePath: "/badges/google/en.svg" };
  expect(await page({ ...stored, device: "android", googlePath: "/p/1/secret/google" })).toContain(
    '<a class="badge" href="/p/1/secret/google" rel="nofollow">' +
      '<img src="/badges/google/en.svg" height="48" alt="Add to Google Wallet"',
  );
  expect(await page({ ...stored, device: "iphone" })).toContain(
    '<img src="/badges/en.svg" height="48" alt="Add to Apple Wallet"',
  );
});

test("a pass that is only for Google Wallet offers that to Android, and says so on every other device", async () => {
  const only = { downloadPath: undefined, googlePath: "/p/1/secret/google" };
  const button = /<a class="button" href="\/p\/1\/secret\/google"/;
  expect(await page({ ...only, device: "android" })).toMatch(button);
  for (const device of ["iphone", "iphoneApp", "phone"] as const) {
    const html = await page({ ...only, device });
    expect(html).toContain(
      "This phone does not have Google Wallet. You can show the code on this page instead.",
    );
    for (const absent of [button, ADD, PAGE_CODE, /\.pkpass|Safari\b(?! *\{)/])
      expect(html).not.toMatch(absent);
  }
  for (const device of ["mac", "desktop"] as const) {
    const html = await page({ ...only, device });
    expect(html).toContain("Add it on your Android phone");
    expect(html).toMatch(PAGE_CODE);
    expect(html).toMatch(
      /<a class="quiet" href="\/p\/1\/secret\/google" rel="nofollow">Add to Google Wallet/,
    );
    for (const absent of [/iPhone/, /\.pkpass/])
      expect(html.replace(/<style>[\s\S]*<\/style>/, "")).not.toMatch(absent);
  }
});

test("the browser inside an app has the way to Safari, and no button that does nothing", async () => {
  const html = await on("iphoneApp");
  expect(html).toContain("Open this page in Safari");
  for (const absent of [ADD, PAGE_CODE, VEIL, /\.pkpass/]) expect(html).not.toMatch(absent);
});

describe.each<Device>(["iphone", "iphoneApp", "mac", "android", "phone", "desktop"])("on %s", (device) => {
  test.each([
    ["voided", "No longer valid"],
    ["redeemed", "Already used"],
    ["expired", "Expired"],
  ] as const)("a pass that is %s is said to be so, is pale, and cannot be added", async (status, title) => {
    const html = await page({ device, status });
    expect(html).toContain(`<strong>${title}</strong>`);
    expect(html).toContain('class="card eventTicket pale"');
    for (const absent of [ADD, PAGE_CODE, VEIL, /\.pkpass|class="offer/]) expect(html).not.toMatch(absent);
  });

  test("the page of a pass that nothing can sign now says so, offers no way to add it, and does not draw it pale", async () => {
    const html = await page({ device, isAvailable: false });
    expect(html).toContain("<strong>Not available now</strong>");
    expect(html).toContain('class="card eventTicket"');
    for (const absent of [ADD, PAGE_CODE, VEIL, /\.pkpass|class="offer/]) expect(html).not.toMatch(absent);
  });
});

test("the contact for questions is the template's, or else the venue's, with a link", async () => {
  const contact = async (text: string | null, more: Partial<TemplatePass> = {}) =>
    /Questions\? Contact Grand Hall:<a href="([^"]*)"[^>]*>([^<]*)<\/a>/
      .exec(await page({ contact: text, pass: { ...pass, ...more } }))
      ?.slice(1);
  expect(await contact("hello@hall.example.com")).toEqual([
    "mailto:hello@hall.example.com",
    "hello@hall.example.com",
  ]);
  expect(await contact("+43 1 234-567")).toEqual(["tel:+431234567", "+43 1 234-567"]);
  expect(await contact("https://hall.example.com/help")).toEqual([
    "https://hall.example.com/help",
    "https://hall.example.com/help",
  ]);
  expect(await contact(null, { contactVenueEmail: "venue@example.com" })).toEqual([
    "mailto:venue@example.com",
    "venue@example.com",
  ]);
  const profile = "https://social.example/@hall.example.com";
  expect(await contact(profile)).toEqual([profile, profile]);
  expect(await contact(null)).toBeUndefined();
  // The API takes none of these; a row may have come another way.
  for (const text of [
    "javascript:alert(1)",
    "http://example.com",
    "a@b",
    "12",
    "x@example.com?bcc=y@example.com",
    "mailto:x@example.com",
    "y@example.com,x@example.com",
    "",
  ])
    expect(await contact(text)).toBeUndefined();
});

test("the day on which a pass expired is in the language of the sentence", async () => {
  const expired = { pass: { ...pass, expirationDate: "2026-05-01T00:30+02:00" }, status: "expired" } as const;
  expect(await page(expired)).toContain("This pass expired on May 1, 2026.");
  expect(await page({ ...expired, languages: ["de-AT"] })).toContain(
    "Dieser Pass ist am 1. Mai 2026 abgelaufen.",
  );
  expect(await page({ ...expired, languages: ["sv"] })).toContain("This pass expired on 1 May 2026.");
});

test("the page's own sentences are in the reader's language, and marked with it where the pass has another one", async () => {
  const html = await page({ languages: ["ar"] });
  expect(html).toContain('<section class="offer" lang="ar" dir="rtl">');
  expect(html).toContain('<html lang="en" dir="rtl">');
  expect(await page({ languages: ["fr-CA"] })).toContain(
    'lang="fr" dir="ltr"><a class="button" href="/d.pkpass">Ajouter',
  );
});

test("a messenger finds the title and a picture of the pass, and not the holder's face", async () => {
  const images = (...slots: string[]) =>
    new Map(slots.map((slot) => [`${slot}.png`, drawPng(9, 9, () => [1, 2, 3, 255])]));
  const picture = async (...slots: string[]) =>
    /<meta property="og:image" content="([^"]*)">/
      .exec(await page({ files: images(...slots) }))?.[1]
      ?.split("/")
      .at(-1);
  const html = await page({ files: images("icon") });
  expect(html).toContain('<meta property="og:title" content="Ticket">');
  expect(html).toContain('<meta property="og:site_name" content="Grand Hall">');
  expect(html).toMatch(
    /<meta property="og:image" content="https:\/\/passes\.example\.com\/images\/icon\.png">/,
  );
  expect(await picture("icon", "logo", "strip", "thumbnail")).toBe("strip.png");
  expect(await picture("icon", "thumbnail")).toBe("icon.png");
  expect(await picture()).toBeUndefined();
});

/** The card of Google Wallet, with the images of the sample. */
function googleOf({ images, google }: Sample): GoogleSource {
  const sha256 = "0".repeat(64);
  const stored = [...images, ...(google?.images ?? [])].map(([path, width, height]) => [
    path,
    { sha256, width, height },
  ]);
  return {
    ...{ google: google?.part ?? {}, images: Object.fromEntries(stored) },
    urlOf: (sha256) => `/g/${sha256}.png`,
  };
}

test.each(samples)(
  "the page of the $name has at most 40 KB on each device, with the card of either Wallet",
  async (sample) => {
    const { pass, images } = sample;
    const files = new Map(
      images.map(([path, width, height]) => [path, drawPng(width, height, () => [1, 2, 3, 255])]),
    );
    const ofGoogle = { google: googleOf(sample), googlePath: "/p/1/secret/google", downloadPath: undefined };
    for (const device of ["iphone", "iphoneApp", "mac", "android", "phone", "desktop"] as const) {
      for (const [card, more] of [
        ["card ", {}],
        ["google-card", ofGoogle],
      ] as const) {
        const html = await page({ pass, files, device, languages: ["ar"], ...more });
        expect(html).toContain(`<article class="${card}`);
        expect(html).toContain("/images/");
        expect(html).not.toContain("data:");
        expect((await weigh(html)).plain).toBeLessThanOrEqual(MAX_PAGE_BYTES);
      }
    }
  },
);
