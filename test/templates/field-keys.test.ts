/**
 * New keys for the repeated keys of an imported pass: unique, the same for the same file, and found in linear time.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { renameRepeatedKeys } from "../../src/templates/field-keys.ts";

const keysAfter = (keys: readonly string[]) => {
  const { pass, findings } = renameRepeatedKeys({
    generic: { backFields: keys.map((key) => ({ key, value: key })) },
  });
  const fields = (pass.generic as { backFields: { key: string; value: string }[] }).backFields;
  expect(fields.map(({ value }) => value)).toEqual(keys);
  expect(findings).toHaveLength(fields.filter(({ key, value }) => key !== value).length);
  return fields.map(({ key }) => key);
};

test.each([
  [
    ["a", "b"],
    ["a", "b"],
  ],
  [
    ["a", "a", "a"],
    ["a", "a_2", "a_3"],
  ],
  [
    ["a", "a", "a_2"],
    ["a", "a_3", "a_2"],
  ],
  [
    ["x".repeat(200), "x".repeat(200)],
    ["x".repeat(200), `${"x".repeat(198)}_2`],
  ],
  [
    ["a_2", "a_2", "a", "a"],
    ["a_2", "a_2_2", "a", "a_3"],
  ],
  [
    ["", "", "field"],
    ["field_2", "field_3", "field"],
  ],
  [
    ["__proto__", "__proto__", "constructor"],
    ["__proto__", "__proto___2", "constructor"],
  ],
])("the keys %j become %j", (keys, expected) => {
  expect(keysAfter(keys)).toEqual(expected);
});

test("keys are unique afterwards, and the first field of each key keeps it", () => {
  const key = fc.constantFrom("a", "a_2", "a_3", "a_2_2", "", "field", "field_2");
  const property = fc.property(fc.array(key, { maxLength: 12 }), (keys) => {
    const after = keysAfter(keys);
    expect(new Set(after).size).toBe(after.length);
    for (const own of new Set(keys.filter((key) => key !== ""))) expect(after[keys.indexOf(own)]).toBe(own);
    expect(keysAfter(after)).toEqual(after);
  });
  fc.assert(property, { seed: 20_261_129 });
});

test("many equal keys take linear time", () => {
  const generic = { backFields: Array.from({ length: 20_000 }, () => ({ key: "a" })) };
  const startedAt = performance.now();
  expect(renameRepeatedKeys({ generic }).findings.at(-1)?.cure).toContain('"a_20000"');
  expect(performance.now() - startedAt).toBeLessThan(5000); // about 50 ms; 200 million tries take a minute
});
