/**
 * Offers: Apple's coupons. All that Google shows of an offer is in its class.
 *
 * Follows https://developers.google.com/wallet/reference/rest/v1/offerclass.
 */
import { fieldKind } from "../pkpass/field-kind.ts";
import { formatValue } from "../pkpass/format-value.ts";
import { translateText } from "../pkpass/translate.ts";
import {
  type CardContent,
  fieldWithKey,
  hintedField,
  hintedTexts,
  localizedField,
  NOTHING,
} from "./card-content.ts";
import type { Draft } from "./compact.ts";
import { defaultText, ifTranslated, localize, localizeText } from "./localized.ts";
import type { TypeMapping } from "./mapping.ts";
import type { ClassTypes, LocalizedString } from "./types.ts";

export const offer: TypeMapping<"offer"> = {
  missing: () => [],
  titleKeys: (shared) => {
    const field = titleField(shared);
    return field === undefined || localizedField(shared, field) === undefined ? [] : [field.key];
  },
  classMembers: offerClass,
  objectMembers: () => ({}),
};

function offerClass(content: CardContent): Draft<ClassTypes["offer"]> {
  const { pass, images } = content;
  const title = offerTitle(content) ?? localizeText(content, pass.description);
  const provider = localizeText(content, pass.organizationName);
  const [details, finePrint] = [hintedTexts(content, "details"), hintedTexts(content, "finePrint")];
  return {
    title: defaultText(title) ?? NOTHING,
    localizedTitle: ifTranslated(title),
    provider: defaultText(provider) ?? NOTHING,
    localizedProvider: ifTranslated(provider),
    redemptionChannel: "BOTH",
    titleImage: images.logo,
    wideTitleImage: images.wideLogo,
    details: defaultText(details),
    localizedDetails: ifTranslated(details),
    finePrint: defaultText(finePrint),
    localizedFinePrint: ifTranslated(finePrint),
  };
}

function titleField(content: CardContent) {
  return hintedField(content, "title") ?? fieldWithKey(content, "primaryFields", 0);
}

/** A number says little without its label: "20% off any cake". */
function offerTitle(content: CardContent): LocalizedString | undefined {
  const field = titleField(content);
  if (field === undefined) return undefined;
  const texts = localizedField(content, field);
  if (texts === undefined || fieldKind(field) !== "number") return texts;
  return localize(content, (strings, locale) =>
    [formatValue(field, locale), translateText(field.label ?? "", strings)].join(" "),
  );
}
