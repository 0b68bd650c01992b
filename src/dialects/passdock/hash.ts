/**
 * The shape of Passdock's pass hash: what each of its keys may hold, once it is clear that the template knows them all.
 *
 * Follows the parameter tables of Passdock's API reference. What it says twice is taken both ways: latitude "must be a
 * String" and is a number in each example; locations "must be a Hash" and are an array.
 */
import * as z from "zod";
import { barcodeAltText, barcodeMessage, serialNumber } from "../../http/pass-values.ts";
import { type FieldOverride, fieldOverride, overridingValue } from "../../pkpass/schema/schema.ts";

/** Each digit can be read in one way only: else a long number that is none takes the square of its length. */
const NUMBER = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?\s*$/i;

/** The number that a text writes, if that is all it writes. */
export function numberIn(text: string): number | undefined {
  const number = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

const number = z.unknown().transform((given, context) => {
  const number = typeof given === "string" ? numberIn(given) : given;
  if (typeof number === "number" && Number.isFinite(number)) return number;
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
  locations: z.preprocess((given) => (isLoneHash(given) ? [given] : given), z.array(location)).optional(),
  relevantDate: z.string().nullable().optional(),
});
export type Relevance = z.output<typeof relevance>;

const field = z.union([overridingValue.transform((value): FieldOverride => ({ value })), fieldOverride], {
  error:
    "must be a value, or a hash of value, label and changeMessage (at most 4000, 500 and 500 characters)",
});

const common = { redeemed: z.unknown().optional(), bar: bar.optional(), relevance: relevance.optional() };

/** Every key beside those that are named is a field's. */
export const newPassHash = z.object({ ...common, serial_number: serialNumber }).catchall(field);
export const passChangeHash = z.object({ ...common, serial_number: z.string().nullish() }).catchall(field);

/** Nested form keys can write one location only. */
function isLoneHash(given: unknown): boolean {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}
