/**
 * The page of a pass: that it shows what Wallet shows, formatted, for every style, and that nothing an issuer writes
 * becomes markup.
 *
 * Follows Apple's "Pass", "PassFields", "PassFieldContent" and "Pass.Barcodes".
 */
import { describe, expect, test } from "vitest";
import { SECTIONS, STYLES, type Style, type TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { writeStrings } from "../../src/pkpass/strings.ts";
import { FIELD_LIMITS, type Section } from "../../src/pkpass/styles.ts";
import { drawPng } from "../apple/png.ts";
import { match } from "../pkpass/samples/events.ts";
import { semanticFlight } from "../pkpass/samples/flight.ts";
import { writePassPage as page } from "./write-pass-page.ts";

const png = (width: number, height: number) => drawPng(width, height, () => [1, 2, 3, 255]);

/** A pass with `count` fields in each section, whose labels and values name the section. */
function passOf(style: Style, count = 1, more: Partial<TemplatePass> = {}): TemplatePass {
  const fields = Object.fromEntries(
    SECTIONS.map((section) => [
      section,
      Array.from({ length: count }, (_, n) => ({
        key: `${section}${n}`,
        label: `${section} label ${n}.`,
        value: `${section} value ${n}.`,
      })),
    ]),
  );
  const contents = { ...fields, transitType: "PKTransitTypeAir" as const };
  return { description: "Described", organizationName: "Organized", [style]: contents, ...more };
}

interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The elements of a document, as a parser of HTML finds them. */
async function elementsOf(html: string): Promise<Element[]> {
  const elements: Element[] = [];
  const rewriter = new HTMLRewriter().on("*", {
    element: ({ tagName, attributes }) => {
      elements.push({ tag: tagName, attributes: Object.fromEntries(attributes) });
    },
  });
  await rewriter.transform(new Response(html)).text();
  return elements;
}

const tagged = async (html: string, tag: string) =>
  (await elementsOf(html)).filter((element) => element.tag === tag).map(({ attributes }) => attributes);

describe.each(STYLES)("the page of a %s", (style) => {
  test("shows the fields that Wallet draws, label and value, in the order of the sections, and no others", async () => {
    const html = await page(passOf(style, 10));
    const shown = [...html.matchAll(/>(\w+) value (\d)\./g)].map(([, section = "", n]) => `${section} ${n}`);
    const drawn = (section: Section, limit = FIELD_LIMITS[style][section]) =>
      Array.from({ length: limit ?? 10 }, (_, n) => `${section} ${n}`);
    // On a boarding pass Apple puts the auxiliary fields above the secondary ones. Two styles have one row for both.
    const rows: Record<Style, string[]> = {
      boardingPass: [...drawn("auxiliaryFields"), ...drawn("secondaryFields")],
      coupon: drawn("secondaryFields", 4),
      eventTicket: [...drawn("secondaryFields"), ...drawn("auxiliaryFields")],
      generic: [...drawn("secondaryFields"), ...drawn("auxiliaryFields")],
      posterGeneric: drawn("footerFields"),
      storeCard: drawn("secondaryFields", 4),
    };
    const extra = ["eventTicket", "posterGeneric"].includes(style) ? drawn("additionalInfoFields") : [];
    const front = [...drawn("headerFields"), ...drawn("primaryFields"), ...rows[style]];
    expect(shown).toEqual([...front, ...drawn("backFields"), ...extra]);
    for (const field of shown) expect(html.split(`>${field.replace(" ", " label ")}.<`)).toHaveLength(2);
  });

  test("can be drawn without fields, images, colours and barcode", async () => {
    const html = await page({ ...passOf(style, 0) });
    expect(html).toContain("<title>Described · Organized</title>");
    expect(html).toMatch(/<h1[^>]*>Described<\/h1>/);
    expect(html).toContain(">Organized<");
    expect(html).toContain('href="/d.pkpass"');
    expect(html).not.toMatch(/No longer valid|>Details<|<figure|<img/);
  });

  test("requests nothing but images of this pass: no script, no handler", async () => {
    const paths = ["icon", "logo", "strip", "thumbnail", "background", "footer"].map((slot) => `${slot}.png`);
    const images = new Map(paths.map((path) => [path, png(8, 8)]));
    const barcodes = [{ format: "PKBarcodeFormatQR" as const, message: "42" }];
    const html = await page(passOf(style, 2, { barcodes }), { files: images });
    expect(html).not.toMatch(/url\(|@import/);
    for (const { tag, attributes } of await elementsOf(html)) {
      expect(["script", "iframe", "object", "base", "form"]).not.toContain(tag);
      if (tag === "link") expect(attributes.href).toBe("/images/icon.png");
      if (tag !== "meta") expect(JSON.stringify(attributes)).not.toMatch(/https?:/);
      expect(Object.keys(attributes).filter((name) => name.startsWith("on"))).toEqual([]);
      // A posterGeneric without artwork has its background there.
      const slot = attributes.class === "artwork" ? "background" : attributes.class;
      if (tag === "img") expect(attributes.src).toBe(`/images/${slot}.png`);
    }
    const slots = {
      boardingPass: ["footer", "logo"],
      coupon: ["logo", "strip"],
      eventTicket: ["logo", "strip"],
      generic: ["logo", "thumbnail"],
      posterGeneric: ["artwork", "logo"],
      storeCard: ["logo", "strip"],
    };
    const shown = (await tagged(html, "img")).map((attributes) => attributes.class);
    expect(shown.toSorted()).toEqual(slots[style]);
  });

  test("has no markup from a text of the issuer, in any member", async () => {
    const attack = `</title></style></dd><script>alert(1)</script>"'><img src=x onerror=alert(1)>;color:red`;
    // A text of the same length, since the layout depends on the length.
    const harmless = attack.replaceAll(/[<>"'/]/g, "x");
    const written = (text: string): TemplatePass => {
      const pass = passOf(style, 2, { description: text, organizationName: text, logoText: text });
      for (const section of SECTIONS) {
        for (const field of pass[style]?.[section] ?? []) Object.assign(field, { label: text, value: text });
        for (const field of pass[style]?.[section]?.slice(1) ?? []) field.attributedValue = text;
      }
      const barcodes = [{ format: "PKBarcodeFormatQR" as const, message: text, altText: text }];
      return { ...pass, barcodes, backgroundColor: text, foregroundColor: text, labelColor: text };
    };
    const names = async (html: string) =>
      (await elementsOf(html)).map(({ tag, attributes }) => [tag, ...Object.keys(attributes)].join(" "));
    const html = await page(written(attack), { languages: [attack] });
    expect(await names(html)).toEqual(await names(await page(written(harmless))));
    expect(html).toContain("&lt;script&gt;alert(1)");
    expect(html).not.toMatch(/<script|<img|style="[^"]*red/);
  });
});

describe("a ticket", () => {
  const ticket = passOf("eventTicket");
  const classes = async (paths: string[]) =>
    (await tagged(await page(ticket, { files: new Map(paths.map((path) => [path, png(9, 9)])) }), "img")).map(
      (attributes) => attributes.class,
    );

  test("without a strip has its thumbnail and its background", async () => {
    expect(await classes(["thumbnail.png", "background.png"])).toEqual(["background", "thumbnail"]);
  });

  test("with a strip has neither a thumbnail nor a background", async () => {
    expect(await classes(["thumbnail.png", "background.png", "strip.png"])).toEqual(["strip"]);
  });
});

test.each(["Air", "Boat", "Bus", "Generic", "Train"] as const)(
  "a journey by %s has its symbol between its ends",
  async (transit) => {
    const pass = passOf("boardingPass", 2);
    const boardingPass = { ...pass.boardingPass, transitType: `PKTransitType${transit}` as const };
    const html = await page({ ...pass, boardingPass });
    expect(html).toMatch(/primaryFields value 0\.[\s\S]*<svg class="transit"[\s\S]*primaryFields value 1\./);
    expect(html.split('class="transit"')).toHaveLength(2);
  },
);

describe("an image", () => {
  const shown = async (sizes: Record<string, number>) => {
    const images = new Map(Object.entries(sizes).map(([path, size]) => [path, png(size, size)]));
    const [logo] = await tagged(await page(passOf("generic"), { files: images }), "img");
    return { pixels: sizes[logo?.src?.replace("/images/", "") ?? ""], points: Number(logo?.width) };
  };

  test("has the highest density, at its size in points", async () => {
    expect(await shown({ "logo.png": 10, "logo@3x.png": 33, "logo@2x.png": 20 })).toEqual({
      pixels: 33,
      points: 11,
    });
    expect(await shown({ "logo@2x.png": 20, "logo.png": 12 })).toEqual({ pixels: 20, points: 10 });
  });

  test("is preferably not localized; a localized one is used if there is no other", async () => {
    const localised = { "fr.lproj/logo@3x.png": 30, "fr.lproj/logo.png": 7 };
    expect(await shown({ ...localised, "logo.png": 9 })).toEqual({ pixels: 9, points: 9 });
    expect(await shown(localised)).toEqual({ pixels: 30, points: 10 });
  });

  test("that is not a PNG is omitted", async () => {
    const images = new Map([["logo.png", new TextEncoder().encode("<svg onload=alert(1)>")]]);
    expect(await tagged(await page(passOf("generic"), { files: images }), "img")).toEqual([]);
  });
});

describe("colours", () => {
  const style = async (colours: Partial<TemplatePass>) =>
    (await tagged(await page(passOf("generic", 1, colours)), "article"))[0]?.style;

  test("are the pass's own", async () => {
    const own = {
      backgroundColor: "rgb(1,20, 30)",
      foregroundColor: "#A0B0C0",
      labelColor: "rgb( 9, 9, 999 )",
    };
    expect(await style(own)).toBe(
      "--background:rgb(1, 20, 30);--foreground:rgb(160, 176, 192);--label:rgb(9, 9, 255)",
    );
  });

  test("with an alpha are mixed with what is behind them", async () => {
    const mixed = { backgroundColor: "rgba(0, 0, 0, 0.5)", foregroundColor: "rgba(255,255,255,0.5)" };
    expect(await style({ ...mixed, labelColor: "rgba(0, 0, 0, 1.0)" })).toBe(
      "--background:rgb(128, 128, 128);--foreground:rgb(192, 192, 192);--label:rgb(0, 0, 0)",
    );
    expect(await style({ ...mixed, backgroundColor: "rgba(0, 0, 0, 2)" })).toContain(
      "--background:rgb(28, 28, 30)",
    );
  });

  test("that are missing or invalid are replaced by readable ones", async () => {
    const light = "--background:rgb(255, 255, 255);--foreground:rgb(28, 28, 30);--label:rgb(92, 92, 93)";
    expect(await style({})).toBe(light);
    expect(await style({ backgroundColor: "red;position:fixed", foregroundColor: "url(//x)" })).toBe(light);
    expect(await style({ backgroundColor: "rgb(1, 2, 3);x", foregroundColor: "x rgb(1, 2, 3)" })).toBe(light);
    expect(await style({ backgroundColor: "#400010" })).toContain("--foreground:rgb(255, 255, 255)");
    expect(await style({ backgroundColor: "#ffe0a0" })).toContain("--foreground:rgb(28, 28, 30)");
    expect(await style({ foregroundColor: "#ffffff" })).toContain("--background:rgb(28, 28, 30)");
  });
});

describe("the barcode", () => {
  const barcode = async (...barcodes: NonNullable<TemplatePass["barcodes"]>) =>
    /<figure[\s\S]*<\/figure>/.exec(await page(passOf("generic", 1, { barcodes })))?.[0] ?? "";

  test("is the first one, drawn, named and with its text below", async () => {
    const first = { format: "PKBarcodeFormatAztec" as const, message: "secret 1", altText: "No. 1" };
    const html = await barcode(first, { format: "PKBarcodeFormatQR", message: "other" });
    expect(html).toMatch(/<svg role="img" aria-label="Aztec code: No. 1" viewBox="[-\d. ]+"/);
    expect(html).toMatch(/<path fill-rule="evenodd" d="M[^"]+"/);
    expect(html).toMatch(/<figcaption[^>]*>No. 1<\/figcaption>/);
    expect(html).not.toMatch(/other|secret/);
  });

  test("whose message cannot be encoded is shown as text", async () => {
    const html = await barcode({ format: "PKBarcodeFormatEAN13", message: "<b>EP</b>", altText: "Say EP" });
    expect(html).toContain("&lt;b&gt;EP&lt;/b&gt;");
    expect(html).toContain("Say EP");
    expect(html).not.toContain("<svg");
  });
});

test("a value has its textAlignment, except in primary fields and on the back", async () => {
  const pass = passOf("storeCard");
  for (const section of SECTIONS) {
    for (const field of pass.storeCard?.[section] ?? []) field.textAlignment = "PKTextAlignmentCenter";
  }
  const centred = (await tagged(await page(pass), "div")).filter(({ class: name }) => name === "center");
  expect(centred).toHaveLength(3);
});

test("an attributedValue is shown instead of the value, with its links", async () => {
  const link = '<a href="https://example.com/a?b=1&amp;c=2">here</a>';
  const field = { key: "k", label: "L", value: "plain", attributedValue: `Look ${link}` };
  const html = await page({ ...passOf("generic", 0), generic: { backFields: [field] } });
  expect(html).not.toContain("plain");
  expect(html).toContain(
    'Look <a href="https://example.com/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">here</a>',
  );
});

describe("in the reader's language", () => {
  const pass: TemplatePass = {
    description: "Card",
    organizationName: "Roasters",
    storeCard: {
      headerFields: [{ key: "b", label: "BALANCE", value: 1234.5, currencyCode: "EUR" }],
      backFields: [{ key: "s", label: "SINCE", value: "2026-02-01T10:00Z", dateStyle: "PKDateStyleLong" }],
    },
  };
  const files = new Map([
    ["de.lproj/pass.strings", writeStrings({ Card: "Karte", BALANCE: "GUTHABEN", SINCE: "SEIT" })],
    ["ar.lproj/pass.strings", writeStrings({ BALANCE: "الرصيد" })],
    ["de.lproj/logo.png", png(20, 20)],
    ["ar.lproj/logo.png", png(30, 30)],
  ]);
  const read = async (...languages: string[]) => await page(pass, { files, languages });

  test("are labels, values, images and the document, and the issuer's other texts stay", async () => {
    const html = await read("de-AT", "en");
    expect(html).toMatch(/<html lang="de" dir="ltr">/);
    expect(html).toMatch(/<title>Karte · Roasters<\/title>/);
    for (const text of [">GUTHABEN<", ">SEIT<", ">1. Februar 2026<"]) expect(html).toContain(text);
    expect(html).toMatch(/>€\s1\.234,50<|>€\s1\s234,50</);
    expect((await tagged(html, "img")).map(({ width }) => width)).toEqual(["20"]);
    expect(html).toMatch(/<section class="offer" lang="de"[^>]*><a class="button"[^>]*>Zu Apple Wallet/);
  });

  test("the whole card is mirrored if that language is written from right to left", async () => {
    const html = await read("ar");
    expect(html).toMatch(/<html lang="ar" dir="rtl">/);
    expect((await tagged(html, "article"))[0]?.dir).toBe("rtl");
    expect((await tagged(await read("en"), "article"))[0]?.dir).toBe("ltr");
  });

  test("a phone number keeps its order within a text from right to left", async () => {
    const field = { key: "t", value: "اتصل +966 11 234 5678" };
    const html = await page({ ...passOf("generic", 0), generic: { backFields: [field] } });
    expect(html).toMatch(/<a href="tel:\+966112345678"[^>]* dir="ltr">\+966 11 234 5678<\/a>/);
  });

  test("a long address continues on the next line after a slash", async () => {
    const field = { key: "u", value: "https://tickets.example.com/help/now" };
    const html = await page({ ...passOf("generic", 0), generic: { backFields: [field] } });
    expect(html).toContain(">https://tickets.example.com/<wbr/>help/<wbr/>now</a>");
  });

  test("without a translation the texts stay, and dates and numbers are the reader's", async () => {
    const html = await read("fr");
    expect(html).toMatch(/<html lang="en" dir="ltr">/);
    for (const text of [">BALANCE<", ">1 février 2026<"]) expect(html).toContain(text);
  });
});

test("a ticket with all that a poster needs has the poster, its guide, and the older look", async () => {
  const files = new Map(["artwork", "strip", "venueMap"].map((slot) => [`${slot}.png`, png(9, 9)]));
  const html = await page(match.pass, { files, languages: ["en-GB"] });
  expect((await tagged(html, "article")).map((card) => card.class)).toEqual([
    "card posterEventTicket",
    "card eventTicket",
  ]);
  // The time is that of the venue, and the words are Wallet's.
  expect(html).toMatch(/HAR – ROV[\s\S]*Harbour Ground · Portsea[\s\S]*>Row<[\s\S]*>21</);
  expect(html).toMatch(/<b>Sat,? 6 Mar<\/b>15:00/);
  expect(html).toMatch(/Event Guide[\s\S]*class="map"[\s\S]*href="https:\/\/harbour\.example\.com\/bags"/);
  expect(html).toContain("On iPhones before iOS 18");
  expect(html).not.toContain("<figure");
});

test("a semantic boarding pass has each time at its own airport", async () => {
  const html = await page(semanticFlight.pass, { languages: ["en-GB"] });
  // It lands at 13:50 in Lisbon, which is 14:50 in Copenhagen.
  for (const text of [">CPH<", ">LIS<", ">11:05<", ">13:50<", ">10:25<", ">NY 482<", ">18A<"]) {
    expect(html).toContain(text);
  }
  expect(html).toContain("Flight Services");
});

test("on the front a link is only its text, and over a strip the primary field is white", async () => {
  const attributedValue = '<a href="https://example.com/">here</a>';
  const storeCard = { primaryFields: [{ key: "p", label: "L", value: "", attributedValue }] };
  const html = await page(
    { ...passOf("storeCard", 0), storeCard },
    { files: new Map([["strip.png", png(9, 9)]]) },
  );
  expect(html).toMatch(/<dd[^>]*>here<\/dd>/);
  expect(html).toContain('<div class="front striped"');
  expect(html).toMatch(/\.striped \.primary :is\(dt, dd\) \{ color: #fff;/);
});
