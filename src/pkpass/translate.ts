/**
 * Translates pass.json with the strings of one language, as a phone does: texts for people are keys of pass.strings, and
 * one that is not there stays as it is.
 *
 * Pure. Follows Apple's "Creating the source for a pass" (localizations), "PassFieldContent" and "SemanticTags".
 */
import { isObject } from "../json.ts";
import type { Field, TemplatePass } from "./schema/schema.ts";
import { SECTIONS, STYLES } from "./styles.ts";

export type Strings = Readonly<Record<string, string>>;

const TEXTS = ["description", "organizationName", "logoText", "eventLogoText"] as const;
const FIELD_TEXTS = ["label", "value", "attributedValue", "changeMessage"] as const;

/** A copy of the pass in the language of the strings. */
export function translatePass(pass: TemplatePass, strings: Strings): TemplatePass {
  const translated: TemplatePass = { ...pass };
  for (const key of TEXTS) {
    const text = pass[key];
    if (text !== undefined) translated[key] = translateText(text, strings);
  }
  for (const style of STYLES) {
    const sections = pass[style];
    if (sections === undefined) continue;
    const own = { ...sections };
    for (const section of SECTIONS) {
      const fields = sections[section];
      if (fields !== undefined) own[section] = fields.map((field) => translateField(field, strings));
    }
    Object.assign(translated, { [style]: own });
  }
  if (pass.barcodes !== undefined) {
    translated.barcodes = pass.barcodes.map((barcode) =>
      barcode.altText === undefined
        ? barcode
        : { ...barcode, altText: translateText(barcode.altText, strings) },
    );
  }
  if (pass.semantics !== undefined) {
    Object.assign(translated, { semantics: translateDeep(pass.semantics, strings) });
  }
  return translated;
}

/** A copy of the field in the language of the strings. */
export function translateField(field: Field, strings: Strings): Field {
  const translated: Field = { ...field };
  for (const key of FIELD_TEXTS) {
    const text = field[key];
    if (typeof text === "string") translated[key] = translateText(text, strings);
  }
  return translated;
}

function translateDeep(value: unknown, strings: Strings): unknown {
  if (typeof value === "string") return translateText(value, strings);
  if (Array.isArray(value)) return value.map((item) => translateDeep(item, strings));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, translateDeep(item, strings)]));
}

/** The translation of a text, or the text itself. A key may be any text, such as "constructor". */
export function translateText(text: string, strings: Strings): string {
  return Object.hasOwn(strings, text) ? (strings[text] ?? text) : text;
}
