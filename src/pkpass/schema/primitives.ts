/**
 * What the keys of pass.json are made of: dates, colours, addresses, enumerations, and how a key says which iOS brought
 * it and what took its place.
 *
 * Follows Apple's "Pass" and "PassFieldContent", and W3C's NOTE-datetime.
 */
import * as z from "zod";

/** Apple: "W3C date time stamp". Hours and minutes and a time zone are needed; Wallet refuses milliseconds. */
const W3C_DATE = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/;

/** Whether Wallet can read the value as a date: a real one, with hours, minutes and a time zone. */
export function isW3cDate(value: unknown): boolean {
  if (typeof value !== "string" || !W3C_DATE.test(value) || Number.isNaN(Date.parse(value))) return false;
  // Date.parse rolls 30 February over into March, and Wallet refuses it.
  const day = value.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) === day;
}

export const text = z.string();
export const flag = z.boolean();
export const storeIdentifiers = z.array(z.number());
/** An address: https, or mailto and tel where Apple takes them. Wallet draws no button for one that it cannot read. */
export const url = z.string().meta({ format: "uri" });

export const date = z
  .string()
  .refine(
    isW3cDate,
    "must be a date with hours, minutes and a time zone, without milliseconds, such as 2026-12-24T18:30+01:00",
  );

/** Empty is as good as absent: the renderer leaves it out. */
export const colour = z
  .string()
  .regex(
    /^(rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)|#[0-9a-fA-F]{6})?$/,
    "must be a colour such as rgb(60, 30, 10)",
  )
  .refine(
    (text) => text.startsWith("#") || (text.match(/\d+/g) ?? []).every((part) => Number(part) <= 255),
    "must be a colour whose parts are 0 to 255",
  );

/** An optional key that this version of iOS brought ("18.0"); a key that says nothing is as old as Wallet (iOS 6). */
export function since<Schema extends z.ZodType>(version: string, schema: Schema) {
  return schema.optional().meta({ since: version });
}

/** An optional key that another took the place of. Passed on: it is what older phones read. */
export function replaced<Schema extends z.ZodType>(instead: string, schema: Schema) {
  return schema.optional().meta({ deprecated: true, instead });
}

/** An enumeration that Apple extends: any text will do, and one that is not known here is worth a warning. */
export function openEnum(known: readonly string[]) {
  return z.string().meta({ known });
}

/** The same schema under each of these names. */
export function each<const Key extends string, Schema>(keys: readonly Key[], schema: Schema) {
  return Object.fromEntries(keys.map((key) => [key, schema])) as Record<Key, Schema>;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
