/**
 * How numbers are read and written: one that a double equals is a number, any other keeps its text.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  findValues,
  isBeyondDoubles,
  isExactNumber,
  isNumber,
  isObject,
  measureJson,
  parseJson,
  parseRounded,
  pointerTo,
  toDouble,
  toText,
  writeJson,
} from "../src/json.ts";

const KEPT = [
  ["12345678901234567890", "12345678901234567890"],
  ["-12345678901234567890", "-12345678901234567890"],
  ["9007199254740993", "9007199254740993"],
  ["9007199254740993.0", "9007199254740993.0"],
  ["0.1234567890123456789", "0.1234567890123456789"],
  ["123456789012345678901E-3", "123456789012345678901E-3"],
  ["1e-400", "1e-400"],
  ["0.00000000000000000000000000001e-300", "0.00000000000000000000000000001e-300"],
  ["1e400", "1e400"],
];
const DOUBLES = [
  ["9007199254740992", "9007199254740992"],
  ["9007199254740992.000", "9007199254740992"],
  ["0.1", "0.1"],
  ["0.30000000000000004", "0.30000000000000004"],
  ["0.12345678901234568", "0.12345678901234568"],
  ["1.0", "1"],
  ["1.10", "1.1"],
  ["1E5", "100000"],
  ["1e21", "1e+21"],
  ["100000000000000000000000", "1e+23"],
  ["5e-324", "5e-324"],
  ["1.7976931348623157e308", "1.7976931348623157e+308"],
  ["-0", "0"],
  ["-0.0e-999", "0"],
];

test.each(KEPT)("%s equals no double, and is written as it came", (given, written) => {
  const parsed = parseJson(`{"a":[ ${given} ]}`);
  expect(writeJson(parsed)).toBe(`{"a":[${written}]}`);
  const [number] = (parsed as { a: unknown[] }).a;
  expect(isExactNumber(number)).toBe(true);
  expect(isNumber(number)).toBe(true);
  expect(isObject(number)).toBe(false);
});

test.each(DOUBLES)("%s equals a double, and is the number %s", (given, written) => {
  const parsed = parseJson(`[${given}]`);
  expect(parsed).toEqual([Number(given)]);
  expect(writeJson(parsed)).toBe(`[${written}]`);
});

test("no number becomes another number, and what was written is written again in the same way", () => {
  const digits = fc.stringMatching(/^(0|[1-9]\d{0,24})$/);
  const fraction = fc.option(fc.stringMatching(/^\.\d{1,24}$/), { nil: "" });
  const exponent = fc.option(fc.stringMatching(/^[eE][+-]?\d{1,3}$/), { nil: "" });
  const literal = fc
    .tuple(fc.constantFrom("", "-"), digits, fraction, exponent)
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.array(literal), fc.array(fc.string()), (literals, texts) => {
      const text = `{"numbers": [${literals.join(" , ")}], "texts": ${JSON.stringify(texts)}, "n": 1e-999}`;
      const written = writeJson(parseJson(text));
      const [, list = ""] = /^\{"numbers":\[([^\]]*)\]/.exec(written) ?? [];
      const numbers = list === "" ? [] : list.split(",");
      expect(numbers.map(decimalOf)).toEqual(literals.map(decimalOf));
      expect(writeJson(parseJson(written))).toBe(written);
      // As a double, -0 is 0 here.
      expect(JSON.stringify(parseRounded(written))).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});

/** The decimal that a JSON number denotes: an integer and a power of ten, in lowest terms. */
function decimalOf(literal: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  let integer = BigInt(whole + fraction);
  let power = Number(exponent) - fraction.length;
  if (integer === 0n) return "0";
  for (; integer % 10n === 0n; integer /= 10n) power += 1;
  return `${sign}${integer} * 10^${power}`;
}

test("a client's own rawJSON is an ordinary object", () => {
  const text = '{"rawJSON":"12345678901234567890","n":{"rawJSON":"1"}}';
  const parsed = parseJson(text);
  expect(isObject(parsed)).toBe(true);
  expect(findValues(parsed, isExactNumber, 9)).toEqual([]);
  expect(writeJson(parsed)).toBe(text);
});

test("digits in a text stay a text", () => {
  const text = '{"a":"x, 12345678901234567890 and [1e400]","b":1}';
  expect(parseJson(text)).toEqual(JSON.parse(text));
});

test("a long number is read in the same time as a short one", () => {
  const zeros = "0".repeat(1_000_000);
  const text = `[1${zeros}1, 0.1${zeros}1, 0.${zeros}1]`;
  expect(writeJson(parseJson(text))).toBe(text.replaceAll(" ", ""));
}, 2000);

describe("an exact number", () => {
  const [long, huge] = parseJson("[12345678901234567890, 1e400]") as [unknown, unknown];
  test("has a nearest double and a text", () => {
    if (!isNumber(long)) throw new Error("no number");
    expect(toDouble(long)).toBe(12345678901234567000);
    expect(toText(long)).toBe("12345678901234567890");
  });
  test("may be beyond every double", () => {
    expect([long, huge, 1, "1e400"].map(isBeyondDoubles)).toEqual([false, true, false, false]);
  });
});

test("values are found by their own sort or by their key, up to the limit", () => {
  const value = parseJson('{"a": [1, {"b/c": 12345678901234567890}], "__proto__": {"__proto__": 1}}');
  const pathsOf = (...asked: Parameters<typeof findValues>) => findValues(...asked).map(({ path }) => path);
  expect(pathsOf(value, isExactNumber, 9)).toEqual([["a", 1, "b/c"]]);
  expect(pathsOf(value, (_, key) => key === "__proto__", 9)).toEqual([["__proto__"]]);
  expect(pathsOf(value, (member) => typeof member === "number", 1)).toEqual([["a", 0]]);
});

test.each<[json: string, values: number, depth: number]>([
  ["1", 1, 0],
  ["[1,2]", 3, 1],
  ['{"a":{"b":[1,2,3]},"c":4}', 7, 3],
  ['{"[{,":"\\"[{,\\\\"}', 2, 1],
  ['["\\\\",["\\\\\\""]]', 4, 2],
  ['["not closed, [', 2, 1],
])("%s has at most %i values in %i levels", (json, values, depth) => {
  const most = { values: 1000, depth: 1000 };
  expect(measureJson(new TextEncoder().encode(json), most)).toEqual({ values, depth });
});

test("JSON is measured only up to the limits", () => {
  const bytes = new TextEncoder().encode("[[1,2,3,4,5]]");
  expect(measureJson(bytes, { values: 4, depth: 9 }).values).toBe(5);
  expect(measureJson(bytes, { values: 9, depth: 1 }).depth).toBe(2);
});

test("the pointer of a value below a very long key is that of what contains it", () => {
  expect(pointerTo(["pass", "k".repeat(3000), 1])).toBe("/pass");
});
