/**
 * Limits of the linter for very large files: how many findings it reports, and how many names it compares. The tests
 * measure the work by the suggestions that it still makes, never by time.
 */
import { expect, test } from "vitest";
import {
  error,
  type Finding,
  reportFindings,
  truncateFindings,
  warning,
} from "../../../src/pkpass/finding.ts";
import { findFaults, lint } from "../../../src/pkpass/lint/lint.ts";
import { schemaFindings } from "../../../src/pkpass/lint/schema-findings.ts";
import { finishedPass } from "../../../src/pkpass/schema/schema.ts";
import { coupon } from "../samples/cards.ts";
import { flight } from "../samples/flight.ts";
import { subjectOf } from "./subjects.ts";

/** Texts without digits, each of them far from each other. */
const words = (count: number, letter: string) =>
  Array.from({ length: count }, (_, index) =>
    index.toString(2).padStart(14, "0").replaceAll("0", letter).replaceAll("1", "xyz"),
  );
const codesOf = (findings: readonly Finding[]) => findings.map(({ code }) => code);

/** A coupon with as many texts, and languages with as many keys; the first key is a slip of the first text. */
function typos(texts: number, keys: number, languages: string[]) {
  const translations = {
    Conditionss: "x",
    ...Object.fromEntries(words(keys - 1, "abc").map((key) => [key, "x"])),
  };
  return findFaults(
    subjectOf(coupon, "file", {
      "/pass/userInfo": ["Conditions", ...words(texts, "def")],
      "/strings": Object.fromEntries(languages.map((language) => [language, translations])),
    }),
  ).filter(({ code }) => code === "string_unused");
}

test("a misspelled key is reported, up to 20,000 pairs of keys and texts over all languages", () => {
  expect(typos(100, 100, ["en"])).toHaveLength(1);
  expect(typos(100, 60, ["en", "de"])).toHaveLength(2);
  // The second language would be beyond, and so are all after it.
  expect(typos(100, 100, ["en", "de", "fr"])).toHaveLength(1);
});

test("7,000 texts and 7,000 keys are not compared", () => {
  expect(typos(7000, 7000, ["en"])).toEqual([]);
});

test("texts of more than 60 characters are not compared", () => {
  const typo = (text: string) =>
    codesOf(
      lint(
        subjectOf(coupon, "file", {
          "/pass/userInfo": [text],
          "/strings": { en: { [`${text.slice(1)}`]: "x" } },
        }),
      ),
    );
  expect(typo("a".repeat(60))).toContain("string_unused");
  expect(typo("a".repeat(61))).not.toContain("string_unused");
});

test("for each language the first three missing texts are looked up, and all are counted", () => {
  const texts = Object.fromEntries(words(5000, "abc").map((text) => [text, "x"]));
  const looked = new Map<string, number>();
  const counted = (language: string, own: Record<string, string>) =>
    new Proxy(own, {
      getOwnPropertyDescriptor(target, key) {
        looked.set(language, (looked.get(language) ?? 0) + 1);
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
    });
  const subject = subjectOf(flight, "file");
  const found = lint({ ...subject, strings: { en: texts, de: counted("de", {}) } });
  expect(found.find(({ code }) => code === "string_missing")?.message).toContain("lacks 5000 translations");
  expect(looked.get("de")).toBeLessThan(100);
});

test("200,000 unknown keys give one finding, which lists 20 of them and does not claim to have counted all", () => {
  const keys = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`k${index}`, 1]));
  const subject = subjectOf(coupon, "file");
  const found = lint({ ...subject, pass: { ...Object(subject.pass), ...keys } });
  expect(found).toMatchObject([{ code: "unknown_key", pointer: "/pass/k0", severity: "warning" }]);
  expect(found[0]?.pointers).toHaveLength(20);
  expect(found[0]?.message).toMatch(/ The same is true of at least 1999 other places\.$/);
});

test("the schema check reports 2000 of 10,000 invalid fields", () => {
  const broken = { generic: { backFields: Array(10_000).fill(7) } };
  expect(schemaFindings(broken, finishedPass).filter(({ severity }) => severity === "error")).toHaveLength(
    2000,
  );
});

test("the correct key is looked for only for the first 200 unknown keys", () => {
  const keys = Array.from({ length: 200 }, (_, index) => [`own${index}`, 1]);
  const guesses = (count: number) =>
    schemaFindings({ ...Object.fromEntries(keys.slice(0, count)), descripton: "x" }, finishedPass).filter(
      ({ code, message }) => code === "unknown_key" && message.includes("Did you mean"),
    );
  expect(guesses(199)).toHaveLength(1);
  expect(guesses(200)).toHaveLength(0);
});

test("warnings are dropped before errors, and the order is preserved", () => {
  const of = (finding: Finding, name: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...finding, pointer: `/${name}/${index}` }));
  const [light, heavy] = [warning("unknown_key", "", "a", "b"), error("wrong_type", "", "a", "b")];
  const all = [...of(light, "a", 150), ...of(heavy, "b", 100)];
  const [first, ...others] = truncateFindings(all);
  expect(first?.message).toBe("Only the first 200 findings are listed. There are at least 50 more.");
  expect(others).toEqual([...all.slice(0, 100), ...all.slice(150)]);
  expect(truncateFindings(all.slice(50))).toEqual(all.slice(50));
});

test("a report of many different faults is truncated once", () => {
  const all = Array.from({ length: 500 }, (_, index) => warning("unknown_key", `/${1000 + index}`, "a", "b"));
  const found = reportFindings(all);
  expect(found).toHaveLength(201);
  expect(codesOf(found).filter((code) => code === "findings_truncated")).toHaveLength(1);
});

test("arrays of any length are checked: dates and schemes", () => {
  const subject = subjectOf(coupon, "file", {
    "/pass/relevantDates": Array(170_000).fill({}),
    "/pass/preferredStyleSchemes": Array(37_000).fill("eventTicket"),
  });
  const found = lint(subject);
  expect(found.length).toBeLessThan(20);
  expect(found.filter(({ severity }) => severity === "error")).toMatchObject([{ pointer: "/pass" }]);
});
