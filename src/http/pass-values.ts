/**
 * Schemas of the values of a pass that several APIs accept, so that all of them have the same limits.
 */
import * as z from "zod";
import { MAX_CHARACTERS } from "../limits.ts";

/** Unicode letters and symbols, without control characters and characters that end a path segment. */
export const serialNumber = z
  .string()
  .min(1)
  .max(MAX_CHARACTERS.serialNumber)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are refused
  .regex(/^[^/\\?#\u0000-\u001f\u007f]+$/, "must not hold / \\ ? # or control characters")
  // RFC 3986 §6.2.2.3: these segments are removed from the address that a phone requests.
  .refine((text) => text !== "." && text !== "..", "must not be . or ..");

export const barcodeMessage = z.string().max(MAX_CHARACTERS.barcodeMessage);
export const barcodeAltText = z.string().max(MAX_CHARACTERS.barcodeAltText);
