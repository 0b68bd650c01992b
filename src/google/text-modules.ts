/**
 * Text modules: the fields of a pass, each with its label as header and its value as body. Google knows no numbers and dates
 * here, so the values are formatted for each language.
 *
 * Follows https://developers.google.com/wallet/reference/rest/v1/TextModuleData.
 */
import type { Field, TemplatePass } from "../pkpass/schema/schema.ts";
import type { Style } from "../pkpass/styles.ts";
import { cardFields, localizedField, NOTHING } from "./card-content.ts";
import { compact } from "./compact.ts";
import { defaultText, ifTranslated, type Languages, localizeText } from "./localized.ts";
import type { TextModule } from "./types.ts";

/** Google shows so many text modules and so many links of the class, and as many of the object. */
export const MAX_MODULES = 10;

/**
 * Field key → the id of its module. An id has no dots, because a template's paths have dots between their parts. Two keys never
 * have one id. They depend on the template only, so that class and object agree.
 */
export function moduleIds(template: TemplatePass, style: Style): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const { key } of cardFields(template, style)) {
    const wanted = toModuleId(key);
    let id = wanted;
    for (let number = 2; taken.has(id); number += 1) id = `${wanted}_${number}`;
    taken.add(id);
    ids.set(key, id);
  }
  return ids;
}

/** An id that Google accepts. */
export function toModuleId(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/g, "_");
}

/** The module of a field; undefined if its value is empty. */
export function textModule(languages: Languages, id: string, field: Field): TextModule | undefined {
  const body = localizedField(languages, field);
  return body === undefined ? undefined : withHeader(languages, id, field, body);
}

/**
 * The module of a field that the pass hides or empties, although template or event have a value: without it, Google would show
 * that value.
 */
export function emptyModule(languages: Languages, id: string, field: Field): TextModule {
  return withHeader(languages, id, field, { defaultValue: { language: languages.language, value: NOTHING } });
}

function withHeader(
  languages: Languages,
  id: string,
  field: Field,
  body: NonNullable<TextModule["localizedBody"]>,
): TextModule {
  const header = localizeText(languages, field.label);
  // The plain members are shorter, and a link holds little. Google ignores them if the translated ones are there.
  return compact<TextModule>({
    id,
    ...(ifTranslated(header) === undefined ? { header: defaultText(header) } : { localizedHeader: header }),
    ...(ifTranslated(body) === undefined ? { body: defaultText(body) } : { localizedBody: body }),
  });
}
