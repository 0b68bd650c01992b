/**
 * The types that the keys of pass.json are made of: dates, colours, URLs, enumerations. Also the metadata of a key: the
 * iOS version that introduced it, and the key that replaced it.
 *
 * Follows Apple's "Pass" and "PassFieldContent".
 */
import * as z from "zod";
import { COLOUR_SYNTAX } from "../colours.ts";
import { isW3cDate } from "../dates.ts";
import { exactNumber } from "./exact-number.ts";

export { isW3cDate } from "../dates.ts";

export const text = z.string();
export const flag = z.boolean();
export const storeIdentifiers = z.array(exactNumber());
/**
 * https, or also mailto and tel where Apple allows them. Wallet does not draw a button for a URL that it cannot parse,
 * so the linter warns about one.
 */
export const url = z.string().meta({ format: "uri" });

export const date = z
  .string()
  .refine(
    isW3cDate,
    "must be a date with hours, minutes and a time zone, without milliseconds, such as 2026-12-24T18:30+01:00",
  );

/**
 * Apple documents rgb only. Apple's own samples and the passes that Wallet makes also have rgba, with an alpha from 0 to 1.
 * An empty string means that there is none, and the renderer removes it.
 */
export const colour = z
  .string()
  .regex(COLOUR_SYNTAX, "must be a colour such as rgb(60, 30, 10) or rgba(60, 30, 10, 0.5)")
  .refine(
    (text) =>
      text.startsWith("#") || (text.match(/\d+/g) ?? []).slice(0, 3).every((part) => Number(part) <= 255),
    "must be a colour with components from 0 to 255",
  );

/** An optional key that this version of iOS introduced ("18.0"). Keys without a version are as old as Wallet (iOS 6). */
export function since<Schema extends z.ZodType>(version: string, schema: Schema) {
  return schema.optional().meta({ since: version });
}

/** An optional key that another replaced. It still goes into the pass, for older phones. */
export function replaced<Schema extends z.ZodType>(instead: string, schema: Schema) {
  return schema.optional().meta({ deprecated: true, instead });
}

/** An enumeration that Apple extends: any string is valid, and an unknown one causes a warning. */
export function openEnum(known: readonly string[]) {
  return z.string().meta({ known });
}

/** The same schema for each of these keys. */
export function each<const Key extends string, Schema>(keys: readonly Key[], schema: Schema) {
  return Object.fromEntries(keys.map((key) => [key, schema])) as Record<Key, Schema>;
}
