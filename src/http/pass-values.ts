/**
 * Schemas of the values of a pass that several APIs accept, so that all of them have the same limits.
 */
import * as z from "zod";
import { MAX_CHARACTERS } from "../limits.ts";

/**
 * Apple's web service adds these to the path of a pass, so that `1/personalize` would be the sign-up of pass `1`.
 * Follows Apple's "Return a Personalized Pass"; iOS sends the other one, which Apple does not document.
 */
const ROUTES_OF_A_PASS: ReadonlySet<string | undefined> = new Set(["personalize", "passLifecycleUpdate"]);

/**
 * The serial number of a new pass: Unicode letters and symbols. It may have slashes, and iOS sends them as they are. So each
 * segment must reach the server unchanged (RFC 3986 §6.2.2.3), and the last one must not look like a route.
 */
export const serialNumber = z
  .string()
  .min(1)
  .max(MAX_CHARACTERS.serialNumber)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are refused
  .regex(/^[^\\?#\u0000-\u001f\u007f]+$/, "must not contain \\ ? # or control characters")
  .refine(
    (text) => text === "" || text.split("/").every((segment) => segment !== ""),
    "must not begin or end with a slash, or contain two slashes in a row: servers and proxies remove them from addresses",
  )
  .refine(
    (text) => text.split("/").every((segment) => segment !== "." && segment !== ".."),
    "must not be . or .., also between slashes: phones remove them from addresses",
  )
  .refine(
    (text) => !ROUTES_OF_A_PASS.has(text.split("/").at(-1)),
    "must not end with personalize or passLifecycleUpdate after the last slash: phones send requests to these addresses",
  );

export const barcodeMessage = z.string().max(MAX_CHARACTERS.barcodeMessage);
export const barcodeAltText = z.string().max(MAX_CHARACTERS.barcodeAltText);
