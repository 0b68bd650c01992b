/**
 * Text in the encodings of barcodes. What is written is decoded again with TextDecoder, and the bytes of some texts are
 * those of the Encoding Standard (https://encoding.spec.whatwg.org).
 */
import { describe, expect, test } from "vitest";
import { encodeText, findUnencodable, isEncoding } from "../../src/pkpass/text/encode.ts";

const hex = (text: string, name: string) => encodeText(text, name)?.toHex();

/** The IANA names of the encodings of the standard, and the number of characters beyond ASCII that each has at least. */
const ENCODINGS: readonly (readonly [name: string, characters: number])[] = [
  ...["ibm866", "koi8-r", "koi8-u", "macintosh"].map((name) => [name, 127] as const),
  ...[2, 4, 5, 10, 13, 14, 15, 16, 9].map((part) => [`iso-8859-${part}`, 128] as const),
  ...[3, 6, 7, 8].map((part) => [`iso-8859-${part}`, 83] as const),
  ...[1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258].map((page) => [`windows-${page}`, 117] as const),
  ["windows-874", 97],
  ["shift_jis", 9000],
  ["euc-jp", 6900],
  ["gb2312", 7400],
  ["gbk", 21000],
  ["big5", 13000],
  ["euc-kr", 8200],
];

describe.each(ENCODINGS)("%s", (name, least) => {
  test(`has at least ${least} characters beyond ASCII, and each is decoded to itself`, () => {
    const decoder = new TextDecoder(name);
    let characters = 0;
    for (let code = 0x80; code < 0x10000; code++) {
      const character = String.fromCharCode(code);
      const bytes = encodeText(character, name);
      if (bytes === undefined) continue;
      characters++;
      // ISO 8859-9 is decoded as windows-1254, which has printable characters in place of these.
      if (name === "iso-8859-9" && code < 0xa0) continue;
      expect(decoder.decode(bytes)).toBe(character);
    }
    expect(characters).toBeGreaterThanOrEqual(least);
  });
});

test.each([
  ["windows-1252", "10 €", "31302080"],
  ["iso-8859-15", "10 €", "313020a4"],
  ["windows-1251", "Привет", "cff0e8e2e5f2"],
  ["shift_jis", "日本語ｱ①", "93fa967b8ceab18740"],
  ["iso-2022-jp", "日本a語", "1b2442467c4b5c1b2842611b2442386c1b2842"],
  ["big5", "十═", "a451f9f9"],
  ["gbk", "€汉", "80baba"],
  ["gb18030", "€é😀", "a2e3a8a69439fc36"],
  ["windows-949", "똠", "8c63"],
  ["utf-16", "é😀", "e9003dd800de"],
  ["utf-16be", "é", "00e9"],
  ["koi8-r", "a\nЖ", "610af6"],
])("%s writes %s as %s", (name, text, bytes) => {
  expect(hex(text, name)).toBe(bytes);
});

test("a name of an ISO or national standard does not contain what Windows added to it", () => {
  expect([hex("€", "iso-8859-1"), hex("€", "latin1"), hex("€", "iso-8859-9"), hex("é", "us-ascii")]).toEqual(
    Array(4).fill(undefined),
  );
  expect([hex("镕", "gb2312"), hex("똠", "euc-kr")]).toEqual([undefined, undefined]);
  expect([hex("\x85", "iso-8859-1"), hex("\x85", "iso-8859-9")]).toEqual(["85", "85"]);
});

test("names are read in upper and lower case, and an unknown encoding can write ASCII only", () => {
  expect(["Shift_JIS", " utf-8 ", "utf8mb4", "", "constructor"].map(isEncoding)).toEqual([
    ...[true, true],
    ...[false, false, false],
  ]);
  expect([hex("abc", "ibm850"), hex("é", "ibm850")]).toEqual(["616263", undefined]);
});

test("the first character that cannot be written is named, also one of two code units", () => {
  expect(findUnencodable("Tür für Škoda", "iso-8859-1")).toBe("Š");
  expect(findUnencodable("日😀", "shift_jis")).toBe("😀");
  expect(findUnencodable("日😀", "gb18030")).toBeUndefined();
});
