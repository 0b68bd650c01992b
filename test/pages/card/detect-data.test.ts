/**
 * Links, phone numbers and addresses in the fields of the back, which Wallet finds by itself.
 *
 * Follows Apple's "PassFieldContent" (dataDetectorTypes).
 */
import { expect, test } from "vitest";
import { detectData } from "../../../src/pages/card/detect-data.ts";

const linksOf = (text: string, types?: string[]) =>
  detectData(text, types).flatMap(({ text, href }) => (href === undefined ? [] : [[text, href]]));

test("links and e-mail addresses are found, without the punctuation around them", () => {
  expect(linksOf("See (https://example.com/a?b=1), or www.example.com/cards.")).toEqual([
    ["https://example.com/a?b=1", "https://example.com/a?b=1"],
    ["www.example.com/cards", "https://www.example.com/cards"],
  ]);
  expect(linksOf("https://en.wikipedia.org/wiki/Wallet_(band)!")).toEqual([
    ["https://en.wikipedia.org/wiki/Wallet_(band)", "https://en.wikipedia.org/wiki/Wallet_(band)"],
  ]);
  expect(linksOf("Mail to hello@example.com; we are example.org")).toEqual([
    ["hello@example.com", "mailto:hello@example.com"],
    ["example.org", "https://example.org/"],
  ]);
  for (const text of ["e.g. this", "javascript:alert(1)", "12.50", "file.txt", "http://", "a@b"]) {
    expect([text, linksOf(text)]).toEqual([text, []]);
  }
});

test("phone numbers are found, and dates, amounts and numbers of cards are not", () => {
  expect(linksOf("+45 32 47 00 00")).toEqual([["+45 32 47 00 00", "tel:+4532470000"]]);
  expect(linksOf("Call (212) 555-0142 or 030/123 45 67.")).toEqual([
    ["(212) 555-0142", "tel:2125550142"],
    ["030/123 45 67", "tel:0301234567"],
  ]);
  const others = [
    "2027-05-22",
    "31.12.2027 10:00",
    "1234567",
    "4242 4242 4242",
    "0042 1987",
    "10 to 20",
    "€1,234,567.89",
  ];
  for (const text of others) expect([text, linksOf(text)]).toEqual([text, []]);
});

test("addresses open a map", () => {
  expect(linksOf("Sveavägen 73, Stockholm")).toEqual([
    ["Sveavägen 73, Stockholm", "https://maps.apple.com/?q=Sveav%C3%A4gen%2073%2C%20Stockholm"],
  ]);
  expect(linksOf("We are here:\n1 Main Street\nSpringfield").map(([text]) => text)).toEqual([
    "1 Main Street\nSpringfield",
  ]);
  expect(linksOf("Lindenhof 3, 8001 Zürich").map(([text]) => text)).toEqual([]);
  expect(linksOf("Lindenhof 3, 10115 Berlin")).toHaveLength(1);
  for (const text of ["Monday to Saturday, 10 to 20", "Row 12, Balcony", "Ten stamps, one drink"]) {
    expect([text, linksOf(text)]).toEqual([text, []]);
  }
});

test("a field names the detectors that it wants: without the member all of them, with an empty list none", () => {
  const text = "www.example.com +45 32 47 00 00";
  expect(linksOf(text)).toHaveLength(2);
  expect(linksOf(text, [])).toEqual([]);
  expect(linksOf(text, ["PKDataDetectorTypePhoneNumber"])).toEqual([["+45 32 47 00 00", "tel:+4532470000"]]);
  expect(linksOf(text, ["PKDataDetectorTypeCalendarEvent"])).toEqual([]);
});

test("no text is lost, and a long one takes no long time", () => {
  const text = `${"+1 (".repeat(2000)} ${"a.".repeat(20_000)} ${"1 Main Street, ".repeat(1000)} ${"0 ".repeat(5000)}`;
  const pieces = detectData(text, undefined);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
});
