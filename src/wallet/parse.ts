/**
 * Parses what a device sends to Apple's web service: identifiers in the path, and the body of a registration.
 */
import { ApiError } from "../errors.ts";
import { isObject } from "../json.ts";
import { MAX_CHARACTERS } from "../limits.ts";

/** APNs tokens are hexadecimal; other push services use these characters too. */
const PUSH_TOKEN = /^[A-Za-z0-9:_.-]{1,512}$/;

/** The token in the body of a registration: `{"pushToken": "…"}`. @throws ApiError invalid_body */
export function parsePushToken(body: unknown): string {
  const token = isObject(body) ? body.pushToken : undefined;
  if (typeof token === "string" && PUSH_TOKEN.test(token)) return token;
  throw new ApiError(
    "invalid_body",
    'Send {"pushToken": "…"} with the push token of the device as a string.',
    {
      pointer: "/pushToken",
    },
  );
}

/** A path segment as an identifier: iOS percent-encodes it twice, and the router decodes it once. @throws ApiError invalid_parameter */
export function parseIdentifier(segment: string): string {
  const identifier = decodeAgain(segment);
  if (identifier.length <= MAX_CHARACTERS.pathIdentifier) return identifier;
  throw new ApiError(
    "invalid_parameter",
    `Identifiers may have at most ${MAX_CHARACTERS.pathIdentifier} characters.`,
  );
}

/** Percent-decodes once more. @returns the same text if it is not percent-encoded correctly */
export function decodeAgain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
