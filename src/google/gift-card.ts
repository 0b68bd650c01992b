/**
 * Gift cards. A store card is one only if its template says so.
 *
 * Follows https://developers.google.com/wallet/reference/rest/v1/giftcardclass and …/giftcardobject.
 */
import { type CardContent, cardFields, cardName, hintedField, hintedText } from "./card-content.ts";
import type { Draft } from "./compact.ts";
import { defaultText, ifTranslated, localizeText } from "./localized.ts";
import { cardNumberOf, missingLogo, type ObjectContent, type TypeMapping } from "./mapping.ts";
import { moneyOf, toMoney } from "./money.ts";
import type { ClassTypes, Money, ObjectTypes } from "./types.ts";

export const giftCard: TypeMapping<"giftCard"> = {
  missing: missingLogo,
  titleKeys: () => [],
  classMembers: giftCardClass,
  objectMembers: giftCardObject,
};

function giftCardClass(content: CardContent): Draft<ClassTypes["giftCard"]> {
  const name = localizeText(content, cardName(content));
  return {
    merchantName: defaultText(name),
    localizedMerchantName: ifTranslated(name),
    programLogo: content.images.logo,
    wideProgramLogo: content.images.wideLogo,
    allowBarcodeRedemption: true,
  };
}

function giftCardObject(content: ObjectContent): Draft<ObjectTypes["giftCard"]> {
  return {
    cardNumber: hintedText(content, "cardNumber") ?? cardNumberOf(content),
    pin: hintedText(content, "pin"),
    balance: cardBalance(content),
  };
}

/** The semantic tag, the hinted field, or the first field with a currency. */
function cardBalance(content: CardContent): Money | undefined {
  const { balance } = content.tags;
  const tagged = toMoney(balance?.amount, balance?.currencyCode);
  const named = tagged ?? moneyOf(hintedField(content, "balance"));
  if (named !== undefined) return named;
  const withCurrency = cardFields(content.pass, content.style).find(
    ({ field }) => moneyOf(field) !== undefined,
  );
  return moneyOf(withCurrency?.field);
}
