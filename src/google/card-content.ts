/**
 * What the mappers read: pass.json of a class (template and event merged) or of an object (the pass merged over them), with
 * what belongs to it.
 *
 * It takes merged passes and imports no schema that runs, so that a page in a browser can map one too.
 */
import type { ShownBarcode } from "../pkpass/build/barcodes.ts";
import { collectSemantics, type Semantics } from "../pkpass/collect-semantics.ts";
import { formatValue } from "../pkpass/format-value.ts";
import type { Field, TemplatePass } from "../pkpass/schema/schema.ts";
import { SECTIONS, type Section, STYLES, type Style } from "../pkpass/styles.ts";
import { translateField } from "../pkpass/translate.ts";
import { compact } from "./compact.ts";
import type { GooglePart } from "./google-part.ts";
import type { Hint, Hints } from "./hints.ts";
import type { CardImages } from "./images.ts";
import { DEFAULT_LANGUAGE, defaultText, type Languages, localize } from "./localized.ts";
import { readLinkMarkup } from "./markup.ts";
import type { LocalizedString } from "./types.ts";

export interface CardContent extends Languages {
  readonly pass: TemplatePass;
  readonly style: Style;
  /** Without blank texts: another place may have the value. */
  readonly tags: Semantics;
  readonly hints: Hints;
  readonly venueAddress: string | undefined;
  readonly images: CardImages;
  readonly barcodes: readonly ShownBarcode[];
}

export function cardContent(
  pass: TemplatePass,
  google: GooglePart,
  strings: Languages["strings"],
  images: CardImages,
): CardContent {
  const style = cardStyle(pass);
  return {
    pass,
    style,
    tags: compact<Semantics | undefined>(collectSemantics(pass, style)) ?? {},
    hints: google.hints ?? {},
    venueAddress: google.venueAddress,
    language: google.language ?? DEFAULT_LANGUAGE,
    strings,
    images,
    // The renderer gives each a message (pkpass/build/barcodes.ts).
    barcodes: (pass.barcodes ?? []).flatMap(({ message, ...barcode }) =>
      message === undefined ? [] : { ...barcode, message },
    ),
  };
}

/** The style whose fields the card shows: the classic one, because every phone shows it. */
function cardStyle(pass: TemplatePass): Style {
  return STYLES.find((style) => pass[style] !== undefined) ?? "generic";
}

export interface CardField {
  readonly key: string;
  readonly section: Section;
  readonly field: Field;
}

/** The fields of the style, each key once. */
export function cardFields(pass: TemplatePass, style: Style): readonly CardField[] {
  const fields = new Map<string, CardField>();
  for (const section of SECTIONS) {
    for (const field of pass[style]?.[section] ?? []) {
      const { key } = field;
      if (!fields.has(key)) fields.set(key, { key, section, field });
    }
  }
  return [...fields.values()];
}

/** The field that a hint names, if the pass shows it. */
export function hintedField({ pass, style, hints }: CardContent, hint: Hint): Field | undefined {
  const key = hints[hint];
  return key === undefined ? undefined : cardFields(pass, style).find((each) => each.key === key)?.field;
}

/** The text of the field that a hint names. */
export function hintedText(content: CardContent, hint: Hint): string | undefined {
  return defaultText(hintedTexts(content, hint));
}

/** The same in all languages. */
export function hintedTexts(content: CardContent, hint: Hint): LocalizedString | undefined {
  return localizedField(content, hintedField(content, hint));
}

export function fieldWithKey(
  { pass, style }: CardContent,
  section: Section,
  index: number,
): Field | undefined {
  return pass[style]?.[section]?.[index];
}

/** The value of a field as the card shows it, in all languages; undefined if it is empty. */
export function localizedField(languages: Languages, field: Field | undefined): LocalizedString | undefined {
  if (field === undefined) return undefined;
  return localize(languages, (strings, locale) => fieldText(translateField(field, strings), locale));
}

/** The value of a translated field, without the markup of its links. */
export function fieldText(field: Field, locale: string): string {
  const text = formatValue(field, locale);
  return field.attributedValue === undefined ? text : readLinkMarkup(text).text;
}

/** What the card calls itself: the text beside its logo, or else the organization. */
export function cardName({ pass }: CardContent): string {
  return pass.logoText?.trim() || pass.organizationName;
}

/** What Google requires and the pass does not have. A reader of the card sees that there is nothing. */
export const NOTHING = "–";
