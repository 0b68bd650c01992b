/**
 * pass.strings files of other tools: all encodings, comments and escapes that Apple's parser accepts. Errors are reported
 * with their line.
 *
 * Source: Apple's "String Resources".
 */
import { expect, test } from "vitest";
import { readPkpass } from "../../src/pkpass/read/read.ts";
import { readStrings, writeStrings } from "../../src/pkpass/strings.ts";
import { archive, bytesOf, joined } from "./archives.ts";

/** The findings of a .pkpass with this file. */
function found(file: string | Uint8Array) {
  const bundle = readPkpass(
    archive([
      { path: "pass.json", content: "{}" },
      { path: "de.lproj/pass.strings", content: file },
    ]),
  );
  if (bundle.outcome === "refused") throw new Error(bundle.why);
  return bundle.findings.map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`);
}

const strings = (text: string | Uint8Array) => readStrings(bytesOf(text));
const utf16 = (text: string, isLittle: boolean, mark = true) => {
  const bytes = new Uint8Array((text.length + Number(mark)) * 2);
  const view = new DataView(bytes.buffer);
  const all = mark ? `\uFEFF${text}` : text;
  for (let i = 0; i < all.length; i++) view.setUint16(2 * i, all.charCodeAt(i), isLittle);
  return bytes;
};

test("written strings are read back unchanged", () => {
  const texts = {
    'say "x"': "\\ ü\n\r\t\u0007",
    "": "empty",
    é: "😀",
    __proto__x: "1",
    "a;b=c": "/* no */",
  };
  expect(strings(writeStrings(texts))).toEqual({ outcome: "strings", strings: texts, suspicions: [] });
});

test.each<[what: string, file: string | Uint8Array]>([
  ["UTF-8", '"Größe" = "Size";'],
  ["UTF-8 with a mark", '\uFEFF"Größe" = "Size";'],
  ["UTF-16, little end first", utf16('"Größe" = "Size";', true)],
  ["UTF-16, big end first", utf16('"Größe" = "Size";', false)],
  ["comments", '/* a "b" = "c"; */\n// d\n"Größe" /* e */ = // f\n"Size" ;\n// end'],
  ["escapes", '"Gr\\U00f6\\U00DFe" = "\\U0053ize";'],
  ["no space at all", '"Größe"="Size";'],
  ["single quotes", "'Größe' = 'Size';"],
  ["a word without quotes", '"Größe" = Size;'],
])("%s is read", (_what, file) => {
  expect(strings(file)).toEqual({ outcome: "strings", strings: { Größe: "Size" }, suspicions: [] });
});

test("escapes have Apple's meaning", () => {
  const text = `${String.raw`"a" = "\n\t\r\"\'\\ \Ud83d\Ude00 \U41.";`}\n"b";`;
  expect(strings(text)).toMatchObject({ strings: { a: "\n\t\r\"'\\ 😀 A.", b: "b" }, suspicions: [] });
});

test.each<[what: string, file: string | Uint8Array, why: string]>([
  ["a missing semicolon", '"a" = "b"\n"c" = "d";', "a semicolon is missing (line 2)"],
  ["a quote that stays open", '"a" = "b";\n"c" = "d;\n', "a string is not closed (line 2)"],
  ["a comment that stays open", '"a" = "b";\n\n/* c', "a comment is not closed (line 3)"],
  ["no value", '"a" = ;', "a string in quotes after = is missing (line 1)"],
  ["no key", '= "b";', "a string in quotes is missing (line 1)"],
  [
    "JSON",
    '{"a": "b"}',
    'it is a property list in another format, but must contain lines such as "key" = "value"; (line 1)',
  ],
  [
    "a binary property list",
    "bplist00\u0000",
    'it is a property list in another format, but must contain lines such as "key" = "value";',
  ],
  [
    "half a character",
    '"a" = "\\Ud83d";',
    "a string contains half a character (an unpaired surrogate) (line 1)",
  ],
  ["no digits", '"a" = "\\Uxyz";', "\\U has no hexadecimal digits after it (line 1)"],
  [
    "Latin-1",
    joined([bytesOf('"a" = "b";\n"'), Uint8Array.of(0xe9), bytesOf('" = "";')]),
    "line 2 is not valid UTF-8",
  ],
  [
    "UTF-16 without a mark",
    utf16('"a" = "b";', true, false),
    "it is UTF-16 without a byte order mark, which iPhones do not detect",
  ],
  ["UTF-16 cut in a character", utf16('"a" = "b";', true).subarray(0, -1), "it is not valid UTF-16"],
])("%s is reported with its line", (_what, file, why) => {
  expect(strings(file)).toEqual({ outcome: "broken", why });
  expect(found(file)).toEqual(["error broken_strings /files/de.lproj~1pass.strings"]);
});

test("probable mistakes are warnings, and the file is read", () => {
  expect(strings('"a" = "1";\n"a" = "caf\\u00e9";')).toEqual({
    outcome: "strings",
    strings: { a: "cafu00e9" },
    suspicions: [
      'the key "a" occurs twice (line 2)',
      '\\u is not an escape, and shows as "u"; use \\U instead (line 2)',
    ],
  });
  expect(found('"a" = "\\q";')).toEqual(["warning suspicious_strings /files/de.lproj~1pass.strings"]);
});

test("of many probable mistakes only the first are reported, quickly", () => {
  const read = strings(`"a" = "${"\\q".repeat(200_000)}";`);
  expect(read).toMatchObject({ outcome: "strings", suspicions: { length: 10 } });
});
