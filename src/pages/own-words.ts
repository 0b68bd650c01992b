/**
 * The languages of the words that pages write themselves: English and those below. The compiler demands every word in each.
 * Pure.
 */
import { type Direction, primaryLanguage, writingDirection } from "./language.ts";

type TranslatedLanguage = "ar" | "de" | "es" | "fr";

/** Language → the same words as in English. */
export type Translations<Words> = Readonly<Record<TranslatedLanguage, Words>>;

/** The attributes of an element whose text is one of the words. */
export interface Marks {
  readonly lang: string;
  readonly dir: Direction;
}

export interface LanguageWords<Words> {
  readonly words: Words;
  readonly marks: Marks;
}

/** The words in the first of these languages that has some, or else in English. @param languages BCP 47, the best first */
export function chooseWords<Words>(
  english: Words,
  translations: Translations<Words>,
  languages: readonly string[],
): LanguageWords<Words> {
  const known = new Map<string, Words>([["en", english], ...Object.entries<Words>(translations)]);
  for (const tag of languages) {
    const lang = primaryLanguage(tag);
    const words = known.get(lang);
    if (words !== undefined) return { words, marks: { lang, dir: writingDirection(lang) } };
  }
  return { words: english, marks: { lang: "en", dir: "ltr" } };
}
