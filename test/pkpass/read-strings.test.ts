/**
 * pass.strings as other tools write them: every encoding, comments and escapes that Apple's parser takes; what it does not
 * take is a fault with its line.
 *
 * Source: Apple's "String Resources".
 */
import { expect, test } from "vitest";
import { readPkpass } from "../../src/pkpass/read/read.ts";
import { passStrings, readStrings } from "../../src/pkpass/strings.ts";
import { archive, bytesOf, joined } from "./archives.ts";

/** What is found in a bundle with this file. */
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

test("what Edgepass writes is read back, whatever it says", () => {
  const texts = {
    'say "x"': "\\ ü\n\r\t\u0007",
    "": "empty",
    é: "😀",
    __proto__x: "1",
    "a;b=c": "/* no */",
  };
  expect(strings(passStrings(texts))).toEqual({ outcome: "strings", strings: texts, doubts: [] });
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
  expect(strings(file)).toEqual({ outcome: "strings", strings: { Größe: "Size" }, doubts: [] });
});

test("escapes are Apple's", () => {
  const text = `${String.raw`"a" = "\n\t\r\"\'\\ \Ud83d\Ude00 \U41.";`}\n"b";`;
  expect(strings(text)).toMatchObject({ strings: { a: "\n\t\r\"'\\ 😀 A.", b: "b" }, doubts: [] });
});

test.each<[what: string, file: string | Uint8Array, why: string]>([
  ["a missing semicolon", '"a" = "b"\n"c" = "d";', "a semicolon is missing (line 2)"],
  ["a quote that stays open", '"a" = "b";\n"c" = "d;\n', "a text is not closed (line 2)"],
  ["a comment that stays open", '"a" = "b";\n\n/* c', "a comment is not closed (line 3)"],
  ["no value", '"a" = ;', "a text in quotes behind = is missing (line 1)"],
  ["no key", '= "b";', "a text in quotes is missing (line 1)"],
  [
    "JSON",
    '{"a": "b"}',
    'it is another kind of property list, and has to be lines of text: "key" = "value"; (line 1)',
  ],
  [
    "a binary property list",
    "bplist00\u0000",
    'it is another kind of property list, and has to be lines of text: "key" = "value";',
  ],
  ["half a character", '"a" = "\\Ud83d";', "a text holds half a character (an unpaired surrogate) (line 1)"],
  ["no digits", '"a" = "\\Uxyz";', "\\U has no hexadecimal digits behind it (line 1)"],
  [
    "Latin-1",
    joined([bytesOf('"a" = "b";\n"'), Uint8Array.of(0xe9), bytesOf('" = "";')]),
    "it is not UTF-8 in line 2",
  ],
  [
    "UTF-16 without a mark",
    utf16('"a" = "b";', true, false),
    "it is UTF-16 without a byte order mark, and iPhones cannot tell",
  ],
  ["UTF-16 cut in a character", utf16('"a" = "b";', true).subarray(0, -1), "it is broken UTF-16"],
])("%s is a fault with its line", (_what, file, why) => {
  expect(strings(file)).toEqual({ outcome: "broken", why });
  expect(found(file)).toEqual(["error broken_strings /files/de.lproj~1pass.strings"]);
});

test("what surely was not meant is a doubt, and the file is read", () => {
  expect(strings('"a" = "1";\n"a" = "caf\\u00e9";')).toEqual({
    outcome: "strings",
    strings: { a: "cafu00e9" },
    doubts: ['"a" stands twice (line 2)', '\\u is no escape, and shows as "u": write \\U (line 2)'],
  });
  expect(found('"a" = "\\q";')).toEqual(["warning doubtful_strings /files/de.lproj~1pass.strings"]);
});

test("of very many doubts some are told, and it stays quick to tell them", () => {
  const read = strings(`"a" = "${"\\q".repeat(200_000)}";`);
  expect(read).toMatchObject({ outcome: "strings", doubts: { length: 10 } });
});
