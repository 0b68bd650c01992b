/**
 * Checks the translations: every language must have all of them, and their keys must match texts of the pass.
 *
 * Follows Apple's "Creating the source for a pass" (localizations) and "PassFieldContent" (changeMessage).
 */
import { isExactNumber, pointerTo } from "../../json.ts";
import { error, type Finding, warning } from "../finding.ts";
import { LANGUAGE } from "../images/names.ts";
import { findNearest } from "./nearest.ts";
import type { View } from "./view.ts";

/** A key for translators, such as `offer_label`. Without a translation, the pass shows the key. */
const KEY_LIKE = /^[A-Za-z0-9]+(?:[_.][A-Za-z0-9]+)+$/;
/** With two edits, any shorter word can become any other, and "Gate 12" is not a misspelling of "Gate 13". */
const COMPARABLE = /^[^0-9]{6,}$/;
const MAX_QUOTED = 3;
/** Misspellings are looked for in short texts only. */
const MAX_LENGTH = 60;
/**
 * The limit for keys times texts, over all languages. It bounds the work. Larger files are made by programs and contain
 * no typing errors.
 */
const MAX_PAIRS = 20_000;

export function* stringFindings(view: View): Iterable<Finding> {
  yield* checkLanguageNames(view);
  yield* checkCoverage(view);
  yield* checkDefaultLanguage(view);
  yield* checkUnusedKeys(view);
  for (const [language, strings] of Object.entries(view.subject.strings)) {
    for (const [text, translation] of Object.entries(strings)) {
      if (!text.includes("%@") || translation.includes("%@")) continue;
      yield warning(
        "translation_without_placeholder",
        pointerTo(["strings", language, text]),
        `The translation into ${language} has no placeholder %@, so the notification does not contain the new value.`,
        "Write %@ where the new value should appear.",
      );
    }
  }
}

function* checkLanguageNames({ languages, subject, images, isFile }: View): Iterable<Finding> {
  // The first image of each language.
  const paths = new Map(images.toReversed().map(({ language, path }) => [language, path]));
  for (const language of languages) {
    if (LANGUAGE.test(language)) continue;
    const path = paths.get(language) ?? "";
    const [first = "", ...others] = language.replaceAll("_", "-").split("-");
    const better = [first.toLowerCase(), ...others].join("-");
    const isInStrings = Object.hasOwn(subject.strings, language);
    // A template with such an image is refused (templates/images.ts). In a file, Wallet ignores it.
    yield (isFile || isInStrings ? warning : error)(
      "language_unknown",
      isInStrings ? pointerTo(["strings", language]) : pointerTo(["images", path]),
      `"${language}" is not a language name that iOS knows.`,
      LANGUAGE.test(better)
        ? `Write "${better}".`
        : 'Use the name that iOS uses, such as "en", "pt-BR" or "zh-Hans".',
    );
  }
}

function* checkCoverage({ subject: { strings } }: View): Iterable<Finding> {
  const all = new Set(Object.values(strings).flatMap((texts) => Object.keys(texts)));
  for (const [language, texts] of Object.entries(strings)) {
    const missing = all.size - Object.keys(texts).length;
    if (missing === 0) continue;
    // It looks for only a few of them, because the author of the file controls the number of languages and texts.
    const named = [...findMissing(all, texts)].map(quote).join(", ");
    yield warning(
      "string_missing",
      pointerTo(["strings", language]),
      `${language} lacks ${missing} ${missing === 1 ? "translation" : "translations"} that other languages have: ${named}${missing > MAX_QUOTED ? " …" : ""}.`,
      "Translate the same texts into every language.",
    );
  }
}

/** Yields the first few and then stops. So it reads at most as many texts as the language has, plus these few. */
function* findMissing(all: ReadonlySet<string>, texts: Readonly<Record<string, string>>): Iterable<string> {
  let left = MAX_QUOTED;
  for (const text of all) {
    if (Object.hasOwn(texts, text)) continue;
    yield text;
    left -= 1;
    if (left === 0) return;
  }
}

function* checkDefaultLanguage({ subject: { strings } }: View): Iterable<Finding> {
  const languages = Object.keys(strings);
  if (languages.some((language) => /^en\b/.test(language))) return;
  const key = Object.values(strings)
    .flatMap((texts) => Object.keys(texts))
    .find((text) => KEY_LIKE.test(text) && /[A-Za-z]/.test(text));
  if (key === undefined) return;
  yield warning(
    "default_language_missing",
    "/strings",
    `Phones in languages other than ${languages.join(", ")} may show "${key}".`,
    "Write readable texts into pass.json instead of keys, or add translations for en.",
  );
}

/**
 * A key that matches no text of the template may match a text of a single pass. But if it is similar to an untranslated
 * text, it is probably misspelled.
 */
function* checkUnusedKeys({ pass, subject: { strings, personalization } }: View): Iterable<Finding> {
  const texts = collectTexts([pass, personalization]);
  const comparable = [...texts].filter(isComparable);
  let left = MAX_PAIRS;
  for (const [language, translations] of Object.entries(strings)) {
    const unused = Object.keys(translations).filter((text) => !texts.has(text) && isComparable(text));
    left -= unused.length * comparable.length;
    if (left < 0) return;
    if (unused.length === 0) continue;
    const untranslated = comparable.filter((text) => !Object.hasOwn(translations, text));
    for (const text of unused) {
      const near = findNearest(text, untranslated);
      if (near === undefined) continue;
      yield warning(
        "string_unused",
        pointerTo(["strings", language, text]),
        `The pass has no text ${quote(text)}, and ${quote(near)} has no translation into ${language}.`,
        `Write the key exactly as the text in pass.json: ${quote(near)}.`,
      );
    }
  }
}

function isComparable(text: string): boolean {
  return text.length <= MAX_LENGTH && COMPARABLE.test(text);
}

/**
 * Every string in the JSON, whatever its key. Without recursion, because the author of the file controls the depth of
 * nesting.
 */
function collectTexts(root: unknown): ReadonlySet<string> {
  const texts = new Set<string>();
  const left = [root];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value === "string") texts.add(value);
    else if (typeof value === "object" && value !== null && !isExactNumber(value)) {
      for (const child of Object.values(value)) if (child !== undefined) left.push(child);
    }
  }
  return texts;
}

const quote = (text: string) => `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
