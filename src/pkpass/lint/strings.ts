/**
 * The translations: whether each language has all of them, and whether the phone finds them.
 *
 * Follows Apple's "Creating the source for a pass" (localizations) and "PassFieldContent" (changeMessage).
 */
import { type Finding, pointerOf, warning } from "../finding.ts";
import { LANGUAGE } from "../images/names.ts";
import { nearest } from "./nearest.ts";
import type { View } from "./view.ts";

/** A text that only a translator sees, such as `offer_label`: whoever has no translation reads it on the pass. */
const KEY_LIKE = /^[A-Za-z0-9]+(?:[_.][A-Za-z0-9]+)+$/;
/** Two letters make any shorter word of any other, and "Gate 12" is no slip of "Gate 13". */
const COMPARABLE = /^[^0-9]{6,}$/;
const MOST_NAMED = 3;
/** Slips of the hand are found in short texts. */
const MOST_LENGTH = 60;
/** Keys times texts, over all languages: who sends more has no typo but a program. */
const MOST_PAIRS = 20_000;

export function* stringFindings(view: View): Iterable<Finding> {
  yield* ofLanguageNames(view);
  yield* ofCoverage(view);
  yield* ofDefault(view);
  yield* ofTexts(view);
  for (const [language, strings] of Object.entries(view.subject.strings)) {
    for (const [text, translation] of Object.entries(strings)) {
      if (!text.includes("%@") || translation.includes("%@")) continue;
      yield warning(
        "translation_drops_value",
        pointerOf(["strings", language, text]),
        `The translation into ${language} has no %@: the phone does not say the new value.`,
        "Write %@ where the new value is to stand.",
      );
    }
  }
}

function* ofLanguageNames({ languages, subject, images }: View): Iterable<Finding> {
  // The first image of each.
  const paths = new Map(images.toReversed().map(({ language, path }) => [language, path]));
  for (const language of languages) {
    if (LANGUAGE.test(language)) continue;
    const path = paths.get(language) ?? "";
    const [first = "", ...others] = language.replaceAll("_", "-").split("-");
    const better = [first.toLowerCase(), ...others].join("-");
    yield warning(
      "language_unknown",
      Object.hasOwn(subject.strings, language)
        ? pointerOf(["strings", language])
        : pointerOf(["images", path]),
      `iOS knows no language of the name "${language}".`,
      LANGUAGE.test(better)
        ? `Write "${better}".`
        : 'Write it as iOS does, such as "en", "pt-BR" or "zh-Hans".',
    );
  }
}

function* ofCoverage({ subject: { strings } }: View): Iterable<Finding> {
  const all = new Set(Object.values(strings).flatMap((texts) => Object.keys(texts)));
  for (const [language, texts] of Object.entries(strings)) {
    const missing = all.size - Object.keys(texts).length;
    if (missing === 0) continue;
    // No more of them are looked for: languages times texts is what a stranger may choose.
    const named = [...firstMissing(all, texts)].map(quoted).join(", ");
    yield warning(
      "string_missing",
      pointerOf(["strings", language]),
      `${language} lacks ${missing} of the texts that other languages have: ${named}${missing > MOST_NAMED ? " …" : ""}.`,
      "Translate the same texts into every language.",
    );
  }
}

/** Stops at the last that is named, so that it looks at no more texts than the language has, and those few. */
function* firstMissing(all: ReadonlySet<string>, texts: Readonly<Record<string, string>>): Iterable<string> {
  let left = MOST_NAMED;
  for (const text of all) {
    if (Object.hasOwn(texts, text)) continue;
    yield text;
    left -= 1;
    if (left === 0) return;
  }
}

function* ofDefault({ subject: { strings } }: View): Iterable<Finding> {
  const languages = Object.keys(strings);
  if (languages.some((language) => /^en\b/.test(language))) return;
  const key = Object.values(strings)
    .flatMap((texts) => Object.keys(texts))
    .find((text) => KEY_LIKE.test(text) && /[A-Za-z]/.test(text));
  if (key === undefined) return;
  yield warning(
    "default_language_missing",
    "/strings",
    `Whose phone speaks none of ${languages.join(", ")} may read "${key}" on the pass.`,
    "Write the texts of pass.json as they are to be read, or add en.",
  );
}

/** A text that is nowhere in the pass may be one that a pass brings; so close to an untranslated one, it is a typo. */
function* ofTexts({ pass, subject: { strings, personalization } }: View): Iterable<Finding> {
  const texts = textsIn([pass, personalization]);
  const comparable = [...texts].filter(isComparable);
  let left = MOST_PAIRS;
  for (const [language, translations] of Object.entries(strings)) {
    const unused = Object.keys(translations).filter((text) => !texts.has(text) && isComparable(text));
    left -= unused.length * comparable.length;
    if (left < 0) return;
    if (unused.length === 0) continue;
    const bare = comparable.filter((text) => !Object.hasOwn(translations, text));
    for (const text of unused) {
      const near = nearest(text, bare);
      if (near === undefined) continue;
      yield warning(
        "string_unused",
        pointerOf(["strings", language, text]),
        `No text of the pass is ${quoted(text)}, and ${quoted(near)} has no translation into ${language}.`,
        `Write the key as the text stands in pass.json: ${quoted(near)}.`,
      );
    }
  }
}

function isComparable(text: string): boolean {
  return text.length <= MOST_LENGTH && COMPARABLE.test(text);
}

/** Every text in the JSON, whatever its key. A list instead of recursion: how deep it is, a stranger decides. */
function textsIn(root: unknown): ReadonlySet<string> {
  const texts = new Set<string>();
  const left = [root];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value === "string") texts.add(value);
    else if (typeof value === "object" && value !== null) {
      for (const child of Object.values(value)) if (child !== undefined) left.push(child);
    }
  }
  return texts;
}

const quoted = (text: string) => `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
