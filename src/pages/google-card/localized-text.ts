/**
 * Reads texts of Google's resources: a plain text, a LocalizedString in the language of a reader, an amount of money, a balance.
 * Pure. What is not there is an empty text.
 *
 * Follows https://developers.google.com/wallet/reference/rest/v1/LocalizedString and …/Money.
 */
import { isNumber, isObject, toText } from "../../json.ts";

const MICROS = 1_000_000;

/** The text of a member of a class or an object. @param locale BCP 47 */
export function localizedText(value: unknown, locale: string): string {
  if (typeof value === "string" || isNumber(value)) return toText(value);
  if (!isObject(value)) return "";
  if (isObject(value.defaultValue)) return translatedText(value.defaultValue, value.translatedValues, locale);
  if (typeof value.currencyCode === "string") return moneyText(value.micros, value.currencyCode, locale);
  const { balance } = value;
  if (!isObject(balance)) return "";
  const [amount] = [balance.money, balance.string, balance.int, balance.double].filter(
    (each) => each !== undefined,
  );
  return localizedText(amount, locale);
}

/** Members that Google has twice, such as `header` and `localizedHeader`: the translated one counts. */
export function eitherText(resource: Readonly<Record<string, unknown>>, name: string, locale: string) {
  const localized = `localized${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return localizedText(resource[localized], locale) || localizedText(resource[name], locale);
}

/** A text in exactly this language, or else in another of its regions, or else the default one. */
function translatedText(defaultValue: unknown, translations: unknown, locale: string): string {
  const all = [defaultValue, ...(Array.isArray(translations) ? translations : [])].filter(isObject);
  const isFor = (wanted: string) => all.find(({ language }) => language === wanted);
  const [language = ""] = locale.split("-");
  const sameLanguage = all.find((each) => localizedText(each.language, "").split("-")[0] === language);
  return localizedText((isFor(locale) ?? sameLanguage ?? all[0])?.value, locale);
}

function moneyText(micros: unknown, currency: string, locale: string): string {
  const amount = Number(localizedText(micros, locale)) / MICROS;
  if (!/^[A-Z]{3}$/.test(currency) || !Number.isFinite(amount)) return "";
  return new Intl.NumberFormat(locale, { style: "currency", currency }).format(amount);
}
