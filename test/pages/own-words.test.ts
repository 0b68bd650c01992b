/**
 * The words that pages write themselves. The compiler demands each word in each language; this is what it cannot see.
 */
import { expect, test } from "vitest";
import { linkWordsOf } from "../../src/pages/card/link-words.ts";
import { joinWordsIn } from "../../src/pages/join/join-words.ts";
import { noticesIn } from "../../src/pages/notice-words.ts";
import { chooseWords } from "../../src/pages/own-words.ts";
import { passPageWordsOf } from "../../src/pages/pass-page-words.ts";

/** Path of a text → the text. */
function textsOf(words: unknown, path = ""): [path: string, text: string][] {
  if (typeof words === "string") return [[path, words]];
  return Object.entries(Object(words)).flatMap(([key, value]) => textsOf(value, `${path}/${key}`));
}
const gaps = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test.each([
  ["the page of a pass", (language: string) => passPageWordsOf(language).words],
  ["links", linkWordsOf],
  ["join pages", (language: string) => joinWordsIn([language]).words],
  ["pages without a pass", (language: string) => noticesIn([language]).words],
])("no text of %s is empty, and each names the same values in every language", (_, wordsOf) => {
  const english = textsOf(wordsOf("en"));
  expect(english.length).toBeGreaterThan(15);
  for (const language of ["ar", "de", "es", "fr"]) {
    const texts = new Map(textsOf(wordsOf(language)));
    for (const [path, text] of english) {
      const own = texts.get(path) ?? "";
      expect([language, path, gaps(own)]).toEqual([language, path, gaps(text)]);
      expect([language, path, own.trim()]).not.toEqual([language, path, ""]);
    }
    expect(texts.size).toBe(english.length);
  }
});

test("the words are in the first language that has some, or else in English", () => {
  const others = { ar: "ar", de: "de", es: "es", fr: "fr" };
  const choose = (...languages: string[]) => chooseWords("en", others, languages);
  expect(choose("sv", "DE-at", "fr")).toEqual({ words: "de", marks: { lang: "de", dir: "ltr" } });
  expect(choose("ar").marks).toEqual({ lang: "ar", dir: "rtl" });
  expect(choose("sv", "en-GB", "de").words).toBe("en");
  for (const tag of ["constructor", "sv", ""]) expect(choose(tag).words).toBe("en");
});
