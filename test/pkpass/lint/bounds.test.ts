/**
 * What the linter does with a file that was made to be large: how many findings it answers, and how many names it
 * compares. The work is seen by what is still guessed, never by a clock.
 */
import { expect, test } from "vitest";
import { cut, error, type Finding, warning } from "../../../src/pkpass/finding.ts";
import { lint } from "../../../src/pkpass/lint/lint.ts";
import { walk } from "../../../src/pkpass/lint/walk.ts";
import { wholePass } from "../../../src/pkpass/schema/schema.ts";
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
  return lint(
    subjectOf(coupon, "file", {
      "/pass/userInfo": ["Conditions", ...words(texts, "def")],
      "/strings": Object.fromEntries(languages.map((language) => [language, translations])),
    }),
  ).filter(({ code }) => code === "string_unused");
}

test("a misspelled key is told, up to 20,000 pairs of a key and a text over all languages", () => {
  expect(typos(100, 100, ["en"])).toHaveLength(1);
  expect(typos(100, 60, ["en", "de"])).toHaveLength(2);
  // The second language would be beyond, and so are all after it.
  expect(typos(100, 100, ["en", "de", "fr"])).toHaveLength(1);
});

test("a file of 7,000 texts and 7,000 keys is compared with nothing", () => {
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

test("of each language the first three missing texts are looked for, and all are counted", () => {
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
  expect(found.find(({ code }) => code === "string_missing")?.message).toContain("lacks 5000 of");
  expect(looked.get("de")).toBeLessThan(100);
});

test("200,000 unknown keys are 200 findings and one that tells of the others", () => {
  const keys = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`k${index}`, 1]));
  const subject = subjectOf(coupon, "file");
  const found = lint({ ...subject, pass: { ...Object(subject.pass), ...keys } });
  expect(found).toHaveLength(201);
  expect(found[0]).toMatchObject({ code: "findings_cut", pointer: "/pass", severity: "warning" });
  expect(found[0]?.message).toBe("There are at least 1800 more findings than these 200.");
});

test("of any number of broken fields, 2000 are told by the walk", () => {
  const broken = { generic: { backFields: Array(10_000).fill(7) } };
  expect(walk(broken, wholePass).filter(({ severity }) => severity === "error")).toHaveLength(2000);
});

test("the meant name is sought for the first 200 unknown keys", () => {
  const keys = Array.from({ length: 200 }, (_, index) => [`own${index}`, 1]);
  const guesses = (count: number) =>
    walk({ ...Object.fromEntries(keys.slice(0, count)), descripton: "x" }, wholePass).filter(
      ({ code, message }) => code === "unknown_key" && message.includes("did you mean"),
    );
  expect(guesses(199)).toHaveLength(1);
  expect(guesses(200)).toHaveLength(0);
});

test("errors stay where warnings have to go, in the order that they had", () => {
  const of = (report: typeof error, name: string, count: number) =>
    Array.from({ length: count }, (_, index) => report("unknown_key", `/${name}/${index}`, "a", "b"));
  const all = [...of(warning, "a", 150), ...of(error, "b", 100)];
  const [first, ...others] = cut(all);
  expect(first?.message).toBe("There are at least 50 more findings than these 200.");
  expect(others).toEqual([...all.slice(0, 100), ...all.slice(150)]);
  expect(cut(all.slice(50))).toEqual(all.slice(50));
});

test("cut twice, it is told once, with the larger number", () => {
  const all = Array.from({ length: 500 }, (_, index) => warning("unknown_key", `/${index}`, "a", "b"));
  const once = cut(all);
  const twice = cut([...once, warning("stray_file", "/files/x", "a", "b")]);
  expect(codesOf(twice).filter((code) => code === "findings_cut")).toHaveLength(1);
  expect(twice[0]).toEqual(once[0]);
  expect(twice).toHaveLength(201);
});

test("lists of any length are judged: dates and schemes", () => {
  const subject = subjectOf(coupon, "file", {
    "/pass/relevantDates": Array(170_000).fill({}),
    "/pass/preferredStyleSchemes": Array(37_000).fill("eventTicket"),
  });
  const found = lint(subject);
  expect(found).toHaveLength(201);
  expect(found.filter(({ severity }) => severity === "error")).toMatchObject([{ pointer: "/pass" }]);
});
