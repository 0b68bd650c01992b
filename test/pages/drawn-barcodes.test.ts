/**
 * Barcodes of pages are drawn once: the next page with the same barcode gets the same drawing, and the drawings that are
 * stored have a bound.
 */
import { expect, test, vi } from "vitest";
import { drawBarcode } from "../../src/barcodes/draw.ts";
import { DRAWINGS_BYTES } from "../../src/memory.ts";
import { drawBarcodeOnce } from "../../src/pages/drawn-barcodes.ts";
import type { Barcode } from "../../src/pkpass/schema/schema.ts";

vi.mock(import("../../src/barcodes/draw.ts"), async (original) => {
  const { drawBarcode } = await original();
  return { drawBarcode: vi.fn(drawBarcode) };
});

const aztec = (message: string): Barcode => ({
  format: "PKBarcodeFormatAztec",
  message,
  messageEncoding: "iso-8859-1",
});
const drawings = () => vi.mocked(drawBarcode).mock.calls.length;

test("a barcode is drawn once, whatever its altText, and another message, format or encoding is drawn by itself", () => {
  const first = drawBarcodeOnce(aztec("once é"));
  const before = drawings();
  expect(drawBarcodeOnce({ ...aztec("once é"), altText: "other" })).toBe(first);
  expect(drawings()).toBe(before);
  const others: Barcode[] = [
    aztec("twice"),
    { ...aztec("once é"), format: "PKBarcodeFormatQR" },
    { ...aztec("once é"), messageEncoding: "utf-8" },
  ];
  for (const other of others) expect(drawBarcodeOnce(other)).toEqual(drawBarcode(other));
  expect(new Set([first, ...others.map(drawBarcodeOnce)].map((drawing) => drawing?.path)).size).toBe(4);
});

test("a message that cannot be drawn is tried once", () => {
  const barcode: Barcode = { ...aztec("no digits"), format: "PKBarcodeFormatEAN13" };
  expect(drawBarcodeOnce(barcode)).toBeUndefined();
  const before = drawings();
  expect(drawBarcodeOnce(barcode)).toBeUndefined();
  expect(drawings()).toBe(before);
});

test("the oldest drawing is removed when the stored ones would hold too much memory", () => {
  vi.mocked(drawBarcode).mockImplementation(() => ({
    name: "QR code",
    isSquare: true,
    viewBox: "",
    path: "x".repeat(DRAWINGS_BYTES / 4),
  }));
  for (const message of ["a", "b", "c", "d"]) drawBarcodeOnce(aztec(message));
  const before = drawings();
  for (const message of ["d", "c", "b"]) drawBarcodeOnce(aztec(message));
  expect(drawings()).toBe(before);
  drawBarcodeOnce(aztec("a"));
  expect(drawings()).toBe(before + 1);
});
