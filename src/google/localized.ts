/**
 * Texts in all languages of a template, as Google's LocalizedString: a default value, and a translation for each language
 * that has another text.
 *
 * Apple's passes have no default language: a text that no pass.strings translates is shown as it is. Google wants to know its
 * language, so the template's `google` part may name it, and it is English otherwise.
 */
import { type Strings, translateText } from "../pkpass/translate.ts";
import { compact } from "./compact.ts";
import type { LocalizedString } from "./types.ts";

export interface Languages {
  /** BCP 47: the language of texts that are not translated. */
  readonly language: string;
  /** Language → text → translation. */
  readonly strings: Readonly<Record<string, Strings>>;
}

export const DEFAULT_LANGUAGE = "en";

/**
 * The text that `write` makes for each language.
 * @returns undefined if there is no text in the default language
 */
export function localize(
  { language, strings }: Languages,
  write: (strings: Strings, locale: string) => string,
): LocalizedString | undefined {
  const own = Object.hasOwn(strings, language) ? (strings[language] ?? {}) : {};
  const value = write(own, language).trim();
  if (value === "") return undefined;
  const translatedValues = Object.entries(strings).flatMap(([name, translations]) => {
    const locale = toLanguageTag(name);
    const text = write(translations, locale).trim();
    return locale === language || text === "" || text === value ? [] : { language: locale, value: text };
  });
  return compact<LocalizedString>({ defaultValue: { language, value }, translatedValues });
}

/** A text of pass.json with its translations. */
export function localizeText(languages: Languages, text: string | undefined): LocalizedString | undefined {
  return text === undefined ? undefined : localize(languages, (strings) => translateText(text, strings));
}

/** The text in the default language, for members that have no translations. */
export function defaultText(localized: LocalizedString | undefined): string | undefined {
  return localized?.defaultValue?.value ?? undefined;
}

/** For members that Google has twice, as a text and with translations: the second is only needed if there are any. */
export function ifTranslated(localized: LocalizedString | undefined): LocalizedString | undefined {
  return localized?.translatedValues === undefined ? undefined : localized;
}

/** The name of a language folder as a BCP 47 tag. */
function toLanguageTag(name: string): string {
  return name.replaceAll("_", "-");
}
