/**
 * Generic passes: Google's type for all that has no type of its own, and for passes that lack what their type requires. Title,
 * colour and images are members of the object, because its class has none.
 *
 * Follows https://developers.google.com/wallet/reference/rest/v1/genericobject.
 */

import { firstDateOf } from "../pkpass/first-date.ts";
import type { Field } from "../pkpass/schema/schema.ts";
import { translateField } from "../pkpass/translate.ts";
import {
  type CardContent,
  cardName,
  fieldText,
  hintedField,
  localizedField,
  NOTHING,
} from "./card-content.ts";
import { toHexColour } from "./colour.ts";
import type { Draft } from "./compact.ts";
import { toInterval } from "./dates.ts";
import { localize, localizeText } from "./localized.ts";
import type { ObjectContent, TypeMapping } from "./mapping.ts";
import type { LocalizedString, ObjectTypes } from "./types.ts";

export const generic: TypeMapping<"generic"> = {
  missing: () => [],
  titleKeys: (shared) => headerFields(shared).map(({ key }) => key),
  classMembers: () => ({}),
  objectMembers: genericObject,
};

function genericObject(content: ObjectContent): Draft<ObjectTypes["generic"]> {
  const { pass, images } = content;
  const fields = headerFields(content);
  const label = hintedField(content, "subheader");
  const starts = toInterval(firstDateOf(pass), pass.expirationDate)?.start !== undefined;
  return {
    cardTitle: localizeText(content, cardName(content)) ?? localizeText(content, NOTHING),
    header:
      joined(content, fields, (field, locale) => fieldText(field, locale)) ??
      localizeText(content, pass.description) ??
      localizeText(content, NOTHING),
    subheader: localizedField(content, label) ?? joined(content, fields, (field) => field.label ?? ""),
    logo: images.logo,
    wideLogo: images.wideLogo,
    heroImage: images.hero,
    hexBackgroundColor: toHexColour(pass.backgroundColor),
    notifications: starts ? { upcomingNotification: { enableNotification: true } } : undefined,
  };
}

/** The first primary field; of a boarding pass both, which are the two ends of the journey. */
function headerFields(content: CardContent): Field[] {
  const hinted = hintedField(content, "header");
  if (hinted !== undefined) return [hinted];
  const primary = content.pass[content.style]?.primaryFields ?? [];
  return primary.slice(0, content.style === "boardingPass" ? 2 : 1);
}

/** "CPH – LIS" */
function joined(
  content: CardContent,
  fields: readonly Field[],
  write: (field: Field, locale: string) => string,
): LocalizedString | undefined {
  return localize(content, (strings, locale) => {
    const texts = fields.map((field) => write(translateField(field, strings), locale));
    return texts.filter((text) => text !== "").join(" – ");
  });
}
