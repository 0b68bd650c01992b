/**
 * Loyalty cards.
 *
 * Follows https://developers.google.com/wallet/reference/rest/v1/loyaltyclass and …/loyaltyobject.
 */
import type { Field } from "../pkpass/schema/schema.ts";
import {
  type CardContent,
  cardName,
  fieldWithKey,
  hintedField,
  hintedText,
  localizedField,
  NOTHING,
} from "./card-content.ts";
import { compact, type Draft } from "./compact.ts";
import { defaultText, ifTranslated, localizeText } from "./localized.ts";
import { cardNumberOf, missingLogo, type ObjectContent, type TypeMapping } from "./mapping.ts";
import { balanceOf } from "./money.ts";
import type { ClassTypes, LoyaltyPoints, ObjectTypes } from "./types.ts";

export const loyalty: TypeMapping<"loyalty"> = {
  missing: missingLogo,
  titleKeys: () => [],
  classMembers: loyaltyClass,
  objectMembers: loyaltyObject,
};

function loyaltyClass(content: CardContent): Draft<ClassTypes["loyalty"]> {
  const name = localizeText(content, cardName(content));
  return {
    programName: defaultText(name) ?? NOTHING,
    localizedProgramName: ifTranslated(name),
    programLogo: content.images.logo,
    wideProgramLogo: content.images.wideLogo,
  };
}

function loyaltyObject(content: ObjectContent): Draft<ObjectTypes["loyalty"]> {
  const [points, secondary] = pointsFields(content);
  return {
    accountId: hintedText(content, "accountId") ?? cardNumberOf(content),
    accountName: content.tags.attendeeName ?? hintedText(content, "accountName"),
    loyaltyPoints: toPoints(content, points),
    secondaryLoyaltyPoints: toPoints(content, secondary),
  };
}

/** Without hints: the first header field and the first primary field, as in Google's own converter of passes. */
function pointsFields(content: CardContent): readonly (Field | undefined)[] {
  const hinted = hintedField(content, "points");
  if (hinted !== undefined) return [hinted, hintedField(content, "secondaryPoints")];
  const [header, primary] = [
    fieldWithKey(content, "headerFields", 0),
    fieldWithKey(content, "primaryFields", 0),
  ];
  return header === undefined ? [primary] : [header, hintedField(content, "secondaryPoints") ?? primary];
}

function toPoints(content: CardContent, field: Field | undefined): LoyaltyPoints | undefined {
  const balance = field && balanceOf(field, defaultText(localizedField(content, field)));
  if (field === undefined || balance === undefined) return undefined;
  const label = localizeText(content, field.label);
  return compact<LoyaltyPoints>({
    label: defaultText(label),
    localizedLabel: ifTranslated(label),
    balance,
  });
}
