/**
 * The texts of a card in a language, and its fields as a list for people who do not see the picture. Pure.
 */
import { toFacts } from "../../../pages/card/fields.tsx";
import { looksOf } from "../../../pages/card/looks.ts";
import { directionOf } from "../../../pages/language.ts";
import type { TemplatePass } from "../../../pkpass/schema/schema.ts";
import { SECTIONS, type Section } from "../../../pkpass/styles.ts";
import { translatePass } from "../../../pkpass/translate.ts";
import { type DraftImages, slotsIn } from "./choose-images.ts";
import { drawablePass } from "./drawable-pass.ts";

type Strings = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface FieldText {
  readonly section: Section;
  /** The key of the field, which another field may have too. */
  readonly key: string;
  /** Empty: it has none. */
  readonly label: string;
  readonly value: string;
}

/** The texts of pass.json in a language, ready to be drawn. */
export function translatedPass(
  json: Parameters<typeof drawablePass>[0],
  strings: Strings | undefined,
  language: string | undefined,
): TemplatePass {
  const pass = drawablePass(json);
  const own = language !== undefined && strings !== undefined && Object.hasOwn(strings, language);
  return own ? translatePass(pass, strings[language] ?? {}) : pass;
}

/** All fields of the newest style, in the order of the card, front before back. @param locale BCP 47 */
export function fieldTexts(pass: TemplatePass, images: DraftImages, locale: string): FieldText[] {
  const [{ style }] = looksOf(pass, slotsIn(images));
  return SECTIONS.flatMap((section) => {
    const fields = pass[style]?.[section] ?? [];
    return toFacts(fields, locale).map(({ label, value }, index) => ({
      ...{ section, key: fields[index]?.key ?? "", label, value },
    }));
  });
}

/** The direction of the whole card. */
export function cardDirection(pass: TemplatePass, locale: string, language: string | undefined) {
  const labels = looksOf(pass, new Set()).flatMap(({ style }) =>
    SECTIONS.flatMap((section) => (pass[style]?.[section] ?? []).map(({ label = "" }) => label)),
  );
  const texts = [pass.description, pass.organizationName, pass.logoText ?? "", ...labels];
  return directionOf({ locale, folder: language }, texts);
}
