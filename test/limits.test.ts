/**
 * The table of limits (src/limits.ts): what they allow together fits into a row of D1.
 */
import { expect, test } from "vitest";
import { MAX_CHARACTERS, MAX_ITEMS, MAX_STORED_BYTES } from "../src/limits.ts";

/** D1's own limit. */
const MAX_ROW_BYTES = 2_000_000;
/** UTF-8 has at most three bytes for each UTF-16 unit. */
const bytes = (characters: number) => 3 * characters;
/** An image has about 200 bytes of facts. */
const IMAGE_FACTS = 250 * MAX_ITEMS.images;
/** Identifiers, names, keys in R2 and numbers. */
const OTHER_COLUMNS = 10_000;

test("the longest template fits into a row", () => {
  const { passJson, strings, personalization, join, google } = MAX_CHARACTERS;
  // `fields` has `"":"text",` and the key for each field, and a field of pass.json has at least `{"key":""},` and the key. A kind
  // with a longer name has a style in pass.json, which is longer still.
  const fields = passJson;
  const texts = bytes(passJson + fields + strings + personalization + join + google);
  expect(texts + IMAGE_FACTS + OTHER_COLUMNS).toBeLessThan(MAX_ROW_BYTES);
});

test("the longest event fits into a row", () => {
  const { eventValues } = MAX_STORED_BYTES;
  expect(eventValues + bytes(MAX_CHARACTERS.passJson) + OTHER_COLUMNS).toBeLessThan(MAX_ROW_BYTES);
});

test("the longest pass fits into a row, also after a change is merged into it", () => {
  const { pass } = MAX_STORED_BYTES;
  expect(pass + IMAGE_FACTS + OTHER_COLUMNS).toBeLessThan(MAX_ROW_BYTES);
  expect(2 * pass).toBeLessThanOrEqual(MAX_ROW_BYTES);
});

test("one value of a pass may be as long as its template", () => {
  expect(MAX_CHARACTERS.fieldText).toBe(MAX_CHARACTERS.passJson);
  expect(bytes(MAX_CHARACTERS.fieldText)).toBeLessThan(MAX_STORED_BYTES.pass);
});
