/**
 * Mending of JSON: what is removed, where it was, and that nothing else changes. Hostile files take linear time.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type MendKind, mendJson } from "../../src/pkpass/read/lenient-json.ts";
import { bytesOf } from "./archives.ts";

const BOTH: readonly MendKind[] = ["trailing_comma", "comment"];
const mend = (text: string, kinds = BOTH) => {
  const { bytes, ...others } = mendJson(bytesOf(text), kinds);
  return { text: new TextDecoder().decode(bytes), ...others };
};
const places = (text: string, kinds = BOTH) =>
  mend(text, kinds).mends.map(({ kind, line, column }) => `${kind} ${line}:${column}`);

test.each([
  ["a comma before }", '{"a": 1,}', ["trailing_comma 1:8"]],
  ["a comma before ], on another line", "[\n  1,\n\t\r\n]", ["trailing_comma 2:4"]],
  ["a comma after each kind of value", '[{},[],"",1,]', ["trailing_comma 1:12"]],
  ["a comma in each of two levels", '{"a":[true,],}', ["trailing_comma 1:11", "trailing_comma 1:13"]],
  ["a comment to the end of the line", "[1] // one\n", ["comment 1:5"]],
  ["a comment to the end of the file", "[1] //", ["comment 1:5"]],
  ["a comment over two lines", "[/* a\n b */1]", ["comment 1:2"]],
  ["a comma before a comment before ]", "[1, // last\n]", ["trailing_comma 1:3", "comment 1:5"]],
  ["a column after characters of two and four bytes", '["é😀",]', ["trailing_comma 1:7"]],
])("%s is removed, with its place", (_what, text, expected) => {
  expect(places(text)).toEqual(expected);
  const mended = mend(text).text;
  expect(() => JSON.parse(mended)).not.toThrow();
  expect(mended.split("\n").length).toBe(text.split("\n").length);
});

test.each([
  ["valid JSON", '{"a": [1, {}, []], "b": "x"}'],
  ["commas and slashes in a string", '{"a": "1,]", "b": "// no /* no */", "c": "\\",}//"}'],
  ["a comma without a value", "[,]"],
  ["a comma after a colon", '{"a":,}'],
  ["a second comma", "[1,,]"],
  ["a comment that is not closed", '{"a": 1 /* b }'],
  ["a slash of its own", "[1 / 2,"],
  ["a string that is not closed", '["a,]'],
])("%s stays as it is", (_what, text) => {
  expect(mend(text)).toEqual({ text, mends: [], counts: { trailing_comma: 0, comment: 0 } });
});

test("only the kinds that are asked for are removed", () => {
  expect(mend("[1,] // a", ["trailing_comma"]).text).toBe("[1 ] // a");
  expect(mend("[1,] // a", ["comment"]).text).toBe("[1,]     ");
});

test("any JSON with commas and comments at every possible place has the same value", () => {
  const space = fc.constantFrom("", " ", "\n", "// x ,]}\n", '/* "a": [1,] */', "/**/", "\r\n\t");
  const property = fc.property(fc.json({ maxDepth: 4 }), fc.infiniteStream(space), (json, spaces) => {
    const next = () => spaces.next().value ?? "";
    const tokens = json.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
    const lenient = tokens
      .map((token, index) => {
        const isEnd = token === "}" || token === "]";
        const isFull = !["{", "["].includes(tokens[index - 1] ?? "");
        return (isEnd && isFull ? `,${next()}` : "") + next() + token;
      })
      .join("");
    expect(JSON.parse(mend(lenient + next()).text)).toEqual(JSON.parse(json));
  });
  fc.assert(property, { seed: 20_261_129 });
});

test("the number of places is limited, and all are counted", () => {
  const { mends, counts } = mend(`[${"[1,],".repeat(1000)}1]//`);
  expect(counts).toEqual({ trailing_comma: 1000, comment: 1 });
  expect(mends).toHaveLength(11);
});

test.each([
  ["comments", "//\n"],
  ["open comments", "/* "],
  ["closed comments", "/**/"],
  ["slashes", "/"],
  ["trailing commas", "[1,],"],
  ["commas", ","],
  ["quotes", '"'],
  ["backslashes", '"\\'],
])("half a megabyte of %s takes linear time", (_what, repeated) => {
  const bytes = bytesOf(repeated.repeat(Math.ceil(512_000 / repeated.length)));
  const startedAt = performance.now();
  mendJson(bytes, BOTH);
  expect(performance.now() - startedAt).toBeLessThan(5000); // about 10 ms; a quadratic search takes minutes
});
