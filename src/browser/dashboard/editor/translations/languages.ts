/**
 * Languages by name. Pure.
 */
import { LANGUAGE } from "../../../../pkpass/images/names.ts";

const NAMES = new Intl.DisplayNames("en-GB", { type: "language", fallback: "code" });

/** "French", "Portuguese (Brazil)"; what is not a language as it is. */
export function languageName(language: string): string {
  try {
    return NAMES.of(language) ?? language;
  } catch {
    return language;
  }
}

/** The languages that are offered. Another one is typed. */
const COMMON =
  "ar ca cs da de el en en-GB es es-MX fi fr fr-CA he hi hr hu id it ja ko ms nb nl pl pt-BR pt-PT ro ru sk sv th tr uk vi zh-Hans zh-Hant";

/** Sorted by name, without those that are there. */
export function offeredLanguages(present: readonly string[]): readonly (readonly [string, string])[] {
  return COMMON.split(" ")
    .filter((language) => !present.includes(language))
    .map((language) => [language, languageName(language)] as const)
    .sort(([, one], [, other]) => one.localeCompare(other, "en"));
}

/**
 * Reads a language as a person types it: `pt_BR`, `FR`, or `zh-hans`.
 * @returns undefined if iOS knows no such name
 */
export function readLanguage(text: string): string | undefined {
  const [language = "", ...others] = text.trim().replaceAll("_", "-").split("-");
  const name = [language.toLowerCase(), ...others.map(subtag)].join("-");
  return LANGUAGE.test(name) ? name : undefined;
}

/** A region has two letters, and a script four. */
function subtag(text: string): string {
  if (text.length === 4) return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
  return text.length === 2 ? text.toUpperCase() : text;
}
