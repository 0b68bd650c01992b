/**
 * A pass in the language of one pass.strings: every text for people, and nothing else.
 *
 * Follows Apple's "Creating the source for a pass" (localizations).
 */
import { expect, test } from "vitest";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { translatePass } from "../../src/pkpass/translate.ts";

test("the texts of the pass, its fields, barcodes and semantic tags are translated, and keys, numbers and codes are not", () => {
  const pass: TemplatePass = {
    description: "Card",
    organizationName: "Card",
    logoText: "Card",
    groupingIdentifier: "Card",
    storeCard: {
      headerFields: [{ key: "Card", label: "Card", value: "Card", changeMessage: "Card" }],
      backFields: [{ key: "b", value: 7, attributedValue: "Card", label: "constructor" }],
    },
    barcodes: [{ format: "PKBarcodeFormatQR", message: "Card", altText: "Card" }],
    semantics: { eventName: "Card", performerNames: ["Card"], duration: 7 },
  };
  expect(translatePass(pass, { Card: "Karte", "7": "sieben" })).toEqual({
    description: "Karte",
    organizationName: "Karte",
    logoText: "Karte",
    groupingIdentifier: "Card",
    storeCard: {
      headerFields: [{ key: "Card", label: "Karte", value: "Karte", changeMessage: "Karte" }],
      backFields: [{ key: "b", value: 7, attributedValue: "Karte", label: "constructor" }],
    },
    barcodes: [{ format: "PKBarcodeFormatQR", message: "Card", altText: "Karte" }],
    semantics: { eventName: "Karte", performerNames: ["Karte"], duration: 7 },
  });
  expect(pass.description).toBe("Card");
});
