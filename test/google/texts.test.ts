/**
 * Texts: translations, formatted values, links, barcodes, images.
 */
import { expect, test } from "vitest";
import { barcodeOf } from "../../src/google/barcode.ts";
import { toHexColour } from "../../src/google/colour.ts";
import { fieldLinks } from "../../src/google/field-links.ts";
import { imagePathFor } from "../../src/google/images.ts";
import { readLinkMarkup } from "../../src/google/markup.ts";
import type { Field, TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { render } from "./sources.ts";

const english = { language: "en", strings: {} };
const french = {
  language: "en",
  strings: { fr: { POINTS: "POINTS FIDÉLITÉ", Open: "Ouvert", "Acme Ltd": "Acme SA" } },
};

const template: TemplatePass = {
  ...{ description: "Card", organizationName: "Acme Ltd" },
  storeCard: {
    secondaryFields: [
      { key: "points", label: "POINTS", value: 1234.5, currencyCode: "EUR" },
      { key: "when", label: "WHEN", value: "2027-05-22T10:25+02:00", dateStyle: "PKDateStyleShort" },
      { key: "state", value: "Open" },
    ],
  },
};

test("values are formatted, and translated for each language that has another text", () => {
  const { textModulesData } = render(template, { strings: french.strings }).class;
  expect(textModulesData).toEqual([
    {
      id: "points",
      localizedHeader: {
        defaultValue: { language: "en", value: "POINTS" },
        translatedValues: [{ language: "fr", value: "POINTS FIDÉLITÉ" }],
      },
      localizedBody: {
        defaultValue: { language: "en", value: "€1,234.50" },
        translatedValues: [{ language: "fr", value: "1\u202f234,50\u00a0€" }],
      },
    },
    {
      ...{ id: "when", header: "WHEN" },
      localizedBody: {
        defaultValue: { language: "en", value: "5/22/27" },
        translatedValues: [{ language: "fr", value: "22/05/2027" }],
      },
    },
    {
      id: "state",
      localizedBody: {
        defaultValue: { language: "en", value: "Open" },
        translatedValues: [{ language: "fr", value: "Ouvert" }],
      },
    },
  ]);
});

test("members without translations have a localized twin only if there is a translation", () => {
  const plain = render(template).class;
  expect(plain).toMatchObject({ issuerName: "Acme Ltd" });
  expect(plain).not.toHaveProperty("localizedIssuerName");
  const translated = render(template, { strings: french.strings }).class;
  expect(translated).toHaveProperty("localizedProgramName.translatedValues", [
    { language: "fr", value: "Acme SA" },
  ]);
});

test("the default language is that of the google part, and its strings translate the default value", () => {
  const strings = { de: { POINTS: "PUNKTE" }, pt_BR: { POINTS: "PONTOS" } };
  const { textModulesData } = render(template, { google: { language: "de" }, strings }).class;
  expect(textModulesData).toContainEqual(
    expect.objectContaining({
      localizedHeader: {
        defaultValue: { language: "de", value: "PUNKTE" },
        translatedValues: [{ language: "pt-BR", value: "PONTOS" }],
      },
    }),
  );
});

test.each<[string, Partial<Field>, string | undefined]>([
  ["a web address", { value: "https://acme.example/a" }, "https://acme.example/a"],
  ["an e-mail address", { value: "a@acme.example" }, "mailto:a@acme.example"],
  ["a phone number", { value: "+45 32 47 00 00" }, "tel:+4532470000"],
  [
    "a number that is named one",
    { value: "0800 123456", dataDetectorTypes: ["PKDataDetectorTypePhoneNumber"] },
    "tel:0800123456",
  ],
  ["the number of a card", { value: "0042 1987 2231" }, undefined],
  ["a text with a link in it", { value: "See https://acme.example" }, undefined],
  [
    "an address that is not to be detected",
    { value: "https://acme.example/a", dataDetectorTypes: [] },
    undefined,
  ],
  ["a script", { value: "javascript:alert(1)" }, undefined],
])("%s is %o as a link: %s", (_what, field, uri) => {
  const { uris, isLink } = fieldLinks(english, "site", { key: "site", label: "Site", ...field });
  expect(uris).toEqual(uri === undefined ? [] : [{ id: "site", uri, description: "Site" }]);
  expect(isLink).toBe(uri !== undefined);
});

test("the links of an attributedValue have its words, and its text stays if there is more", () => {
  const attributedValue =
    'Read <a href="https://a.example/?a=1&amp;b=2">this</a> or <a href="mailto:a@a.example">write</a>';
  expect(fieldLinks(english, "more", { key: "more", attributedValue })).toEqual({
    uris: [
      { id: "more", uri: "https://a.example/?a=1&b=2", description: "this" },
      { id: "more-2", uri: "mailto:a@a.example", description: "write" },
    ],
    isLink: false,
  });
  expect(readLinkMarkup(attributedValue).text).toBe("Read this or write");
});

test("markup other than links is removed, and a script is no link", () => {
  expect(readLinkMarkup('<b>1 < 2</b><br>&lt;a&gt; <a href="javascript:x">no</a>')).toEqual({
    text: "1 < 2\n<a> no",
    links: [],
  });
});

test("the first barcode that Google can draw is taken", () => {
  const i2of5 = { format: "PKBarcodeFormatI2of5", message: "1234" } as const;
  const qr = {
    format: "PKBarcodeFormatQR",
    message: "é",
    messageEncoding: "UTF-8",
    altText: "text",
  } as const;
  expect(barcodeOf(english, [i2of5, qr])).toEqual({
    ...{ type: "QR_CODE", value: "é", alternateText: "text", renderEncoding: "UTF_8" },
  });
  expect(barcodeOf(english, [i2of5])).toBeUndefined();
});

test.each([
  ["PKBarcodeFormatQR", "QR_CODE", "1"],
  ["PKBarcodeFormatPDF417", "PDF_417", "1"],
  ["PKBarcodeFormatAztec", "AZTEC", "1"],
  ["PKBarcodeFormatCode128", "CODE_128", "1"],
  ["PKBarcodeFormatCode39", "CODE_39", "1"],
  ["PKBarcodeFormatCodabar", "CODABAR", "1"],
  ["PKBarcodeFormatEAN13", "EAN_13", "4006381333931"],
  ["PKBarcodeFormatI2of5", "ITF_14", "12345678901231"],
] as const)("%s is %s", (format, type, message) => {
  expect(barcodeOf(english, [{ format, message, messageEncoding: "utf-8" }])).toEqual({
    ...{ type, value: message, ...(type === "QR_CODE" ? { renderEncoding: "UTF_8" } : {}) },
  });
});

test("colours are hexadecimal", () => {
  expect(["rgb(60, 30, 10)", "#3C1E0A", "rgba(0,0,0,0.5)", "red"].map(toHexColour)).toEqual([
    ...["#3c1e0a", "#3c1e0a", "#808080", undefined],
  ]);
});

test("images for Google come first, then icon and strip, the sharpest first, also of the default language", () => {
  const images = (...paths: string[]) => Object.fromEntries(paths.map((path) => [path, { sha256: "" }]));
  expect(imagePathFor("logo", images("icon.png", "icon@2x.png", "google/logo.png"), "en")).toBe(
    "google/logo.png",
  );
  expect(imagePathFor("logo", images("icon.png", "icon@2x.png"), "en")).toBe("icon@2x.png");
  expect(imagePathFor("hero", images("fr.lproj/strip.png", "de.lproj/strip.png"), "de")).toBe(
    "de.lproj/strip.png",
  );
  expect(imagePathFor("hero", images("icon.png"), "en")).toBeUndefined();
  expect(imagePathFor("wideLogo", images("logo.png"), "en")).toBeUndefined();
});

test("locations are merchantLocations, at most ten, and never `locations`", () => {
  const locations = Array.from({ length: 12 }, (_, index) => ({ latitude: index, longitude: 0 }));
  const { class: shared } = render({ ...template, locations });
  expect(shared.merchantLocations).toHaveLength(10);
  expect(shared).not.toHaveProperty("locations");
});

test("the first featured action on the web is the button, and the others are links", () => {
  const featuredActions = [
    { identifier: "desk.1", type: "call", url: "tel:+4532470000" },
    { identifier: "shop", type: "shop", url: "https://a.example/shop" },
  ];
  const { class: shared } = render({ ...template, featuredActions });
  expect(shared).toMatchObject({
    appLinkData: {
      webAppLinkInfo: { appTarget: { targetUri: { uri: "https://a.example/shop", description: "Shop" } } },
    },
    linksModuleData: { uris: [{ id: "action-desk_1", uri: "tel:+4532470000", description: "Call" }] },
  });
});

test("a blank contact is no link, and the address of the button is encoded", () => {
  const appLaunchURL = "https://a.example/ b";
  const { class: shared } = render({ ...template, contactVenuePhoneNumber: " ", appLaunchURL });
  expect(JSON.stringify(shared)).not.toContain('"tel:"');
  expect(shared).toHaveProperty(
    "appLinkData.webAppLinkInfo.appTarget.targetUri.uri",
    "https://a.example/%20b",
  );
});
