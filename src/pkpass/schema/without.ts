/**
 * `without` of a pass or an event: the keys of pass.json that it removes from its own part and from the layers below. This
 * is part of Edgepass's API, not of pass.json.
 */
import * as z from "zod";
import { MAX_CHARACTERS } from "../../limits.ts";
import { RESERVED_KEYS } from "./checks.ts";
import { STYLES } from "./fields.ts";

const MAX_KEYS = 100;

/** No key of pass.json has a quotation mark, so SQL can find a key with its quotation marks in the JSON (passes/status.ts). */
const KEY = new RegExp(`^[^"\\\\\\p{Cc}]{1,${MAX_CHARACTERS.withoutKey}}$`, "u");

const FIXED_KEYS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(RESERVED_KEYS).map((key) => [key, "Edgepass sets it in each pass"])),
  ...Object.fromEntries(
    STYLES.map((style) => [style, "a pass needs it. To hide a field, send hidden: true in values"]),
  ),
  formatVersion: "Wallet requires it",
  description: "Wallet requires it",
  organizationName: "Wallet requires it",
};

const key = z
  .string()
  .regex(KEY, "must be a key of pass.json, such as locations")
  .refine((name) => !Object.hasOwn(FIXED_KEYS, name), {
    error: ({ input }) => `cannot remove ${String(input)}: ${FIXED_KEYS[String(input)]}`,
  });

/** Each key once. */
export const withoutKeys = z.array(key).max(MAX_KEYS).transform(normalize);

/** "barcodes" means both keys of barcodes (build/barcodes.ts). */
function normalize(keys: readonly string[]): readonly string[] {
  return [...new Set(keys.map((name) => (name === "barcode" ? "barcodes" : name)))];
}
