/**
 * Amounts of money and balances. Google counts money in micros: 1,000,000 of them are one unit of any currency, also of one
 * without decimals, such as the yen.
 *
 * Follows https://developers.google.com/wallet/reference/rest/v1/Money.
 */
import { isExactNumber, isNumber, toText } from "../json.ts";
import type { Field } from "../pkpass/schema/schema.ts";
import { compact } from "./compact.ts";
import type { LoyaltyPoints, Money } from "./types.ts";

const AMOUNT = /^(-?)(\d{1,12})(?:\.(\d{1,20}))?$/;
/** Those of fields are checked before. Semantic tags may have any text. */
const CURRENCY = /^[A-Z]{3}$/;
/** Google's `int` has 32 bits. */
const MAX_INT = 2 ** 31 - 1;

/** Money as Google writes it; undefined if the amount is not a decimal number or the currency is no code of ISO 4217. */
export function toMoney(amount: unknown, currencyCode: string | undefined): Money | undefined {
  if (currencyCode === undefined || !CURRENCY.test(currencyCode)) return undefined;
  const micros = toMicros(amount);
  return micros === undefined ? undefined : compact<Money>({ currencyCode, micros });
}

/** The amount of a field with a currency. */
export function moneyOf(field: Field | undefined): Money | undefined {
  return toMoney(field?.value, field?.currencyCode);
}

/** Digits are moved, not multiplied, so that 0.1 is exact. What is smaller than a micro is cut off. */
function toMicros(amount: unknown): string | undefined {
  if (typeof amount !== "string" && !isNumber(amount)) return undefined;
  const [match, sign = "", whole = "", fraction = ""] = AMOUNT.exec(toText(amount)) ?? [];
  if (match === undefined) return undefined;
  const micros = BigInt(whole + fraction.slice(0, 6).padEnd(6, "0"));
  return `${micros === 0n ? "" : sign}${micros}`;
}

/**
 * The balance of loyalty points: exactly one of money, int, double and string.
 * @param text the value as the card shows it, for a value that is not a plain number
 */
export function balanceOf(field: Field, text: string | undefined): LoyaltyPoints["balance"] {
  const { value } = field;
  const money = moneyOf(field);
  if (money !== undefined) return { money };
  const isPlain = field.numberStyle === undefined || field.numberStyle === "PKNumberStyleDecimal";
  if (typeof value !== "number" || isExactNumber(value) || !isPlain)
    return text === undefined ? undefined : { string: text };
  if (!Number.isInteger(value)) return { double: value };
  return Math.abs(value) <= MAX_INT ? { int: value } : { string: String(value) };
}
