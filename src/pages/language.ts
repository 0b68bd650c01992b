/**
 * The language of a page: what the reader prefers, and which of the pass's translations comes nearest.
 *
 * Dates and numbers are in the reader's own language, as on a phone, and texts in the nearest one that the pass has.
 * Pure. Follows RFC 9110 (§12.5.4, Accept-Language), RFC 4647 (§3.4, lookup) and BCP 47.
 */
import { LANGUAGE } from "../pkpass/images/names.ts";
import { readStrings } from "../pkpass/strings.ts";
import type { Strings } from "../pkpass/translate.ts";

export type Direction = "ltr" | "rtl";

interface PageLanguage {
  /** BCP 47: for dates, numbers and the words that Wallet itself writes. */
  readonly locale: string;
  /** The folder of the pass's translations without `.lproj`; undefined if the reader gets the texts of pass.json. */
  readonly folder: string | undefined;
}

/** A longer header is cut: browsers send a dozen languages at most. */
const MAX_HEADER = 1000;
const TAG = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}$/;

/**
 * The languages that a reader prefers, the best first.
 * @param asked the query parameter `lang`, which comes before the header
 */
export function preferredLanguages(asked: string | undefined, acceptLanguage: string | undefined): string[] {
  const ranked = (acceptLanguage ?? "")
    .slice(0, MAX_HEADER)
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.split(";");
      const quality = parameters
        .map((parameter) => /^\s*q=([\d.]{1,5})\s*$/i.exec(parameter)?.[1])
        .find(Boolean);
      return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
  return [asked ?? "", ...ranked].filter(isLanguageTag);
}

/** Whether a text is written as BCP 47 has it. It is then safe in an address. */
export function isLanguageTag(text: string): boolean {
  return TAG.test(text);
}

/** Chooses among the folders of a pass. */
export function chooseLanguage(preferred: readonly string[], folders: Iterable<string>): PageLanguage {
  const known = new Map([...folders].map((folder) => [folder.toLowerCase(), folder]));
  for (const tag of preferred) {
    const folder = findFolder(tag, known);
    if (folder !== undefined) return { locale: tag, folder };
  }
  return { locale: preferred[0] ?? "en", folder: undefined };
}

/** The same language, then shorter tags, then another region of it: `de-CH`, `de`, `de-AT`. */
function findFolder(tag: string, known: ReadonlyMap<string, string>): string | undefined {
  const parts = spelled(tag).split("-");
  for (let length = parts.length; length > 0; length--) {
    const folder = known.get(parts.slice(0, length).join("-"));
    if (folder !== undefined) return folder;
  }
  const [language = ""] = parts;
  // A Chinese script is another writing, and not another region.
  if (language === "zh") return undefined;
  return [...known].find(([folder]) => folder.startsWith(`${language}-`))?.[1];
}

/** The tag in lower case, and for Chinese with the script that Apple's folders have. */
function spelled(tag: string): string {
  const lower = tag.toLowerCase();
  if (!lower.startsWith("zh") || /hans|hant/.test(lower)) return lower;
  return /-(tw|hk|mo)\b/.test(lower) ? "zh-hant" : "zh-hans";
}

/** The languages that have texts: `fr` of `fr.lproj/pass.strings`. */
export function translatedLanguages(paths: Iterable<string>): string[] {
  return [...paths].flatMap((path) => {
    const [folder = "", name] = path.split(".lproj/");
    return name === "pass.strings" && LANGUAGE.test(folder) ? folder : [];
  });
}

/** The translations in a folder; none if it has no pass.strings that can be read. */
export function stringsOf(files: ReadonlyMap<string, Uint8Array>, folder: string | undefined): Strings {
  const bytes = folder === undefined ? undefined : files.get(`${folder}.lproj/pass.strings`);
  const read = bytes === undefined ? undefined : readStrings(bytes);
  return read?.outcome === "strings" ? read.strings : {};
}

const RIGHT_TO_LEFT = new Set("ar arc ckb dv fa ha-arab he iw ks ku-arab ps sd syr ug ur yi".split(" "));
/** Letters of Hebrew, Arabic, Syriac, Thaana and N'Ko, with their presentation forms. */
const RTL_LETTER = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const LETTER = /\p{L}/u;

/**
 * The direction in which the whole pass is laid out: that of the reader's language. Texts that nobody translated decide
 * for themselves if the reader's language is written from left to right: most readers of an Arabic pass read Arabic.
 */
export function directionOf({ locale, folder }: PageLanguage, texts: readonly string[]): Direction {
  if (writingDirection(folder ?? locale) === "rtl") return "rtl";
  if (folder !== undefined) return "ltr";
  const firsts = texts.flatMap((text) => LETTER.exec(text)?.[0] ?? []);
  const rightward = firsts.filter((letter) => RTL_LETTER.test(letter)).length;
  return rightward > firsts.length / 2 ? "rtl" : "ltr";
}

/** The direction in which a language is written. @param tag BCP 47 */
export function writingDirection(tag: string): Direction {
  const [language = "", script = ""] = tag.toLowerCase().split("-");
  const isRightToLeft = RIGHT_TO_LEFT.has(language) || RIGHT_TO_LEFT.has(`${language}-${script}`);
  return isRightToLeft ? "rtl" : "ltr";
}

/** The language of a tag, without its script and region, in lower case. */
export function primaryLanguage(tag: string): string {
  return tag.toLowerCase().split("-")[0] ?? "";
}
