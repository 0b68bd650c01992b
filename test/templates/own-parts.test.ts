/**
 * What an imported pass.json loses because it belongs to that pass alone: the codes and texts of its barcodes.
 */
import { expect, test } from "vitest";
import { withoutOwnParts } from "../../src/templates/own-parts.ts";

const format = "PKBarcodeFormatCode128";
const strip = (barcode: object, serialNumber: unknown = "4711") => {
  const { pass, barcodeText, findings } = withoutOwnParts({ serialNumber, barcodes: [barcode], barcode });
  const [first] = Array.isArray(pass.barcodes) ? pass.barcodes : [];
  expect(first).toEqual(pass.barcode);
  return { barcode: first, barcodeText, findings: findings.map(({ pointer }) => pointer) };
};

test("a code and a text that are the serial number are removed, and the text of each pass follows its code", () => {
  expect(strip({ format, message: "4711", altText: "4711" })).toEqual({
    barcode: { format },
    barcodeText: "message",
    findings: [],
  });
});

test("a text that is the message is removed, and the text of each pass follows its code", () => {
  expect(strip({ format, message: "X9", altText: "X9" })).toEqual({
    barcode: { format, message: "X9" },
    barcodeText: "message",
    findings: [],
  });
});

test("a text that is the serial number under another message follows the code, and a finding says so", () => {
  expect(strip({ format, message: "https://x.example/4711", altText: "4711" })).toEqual({
    barcode: { format, message: "https://x.example/4711" },
    barcodeText: "message",
    findings: ["/pass/barcode/altText", "/pass/barcodes/0/altText"].toReversed(),
  });
});

test("another text, an empty one, and no text stay as they are", () => {
  for (const own of [
    { format, message: "X9", altText: "Member X9" },
    { format, message: "", altText: "" },
    { format, message: "X9" },
    { format },
  ]) {
    expect(strip(own)).toEqual({ barcode: own, barcodeText: undefined, findings: [] });
    expect(strip(own, undefined).barcodeText).toBeUndefined();
  }
});
