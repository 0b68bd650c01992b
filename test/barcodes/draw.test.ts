/**
 * Barcodes of a pass's page: that each of Apple's formats is drawn, what bytes go into it, and what is not drawn.
 *
 * bwip-js guarantees that scanners can read its drawings. Here only the bars of an EAN are read back.
 * Follows Apple's "Pass.Barcodes" and ISO/IEC 15420.
 */
import { describe, expect, test } from "vitest";
import { drawBarcode } from "../../src/barcodes/draw.ts";
import type { Barcode } from "../../src/pkpass/schema/schema.ts";

type Format = Barcode["format"];

const MESSAGES: Record<Format, string> = {
  PKBarcodeFormatQR: "EP-42",
  PKBarcodeFormatPDF417: "EP-42",
  PKBarcodeFormatAztec: "EP-42",
  PKBarcodeFormatCode128: "EP-42",
  PKBarcodeFormatCode39: "EP-42",
  PKBarcodeFormatCodabar: "A1234B",
  PKBarcodeFormatEAN13: "9780306406157",
  PKBarcodeFormatI2of5: "123456",
};
const BINARY: Format[] = ["PKBarcodeFormatQR", "PKBarcodeFormatPDF417", "PKBarcodeFormatAztec"];

const draw = (format: Format, message: string, messageEncoding?: string) =>
  drawBarcode({ format, message, messageEncoding });

describe.each(Object.entries(MESSAGES) as [Format, string][])("%s", (format, message) => {
  test("is a path of numbers within its viewBox, and the quiet zone is empty", () => {
    const drawing = draw(format, message);
    const [left = 0, top = 0, width = 0, height = 0] = drawing?.viewBox.split(" ").map(Number) ?? [];
    expect(drawing?.path).toMatch(/^M[-\d MLhvz.]+z$/);
    expect(drawing?.isSquare).toBe(/QR|Aztec/.test(format));
    expect(left).toBeLessThan(0);
    expect(top).toBeLessThan(0);
    const starts = [...(drawing?.path ?? "").matchAll(/M(\d+) (\d+)/g)];
    expect(starts.length).toBeGreaterThan(5);
    for (const [, x, y] of starts) {
      expect(Number(x)).toBeLessThan(width + 2 * left);
      expect(Number(y)).toBeLessThanOrEqual(height + 2 * top);
    }
  });

  test("has another path for another message, and the same path for the same message", () => {
    const other = format === "PKBarcodeFormatEAN13" ? "4006381333931" : message.replaceAll("2", "3");
    expect(draw(format, message)).toEqual(draw(format, message));
    expect(draw(format, other)?.path).not.toBe(draw(format, message)?.path);
  });

  test("is undefined for an empty message and for a message that is too long", () => {
    expect(draw(format, "")).toBeUndefined();
    expect(drawBarcode({ format })).toBeUndefined();
    expect(draw(format, "1".repeat(50_000))).toBeUndefined();
  });
});

test.each(BINARY)("%s encodes the message's bytes in its messageEncoding", (format) => {
  const utf8 = draw(format, "é", "utf-8")?.path;
  expect(draw(format, "é", "iso-8859-1")?.path).not.toBe(utf8);
  // The same two bytes, as each encoding writes them.
  expect(draw(format, "Ã©", "ISO-8859-1")?.path).toBe(utf8);
  // The same byte.
  expect(draw(format, "Я", "windows-1251")?.path).toBe(draw(format, "ß", "iso-8859-1")?.path);
  expect(draw(format, "日本", "shift_jis")?.path).toBe(draw(format, "\x93\xfa\x96\x7b", "iso-8859-1")?.path);
  // UTF-8 replaces an encoding that cannot write the message.
  expect(draw(format, "é", "shift_jis")?.path).toBe(utf8);
  expect(draw(format, "あ😀", "iso-8859-1")?.path).toBe(draw(format, "あ😀", "utf-8")?.path);
});

test.each<[Format, number]>([
  ["PKBarcodeFormatQR", 1500],
  ["PKBarcodeFormatPDF417", 800],
  ["PKBarcodeFormatAztec", 1200],
])("%s can encode %i characters of one byte each, but not as many of two bytes", (format, count) => {
  expect(draw(format, "é".repeat(count), "iso-8859-1")).toBeDefined();
  expect(draw(format, "é".repeat(count), "utf-8")).toBeUndefined();
});

test.each([...BINARY, "PKBarcodeFormatCode128"] as const)(
  "in %s a circumflex has no special meaning",
  (format) => {
    expect(draw(format, "^065")?.path).not.toBe(draw(format, "A")?.path);
    expect(draw(format, "^FNC1A")).toBeDefined();
    expect(draw(format, "^FNC1A")?.path).not.toBe(draw(format, "A")?.path);
  },
);

test.each<[Format, string]>([
  ["PKBarcodeFormatEAN13", "9780306406158"],
  ["PKBarcodeFormatEAN13", "9780306406157 12"],
  ["PKBarcodeFormatEAN13", "EP-42"],
  ["PKBarcodeFormatI2of5", "12345"],
  ["PKBarcodeFormatI2of5", "12a456"],
  ["PKBarcodeFormatCode39", "lower case"],
  ["PKBarcodeFormatCodabar", "12x4"],
])("%s is undefined for %s: a scanner would read something else", (format, message) => {
  expect(draw(format, message)).toBeUndefined();
});

test("a Codabar message without start and stop characters gets them", () => {
  const drawn = draw("PKBarcodeFormatCodabar", "1234");
  expect(drawn).toBeDefined();
  expect(drawn).toEqual(draw("PKBarcodeFormatCodabar", "A1234A"));
});

test("the bars of an EAN encode its digits", () => {
  for (const digits of ["9780306406157", "4006381333931"]) {
    expect(readEan(draw("PKBarcodeFormatEAN13", digits)?.path ?? "")).toBe(digits);
  }
  expect(readEan(draw("PKBarcodeFormatEAN13", "978030640615")?.path ?? "")).toBe("9780306406157");
});

/** Set A of ISO/IEC 15420, as modules. Set C is its inverse, and set B is set C backwards. */
const SET_A = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011".split(" ");
const SET_C = SET_A.map((modules) => modules.replaceAll(/[01]/g, (bit) => (bit === "0" ? "1" : "0")));
const SET_B = SET_C.map((modules) => [...modules].reverse().join(""));
/** Which sets the left digits are of, by the first digit. */
const PARITIES = "AAAAAA AABABB AABBAB AABBBA ABAABB ABBAAB ABBBAA ABABAB ABABBA ABBABA".split(" ");

function readEan(path: string): string {
  let modules = "";
  for (const [, left, width] of path.matchAll(/M(\d+) 0h(\d+)/g)) {
    modules = modules.padEnd(Number(left), "0") + "1".repeat(Number(width));
  }
  expect(modules).toMatch(/^101[01]{42}01010[01]{42}101$/);
  const digitsFrom = (start: number) =>
    Array.from({ length: 6 }, (_, index) => modules.slice(start + index * 7, start + index * 7 + 7));
  const left = digitsFrom(3);
  const parity = left.map((digit) => (SET_A.includes(digit) ? "A" : "B")).join("");
  const value = (digit: string) => Math.max(SET_A.indexOf(digit), SET_B.indexOf(digit));
  return `${PARITIES.indexOf(parity)}${left.map(value).join("")}${digitsFrom(50)
    .map((digit) => SET_C.indexOf(digit))
    .join("")}`;
}
