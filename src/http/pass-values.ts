/**
 * Schemas of a pass's values that more than one API takes: their limits and characters are the same in each.
 */
import * as z from "zod";
import { MAX_CHARACTERS } from "./limits.ts";

/** Unicode letters and signs, no control characters, and nothing that ends a path segment. */
export const serialNumber = z
  .string()
  .min(1)
  .max(MAX_CHARACTERS.serialNumber)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are refused
  .regex(/^[^/\\?#\u0000-\u001f\u007f]+$/, "must not hold / \\ ? # or control characters")
  // RFC 3986 §6.2.2.3: these segments are removed from the address that a phone requests.
  .refine((text) => text !== "." && text !== "..", "must not be . or ..");

export const barcodeMessage = z.string().max(4000);
export const barcodeAltText = z.string().max(1000);
