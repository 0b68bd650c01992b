/**
 * The text of a barcode, by the encoding that the pass was drawn with.
 */
import { expect, test } from "vitest";
import { textOf } from "../../../../src/browser/scanner/input/code-text.ts";

const read = (bytes: number[], hasECI = false) =>
  textOf({ bytes: Uint8Array.from(bytes), hasECI, text: "by the decoder" });

test.each([
  ["ASCII", [0x41, 0x1d, 0x42], "A\u001dB"],
  ["UTF-8", [0xc3, 0xa9], "é"],
  ["UTF-8 with a byte order mark", [0xef, 0xbb, 0xbf, 0x41], "\ufeffA"],
  ["ISO 8859-1", [0x63, 0xe9], "cé"],
  ["ISO 8859-1, not Windows-1252", [0xe9, 0x80], "é\u0080"],
])("%s", (_name, bytes, text) => {
  expect(read(bytes)).toBe(text);
});

test("a barcode that names its encoding is read by the decoder", () => {
  expect(read([0xe9], true)).toBe("by the decoder");
});
