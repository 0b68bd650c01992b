/**
 * Schemas of Passdock's pass hash: what each key may contain. Unknown keys were refused earlier (input.ts).
 *
 * Follows the parameter tables of Passdock's API reference. Where the reference contradicts itself, both are accepted:
 * latitude "must be a String", but is a number in each example; locations "must be a Hash", but are an array.
 */
import * as z from "zod";
import { barcodeAltText, barcodeMessage, serialNumber } from "../../http/pass-values.ts";
import { type ExactNumber, isBeyondDoubles, isNumber, isObject, toNumber } from "../../json.ts";
import { MAX_CHARACTERS } from "../../limits.ts";
import { type FieldOverride, fieldOverride, overridingValue } from "../../pkpass/schema/schema.ts";

/** Each digit can match in one way only. Otherwise a long text that is not a number would take quadratic time. */
const NUMBER = /^\s*([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(e[+-]?\d{1,3})?\s*$/i;

/** @returns the number, or undefined if the text is anything else or too long */
export function parseNumber(text: string): number | ExactNumber | undefined {
  const match = NUMBER.exec(text);
  if (match === null || text.length > MAX_CHARACTERS.exactNumber) return undefined;
  // JSON has no plus sign, no leading zeros, and no point without a digit on both sides.
  const [, sign, whole = "0", behindWhole, alone, exponent = ""] = match;
  const fraction = behindWhole || alone;
  const literal = whole.replace(/^0+(?=\d)/, "") + (fraction ? `.${fraction}` : "") + exponent;
  const number = toNumber(sign === "-" ? `-${literal}` : literal);
  return isBeyondDoubles(number) ? undefined : number;
}

const number = z.unknown().transform((value, context) => {
  const number = typeof value === "string" ? parseNumber(value) : value;
  if (isNumber(number)) return number;
  context.addIssue({ code: "custom", message: "must be a number, such as 12.122342" });
  return z.NEVER;
});

const location = z.strictObject({
  latitude: number,
  longitude: number,
  altitude: number.optional(),
  relevantText: z.string().max(4000).optional(),
});

const bar = z.strictObject({ message: barcodeMessage.optional(), altText: barcodeAltText.optional() });

const relevance = z.strictObject({
  // Nested form keys can send one location only, as an object.
  locations: z.preprocess((value) => (isObject(value) ? [value] : value), z.array(location)).optional(),
  relevantDate: z.string().nullable().optional(),
});
export type Relevance = z.output<typeof relevance>;

const field = z.union(
  [overridingValue.transform((value): FieldOverride => ({ value })), fieldOverride.omit({ hidden: true })],
  {
    error: `must be a value, or a hash of value, label and changeMessage (at most ${MAX_CHARACTERS.fieldText} characters each)`,
  },
);

const common = { redeemed: z.unknown().optional(), bar: bar.optional(), relevance: relevance.optional() };

/** All other keys are keys of fields. */
export const newPassHash = z.object({ ...common, serial_number: serialNumber }).catchall(field);
export const passUpdateHash = z.object({ ...common, serial_number: z.string().nullish() }).catchall(field);
