/**
 * The pure parts of the cards: what is drawn of a pass.json that a person types, which images, and how their addresses are kept.
 */
import { describe, expect, test } from "vitest";
import { cardDirection, fieldTexts, translatedPass } from "../../../src/browser/dashboard/card/card-texts.ts";
import { chooseImages } from "../../../src/browser/dashboard/card/choose-images.ts";
import { drawablePass } from "../../../src/browser/dashboard/card/drawable-pass.ts";
import { createImageCache, type ImageBytes } from "../../../src/browser/dashboard/card/image-cache.ts";
import { parseJson } from "../../../src/json.ts";
import { Card } from "../../../src/pages/card/card.tsx";
import { looksOf } from "../../../src/pages/card/looks.ts";
import type { TemplatePass } from "../../../src/pkpass/schema/schema.ts";
import { concert, match } from "../../pkpass/samples/events.ts";
import { flight, semanticFlight } from "../../pkpass/samples/flight.ts";
import { museum } from "../../pkpass/samples/memberships.ts";

const SAMPLES = { concert, match, flight, semanticFlight, museum };
const ARTWORK = { width: 358, height: 448, url: "data:," };
const texts = (pass: Record<string, unknown>) => fieldTexts(drawablePass(pass), {}, "en");

/** The newest look of the pass as HTML. */
function draw(pass: TemplatePass): string {
  const [look] = looksOf(pass, new Set(["artwork"]));
  const [barcode] = pass.barcodes ?? [];
  const code = barcode && { barcode, drawing: undefined };
  const card = { pass, look, code, pictures: { artwork: ARTWORK }, locale: "en", isInvalid: false };
  return String(Card({ ...card, direction: "ltr" }));
}

test.each(Object.entries(SAMPLES))("a pass.json that is valid is drawn as it is: %s", (_name, { pass }) => {
  expect(draw(drawablePass(pass))).toBe(draw(pass));
  expect(draw(pass)).toContain("<article");
});

describe("a pass.json that is wrong", () => {
  const wrong = [
    null,
    7,
    true,
    "x",
    [],
    [null, 1, "x", []],
    {},
    { key: {}, value: {}, label: [], format: 1 },
  ];
  /** All tags of a flight and of a concert with this value. */
  const tags = (value: unknown) =>
    Object.fromEntries(
      Object.keys({ ...match.pass.semantics, ...semanticFlight.pass.semantics }).map((tag) => [tag, value]),
    );
  const keys = [
    "description",
    "backgroundColor",
    "barcodes",
    "barcode",
    "semantics",
    "preferredStyleSchemes",
    "eventTicket",
    "boardingPass",
  ];

  test.each(keys)("is drawn without what has the wrong type: %s", (key) => {
    for (const value of wrong) {
      for (const { pass } of Object.values(SAMPLES))
        expect(draw(drawablePass({ ...pass, [key]: value })), JSON.stringify(value)).toContain("<article");
    }
  });

  test("has semantic tags of which each may be wrong", () => {
    for (const value of wrong) {
      for (const { pass } of [match, semanticFlight])
        expect(draw(drawablePass({ ...pass, semantics: tags(value) }))).toContain("<article");
      const named = {
        ...semanticFlight.pass.semantics,
        passengerName: { givenName: value },
        seats: [{ seatRow: value }],
      };
      expect(draw(drawablePass({ ...semanticFlight.pass, semantics: named }))).toContain("<article");
    }
  });

  test("has fields of which each part may be wrong", () => {
    const field = {
      ...{ key: 3, label: 4, value: false, attributedValue: [], dateStyle: "long", numberStyle: 1 },
      ...{ currencyCode: "euro", textAlignment: "left", dataDetectorTypes: "Link", row: 9, semantics: [] },
    };
    const wrongFields = [field, null, "x", { value: "2026-13-40T00:00Z", dateStyle: "PKDateStyleShort" }];
    const generic = { primaryFields: wrongFields, secondaryFields: wrongFields, backFields: "none" };
    expect(draw(drawablePass({ generic }))).toContain("<article");
    expect(texts({ generic: { primaryFields: wrongFields } })).toEqual([
      { section: "primaryFields", key: "3", label: "4", value: "" },
      { section: "primaryFields", key: "", label: "", value: "2026-13-40T00:00Z" },
    ]);
  });

  test("keeps the digits of a number that no double equals", () => {
    const pass = parseJson('{"generic": {"primaryFields": [{"key": "a", "value": 12345678901234567890}]}}');
    expect(texts(pass as Record<string, unknown>)).toMatchObject([{ value: "12345678901234567890" }]);
  });

  test("has a barcode only of a format that is known, and a sample where the pass has its own message", () => {
    const barcodes = [{ format: "QR" }, { format: "PKBarcodeFormatQR" }, { format: "PKBarcodeFormatEAN13" }];
    expect(drawablePass({ barcodes }).barcodes).toEqual([
      { format: "PKBarcodeFormatQR", message: "1234567890" },
      { format: "PKBarcodeFormatEAN13", message: "1234567890128" },
    ]);
    const old = { format: "PKBarcodeFormatAztec", message: "A", altText: "B" };
    expect(drawablePass({ barcode: old }).barcodes).toEqual([old]);
  });
});

test("an empty list of barcodes counts as none, as in a pass", () => {
  const barcode = { format: "PKBarcodeFormatQR", message: "A" };
  expect(drawablePass({ barcodes: [], barcode }).barcodes).toEqual([barcode]);
});

test("the texts are in the chosen language, and the card has the direction of that language", () => {
  const pass = { generic: { primaryFields: [{ key: "seat", label: "SEAT", value: "A" }] } };
  const strings = { ar: { SEAT: "المقعد" } };
  expect(fieldTexts(translatedPass(pass, strings, "ar"), {}, "ar")).toMatchObject([{ label: "المقعد" }]);
  expect(fieldTexts(translatedPass(pass, strings, "fr"), {}, "fr")).toMatchObject([{ label: "SEAT" }]);
  expect(cardDirection(translatedPass(pass, strings, "ar"), "ar", "ar")).toBe("rtl");
  expect(cardDirection(drawablePass(pass), "en", undefined)).toBe("ltr");
});

test("a card has the sharpest image of each slot, a small one the smallest, and the one of the language only without another", () => {
  const stored = (sha256: string, width: number) => ({ kind: "stored", sha256, width, height: 30 }) as const;
  const images = {
    "logo.png": stored("a", 100),
    "logo@3x.png": stored("b", 300),
    "fr.lproj/logo@3x.png": stored("c", 300),
    "fr.lproj/strip@2x.png": stored("d", 750),
    "de.lproj/strip@2x.png": stored("e", 750),
    "icon.png": stored("f", 29),
  };
  const chosen = (language: string | undefined, isSmall: boolean) =>
    chooseImages(images, language, isSmall).map(({ slot, image, width }) => [
      ...[slot, image.kind === "stored" && image.sha256, width],
    ]);
  expect(chosen("de", false)).toEqual([
    ["logo", "b", 100],
    ["strip", "e", 375],
  ]);
  expect(chosen("fr", true)).toEqual([
    ["logo", "a", 100],
    ["strip", "d", 375],
  ]);
});

describe("the cache of images", () => {
  const bytes = (length: number): ImageBytes => new Uint8Array(length);
  function open(maxBytes: number) {
    const revoked: string[] = [];
    let made = 0;
    const urls = { make: () => `blob:${++made}`, revoke: (url: string) => void revoked.push(url) };
    return { cache: createImageCache(urls, maxBytes), revoked };
  }

  test("loads an image once for all cards", async () => {
    const { cache } = open(100);
    let loads = 0;
    const load = async () => bytes(++loads);
    await Promise.all([cache.hold("a", load), cache.hold("a", load)]);
    expect([loads, cache.urlOf("a")]).toEqual([1, "blob:1"]);
  });

  test("revokes what no card uses when the memory is needed, the oldest first", async () => {
    const { cache, revoked } = open(100);
    for (const key of ["a", "b", "c"]) cache.hold(key, () => bytes(40));
    expect(revoked).toEqual([]); // all are used
    for (const key of ["b", "a"]) cache.release(key);
    cache.hold("d", () => bytes(40));
    expect(revoked).toEqual(["blob:1", "blob:2"]);
    expect([cache.urlOf("a"), cache.urlOf("c"), cache.urlOf("d")]).toEqual([undefined, "blob:3", "blob:4"]);
  });

  test("revokes everything at sign-out, and does not keep what arrives after it", async () => {
    const { cache, revoked } = open(100);
    const late = Promise.withResolvers<ImageBytes>();
    cache.hold("a", () => bytes(1));
    const arrived = cache.hold("b", () => late.promise);
    cache.clear();
    late.resolve(bytes(1));
    await arrived;
    expect([revoked, cache.urlOf("a"), cache.urlOf("b")]).toEqual([["blob:1"], undefined, undefined]);
  });

  test("tries again what could not be loaded", async () => {
    const { cache } = open(100);
    await cache.hold("a", async () => undefined);
    expect(cache.urlOf("a")).toBeUndefined();
    await cache.hold("a", async () => bytes(1));
    expect(cache.urlOf("a")).toBe("blob:1");
  });

  test("a card that could not load an image does not end its use by another card", async () => {
    const { cache } = open(100);
    await cache.hold("a", async () => undefined);
    await cache.hold("a", async () => bytes(60));
    cache.release("a");
    cache.hold("b", () => bytes(60));
    expect(cache.urlOf("a")).toBe("blob:1");
  });
});
