/**
 * The texts of a template that phones translate, and their translations in the draft. Pure.
 *
 * The places are those of pkpass/translate.ts. A value that phones format, and a text without letters, need no translation.
 */
import { isExactNumber, isObject, type JsonObject } from "../../../../json.ts";
import { SECTIONS, STYLES } from "../../../../pkpass/styles.ts";
import type { Strings, TemplateDraft } from "../draft/draft.ts";

export interface TranslatedText {
  readonly text: string;
  /** Where it is, such as "Label of POINTS". */
  readonly places: readonly string[];
}

const TEXT_WORDS = {
  logoText: "Text next to the logo",
  organizationName: "Organization",
  description: "Description",
  eventLogoText: "Text of the event logo",
} as const;
const FIELD_WORDS = {
  label: "Label",
  value: "Value",
  attributedValue: "Value with links",
  changeMessage: "Text on the lock screen",
} as const;
/** Other semantic tags are codes, dates and numbers. */
const SEMANTIC_TEXT = /(name|description|text|message)$/i;

/** A web or e-mail address is the same in every language. */
const ADDRESS = /^(https?:\/\/\S+|\S+@\S+\.\S+)$/;

/** Each text once, in the order of the pass, and after them other texts of the pass that have a translation. */
export function translatedTexts({ pass, strings }: Pick<TemplateDraft, "pass" | "strings">) {
  const places = new Map<string, string[]>();
  for (const { text, place } of findTexts(pass)) {
    if (!/\p{L}/u.test(text.replaceAll("%@", "")) || ADDRESS.test(text)) continue;
    const known = places.get(text) ?? [];
    if (!known.includes(place)) known.push(place);
    places.set(text, known);
  }
  const all = everyText(pass);
  for (const text of keysOfStrings(strings))
    if (all.has(text) && !places.has(text)) places.set(text, ["Another text of the pass"]);
  return [...places].map(([text, found]): TranslatedText => ({ text, places: found }));
}

/** The texts with a translation that the template does not have. A single pass may have them. */
export function unusedTexts({
  pass,
  strings,
  personalization,
}: Pick<TemplateDraft, "pass" | "strings" | "personalization">): readonly string[] {
  const all = everyText([pass, personalization]);
  return keysOfStrings(strings).filter((text) => !all.has(text));
}

function keysOfStrings(strings: Strings): readonly string[] {
  return [...new Set(Object.values(strings).flatMap((texts) => Object.keys(texts)))];
}

function* findTexts(pass: JsonObject): Iterable<{ readonly text: string; readonly place: string }> {
  for (const [key, place] of Object.entries(TEXT_WORDS)) {
    const text = pass[key];
    if (typeof text === "string") yield { text, place };
  }
  for (const style of STYLES) {
    const sections = pass[style];
    if (!isObject(sections)) continue;
    for (const section of SECTIONS) for (const field of listed(sections[section])) yield* findInField(field);
  }
  for (const { altText } of listed(pass.barcodes))
    if (typeof altText === "string") yield { text: altText, place: "Text below the barcode" };
  for (const text of semanticTexts(pass.semantics)) yield { text, place: "What the pass says about itself" };
}

function* findInField(field: JsonObject): Iterable<{ readonly text: string; readonly place: string }> {
  const { label, key } = field;
  const name = typeof label === "string" && label !== "" ? label : String(key);
  const isFormatted = ["dateStyle", "timeStyle", "numberStyle", "currencyCode"].some(
    (member) => field[member] !== undefined,
  );
  for (const [member, words] of Object.entries(FIELD_WORDS)) {
    const text = field[member];
    if (typeof text !== "string" || (member === "value" && isFormatted)) continue;
    yield { text, place: member === "label" ? "Label" : `${words} of ${name}` };
  }
}

function semanticTexts(value: unknown, key = ""): readonly string[] {
  if (typeof value === "string") return SEMANTIC_TEXT.test(key) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => semanticTexts(item, key));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => semanticTexts(item, name));
}

const listed = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** Every text, wherever it is. */
function everyText(root: unknown): ReadonlySet<string> {
  const texts = new Set<string>();
  const left = [root];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value === "string") texts.add(value);
    else if (typeof value === "object" && value !== null && !isExactNumber(value))
      for (const child of Object.values(value)) if (child !== undefined) left.push(child);
  }
  return texts;
}

/** Empty if there is none. */
export function translationOf(strings: Strings, language: string, text: string): string {
  const texts = strings[language] ?? {};
  return Object.hasOwn(texts, text) ? (texts[text] ?? "") : "";
}

/** @param translation empty: it has none */
export function withTranslation(
  strings: Strings,
  language: string,
  text: string,
  translation: string,
): Strings {
  const texts = strings[language] ?? {};
  const others = Object.entries(texts).filter(([each]) => each !== text);
  const changed = Object.hasOwn(texts, text)
    ? Object.entries(texts).map(([each, before]) => [each, each === text ? translation : before] as const)
    : [...others, [text, translation] as const];
  return { ...strings, [language]: Object.fromEntries(translation === "" ? others : changed) };
}

export function withLanguage(strings: Strings, language: string): Strings {
  return Object.hasOwn(strings, language) ? strings : { ...strings, [language]: {} };
}

export function withoutLanguage(strings: Strings, language: string): Strings {
  return Object.fromEntries(Object.entries(strings).filter(([each]) => each !== language));
}

/** Removes the text from every language. */
export function withoutText(strings: Strings, text: string): Strings {
  return Object.fromEntries(
    Object.entries(strings).map(([language, texts]) => [
      language,
      Object.fromEntries(Object.entries(texts).filter(([each]) => each !== text)),
    ]),
  );
}

/** How many of the texts have no translation into the language. */
export function missingCount(strings: Strings, language: string, texts: readonly TranslatedText[]): number {
  return texts.filter(({ text }) => translationOf(strings, language, text) === "").length;
}
