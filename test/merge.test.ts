import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { parseJson, writeJson } from "../src/json.ts";
import { mergeLayers, mergePatch } from "../src/merge.ts";

/** The examples of RFC 7396, appendix A, and some of our own: target, patch. */
const EXAMPLES: readonly (readonly [string, string])[] = [
  ['{"a":"b"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}'],
  ['{"a":"b"}', '{"a":null}'],
  ['{"a":"b","b":"c"}', '{"a":null}'],
  ['{"a":["b"]}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}'],
  ['{"a":"foo"}', '"bar"'],
  ['{"e":null}', '{"a":1}'],
  ["[1,2]", '{"a":"b","c":null}'],
  ["{}", '{"a":{"bb":{"ccc":null}}}'],
  ['{"b":1,"a":2}', '{"c":3,"b":4}'],
  ['{"a":{"n":1}}', '{"a":12345678901234567890}'],
  ['{"constructor":{"x":1}}', '{"constructor":{"y":2},"__proto__":{"z":3}}'],
];

test.for(EXAMPLES)("A patch gives the same as in SQLite: %s with %s", ([target, patch]) => {
  const db = new DatabaseSync(":memory:");
  const row = db.prepare("SELECT json_patch(?, ?) AS merged").get(target, patch);
  expect(writeJson(mergePatch(parseJson(target), parseJson(patch)))).toBe(row?.merged);
});

test("A layer overrides the one below it by key, replaces arrays, and keeps null", () => {
  const lower = { nfc: { message: "a", key: "k" }, locations: [1, 2], userInfo: { a: 1 }, n: 1 };
  const upper = { nfc: { message: "b" }, locations: [3], userInfo: { a: null }, n: { x: 1 } };
  expect(mergeLayers(lower, upper)).toEqual({
    nfc: { message: "b", key: "k" },
    locations: [3],
    userInfo: { a: null },
    n: { x: 1 },
  });
});
