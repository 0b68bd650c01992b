/**
 * What the picture of a card in Google Wallet shows: the object's value before that of the class, the rows of the layout, the
 * reader's language, and a title for each of the seven types.
 */
import { expect, test } from "vitest";
import { GOOGLE_TYPES, type GoogleType } from "../../../src/google/types.ts";
import type { JsonObject } from "../../../src/json.ts";
import { googleCardFacts } from "../../../src/pages/google-card/card-facts.ts";
import { googleCardOf } from "../../../src/pages/google-card/map-pass.ts";
import { demoSet, pathsOf, renderSample } from "../../google/sources.ts";

const item = (...paths: readonly string[]) => ({
  firstValue: { fields: paths.map((fieldPath) => ({ fieldPath })) },
});
const text = (id: string) => item(`object.textModulesData['${id}']`, `class.textModulesData['${id}']`);
const layout = (rows: readonly JsonObject[], details: readonly JsonObject[] = []) => ({
  cardTemplateOverride: { cardRowTemplateInfos: rows },
  detailsTemplateOverride: { detailsItemInfos: details.map((each) => ({ item: each })) },
});
const facts = (shared: JsonObject, object: JsonObject, locale = "en") =>
  googleCardFacts("generic", { class: shared, object }, locale);

test("the object's value comes before that of the class, and a place with neither is left out", () => {
  const shared = {
    classTemplateInfo: layout([
      { threeItems: { startItem: text("seat"), middleItem: text("gate"), endItem: text("none") } },
      { oneItem: { item: text("none") } },
    ]),
    textModulesData: [
      { id: "seat", header: "Seat", body: "any" },
      { id: "gate", header: "Gate", body: "A" },
    ],
  };
  const object = { textModulesData: [{ id: "seat", header: "Seat", body: "18A" }] };
  expect(facts(shared, object).rows).toEqual([
    [
      { label: "Seat", value: "18A" },
      { label: "Gate", value: "A" },
    ],
  ]);
  expect(facts(shared, {}).rows[0]?.[0]).toEqual({ label: "Seat", value: "any" });
});

test("details that are on the front already are not repeated below the card", () => {
  const shared = {
    classTemplateInfo: layout([{ oneItem: { item: text("seat") } }], [text("seat"), text("terms")]),
    textModulesData: [
      { id: "seat", header: "Seat", body: "any" },
      { id: "terms", header: "Terms", body: "None" },
    ],
  };
  expect(facts(shared, {}).details).toEqual([{ label: "Terms", value: "None" }]);
});

test("two values of a place have a slash between them, and members of Google's own are texts", () => {
  const shared = {
    classTemplateInfo: layout([
      { oneItem: { item: { ...item("object.balance"), secondValue: item("object.pin").firstValue } } },
      { twoItems: { startItem: item("object.loyaltyPoints"), endItem: item("object.seatInfo.seat") } },
    ]),
  };
  const object = {
    balance: { currencyCode: "EUR", micros: "12500000" },
    pin: "4711",
    loyaltyPoints: { label: "Points", balance: { int: 7 } },
    seatInfo: { seat: { defaultValue: { language: "en", value: "9" } } },
  };
  expect(facts(shared, object).rows).toEqual([
    [{ label: "", value: "€12.50 / 4711" }],
    [
      { label: "Points", value: "7" },
      { label: "", value: "9" },
    ],
  ]);
});

test("a text is in the reader's language, or in another of its regions, or in the default one", () => {
  const header = {
    defaultValue: { language: "en", value: "Ticket" },
    translatedValues: [
      { language: "pt-BR", value: "Ingresso" },
      { language: "de", value: "Karte" },
    ],
  };
  const headerIn = (locale: string) => facts({}, { header }, locale).header;
  expect(["de", "de-AT", "pt-PT", "en-GB", "fr"].map(headerIn)).toEqual([
    "Karte",
    "Karte",
    "Ingresso",
    "Ticket",
    "Ticket",
  ]);
});

test("links are on the details page, and only with an address that is safe to open", () => {
  const link = (id: string) => item(`class.linksModuleData.uris['${id}']`);
  const shared = {
    classTemplateInfo: layout([], [text("terms"), link("web"), link("bad")]),
    textModulesData: [{ id: "terms", header: "Terms", body: "No refunds" }],
    linksModuleData: {
      uris: [
        { id: "web", uri: "https://example.com/a", description: "Website" },
        { id: "bad", uri: "javascript:alert(1)", description: "Bad" },
      ],
    },
  };
  expect(facts(shared, {}).details).toEqual([
    { label: "Terms", value: "No refunds" },
    { label: "", value: "Website", href: "https://example.com/a" },
    { label: "", value: "Bad", href: undefined },
  ]);
});

test("every pass of the demo set has what its type shows, as class and object say it", () => {
  const seen = new Set<GoogleType>();
  for (const [name, sample, asked] of demoSet) {
    const { type, class: shared, object } = renderSample(sample, asked);
    seen.add(type);
    const images = Object.fromEntries(
      pathsOf(sample).map((path) => [path, { sha256: path.replaceAll(/\W/g, "-") }]),
    );
    const urlOf = (sha256: string) => `https://edgepass.example/g/${sha256}.png`;
    const source = { google: asked.google ?? sample.google?.part ?? {}, images, urlOf };
    const drawn = googleCardOf({ ...sample.pass }, source, sample.strings, "en");
    const { barcode: _, ...rendered } = googleCardFacts(type, { class: shared, object }, "en");
    expect(drawn, name).toMatchObject(rendered);
    expect(drawn.issuer, name).not.toBe("");
    expect(drawn.header !== "" || drawn.journey.length === 2, name).toBe(true);
    expect(drawn.rows.length).toBeLessThanOrEqual(3);
    expect(Math.max(0, ...drawn.rows.map((row) => row.length))).toBeLessThanOrEqual(3);
  }
  expect([...seen].sort()).toEqual([...GOOGLE_TYPES].sort());
});

test("an object's colour and image come before those of the class, and a barcode is drawn in Apple's format", () => {
  const image = (uri: string) => ({ sourceUri: { uri } });
  const drawn = facts(
    { hexBackgroundColor: "#000000", heroImage: image("/class.png") },
    {
      hexBackgroundColor: "#ffffff",
      heroImage: image("/object.png"),
      barcode: { type: "PDF_417", value: "A1", alternateText: "No. 1" },
    },
  );
  expect([drawn.colour, drawn.hero?.url]).toEqual(["#ffffff", "/object.png"]);
  expect(drawn.barcode).toMatchObject({ format: "PKBarcodeFormatPDF417", message: "A1", altText: "No. 1" });
});
