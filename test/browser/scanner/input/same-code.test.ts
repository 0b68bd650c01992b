/**
 * A code in view is one scan, however often it is read.
 */
import { expect, test } from "vitest";
import { createSameCode } from "../../../../src/browser/scanner/input/same-code.ts";

const certain = (text: string) => ({ text, isCertain: true });
const uncertain = (text: string) => ({ text, isCertain: false });

test("a code is reported once while it is in view, also if some frames miss it", () => {
  const sameCode = createSameCode();
  const reported = [0, 30, 900, 2300].map((now) => sameCode.isNew(certain("A"), now));
  expect(reported).toEqual([true, false, false, false]);
});

test("a code that left the view is reported again", () => {
  const sameCode = createSameCode();
  sameCode.isNew(certain("A"), 0);
  expect(sameCode.isNew(certain("A"), 1501)).toBe(true);
});

test("two codes in view in turns are two scans", () => {
  const sameCode = createSameCode();
  const reported = ["A", "B", "A", "B"].map((text, index) => sameCode.isNew(certain(text), index * 100));
  expect(reported).toEqual([true, true, false, false]);
});

test("an uncertain code has to be read twice in a row", () => {
  const sameCode = createSameCode();
  expect(sameCode.isNew(uncertain("A"), 0)).toBe(false);
  expect(sameCode.isNew(uncertain("B"), 30)).toBe(false);
  expect(sameCode.isNew(uncertain("B"), 60)).toBe(true);
  expect(sameCode.isNew(uncertain("B"), 90)).toBe(false);
});

test("two readings of an uncertain code that are far apart confirm nothing", () => {
  const sameCode = createSameCode();
  sameCode.isNew(uncertain("A"), 0);
  expect(sameCode.isNew(uncertain("A"), 800)).toBe(false);
});
