/**
 * The language of a pass's page: what the reader asks for, which translation comes nearest, and in which direction the
 * whole pass is laid out.
 *
 * Follows RFC 9110 (§12.5.4), RFC 4647 (§3.4) and BCP 47.
 */
import { expect, test } from "vitest";
import {
  chooseLanguage,
  directionOf,
  preferredLanguages,
  translatedLanguages,
} from "../../src/pages/language.ts";

test("the languages come in the order of their quality, after the one in the URL", () => {
  expect(preferredLanguages(undefined, "fr-CH, en;q=0.5, de;q=0.9, it;q=0, *;q=0.1")).toEqual([
    "fr-CH",
    "de",
    "en",
  ]);
  expect(preferredLanguages("pt-BR", "en")).toEqual(["pt-BR", "en"]);
  expect(preferredLanguages('"><script>', "e".repeat(50))).toEqual([]);
  expect(preferredLanguages(undefined, undefined)).toEqual([]);
});

test("the nearest translation is chosen, and otherwise the pass stays as it is written", () => {
  const choose = (preferred: string[], ...folders: string[]) => chooseLanguage(preferred, folders);
  expect(choose(["de-CH"], "en", "de")).toEqual({ locale: "de-CH", folder: "de" });
  expect(choose(["de-CH"], "de", "de-CH")).toEqual({ locale: "de-CH", folder: "de-CH" });
  expect(choose(["pt"], "pt-BR")).toEqual({ locale: "pt", folder: "pt-BR" });
  // The second language is better than none.
  expect(choose(["sv", "fr"], "fr")).toEqual({ locale: "fr", folder: "fr" });
  expect(choose(["sv", "fr"], "de")).toEqual({ locale: "sv", folder: undefined });
  expect(choose([], "de")).toEqual({ locale: "en", folder: undefined });
  // Taiwan reads traditional characters, and nobody takes one script for the other.
  expect(choose(["zh-TW"], "zh-Hans", "zh-Hant").folder).toBe("zh-Hant");
  expect(choose(["zh-CN"], "zh-Hant").folder).toBeUndefined();
});

test("the translations are the folders with a pass.strings", () => {
  const paths = [
    "icon.png",
    "fr.lproj/logo.png",
    "de.lproj/pass.strings",
    "pt-BR.lproj/pass.strings",
    "pass.strings",
  ];
  expect(translatedLanguages(paths)).toEqual(["de", "pt-BR"]);
});

test("a pass is laid out in the direction of the reader's language, and of its own texts if they are not translated", () => {
  const direction = (locale: string, folder?: string, ...texts: string[]) =>
    directionOf({ locale, folder }, texts);
  expect(direction("ar-EG", "ar", "Balance")).toBe("rtl");
  expect(direction("he", undefined, "Balance")).toBe("rtl");
  expect(direction("en", "en", "النقاط")).toBe("ltr");
  expect(direction("en", undefined, "بطاقة", "12 النقاط", "VIP")).toBe("rtl");
  expect(direction("en", undefined, "Card", "النقاط")).toBe("ltr");
  expect(direction("en", undefined)).toBe("ltr");
});
