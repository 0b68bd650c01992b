/**
 * The body of a sign-up: Apple's "Return a Personalized Pass".
 *
 * No error quotes the body: it holds somebody's name and address.
 */
import { ApiError } from "../errors.ts";
import { jsonBody } from "../http/body.ts";
import { isObject } from "../json.ts";
import type { SignUp } from "../passes/personalize.ts";

/**
 * The same certificate signs manifests, in the same way: a holder who sends a manifest as the token would get the
 * signature of a forged pass. A manifest is a JSON object, and has this character in each of JSON's encodings.
 */
const MANIFEST_OPENS_WITH = "{";

/** @throws ApiError malformed_json or invalid_body */
export function parseSignUp(bytes: Uint8Array): SignUp {
  const body = parseQuietly(bytes);
  const { personalizationToken: token, requiredPersonalizationInfo: info } = isObject(body) ? body : {};
  if (typeof token !== "string" || token === "" || !token.isWellFormed())
    throw new ApiError("invalid_body", "personalizationToken must be text.", {
      pointer: "/personalizationToken",
    });
  if (token.includes(MANIFEST_OPENS_WITH))
    throw new ApiError("invalid_body", "Edgepass does not sign a token that could be read as JSON.", {
      pointer: "/personalizationToken",
    });
  if (!isObject(info))
    throw new ApiError("invalid_body", "requiredPersonalizationInfo must be an object.", {
      pointer: "/requiredPersonalizationInfo",
    });
  return { token, info };
}

/** The parser's own message quotes the text around the fault. */
function parseQuietly(bytes: Uint8Array): unknown {
  try {
    return jsonBody(bytes);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(error.code, "The body cannot be read as JSON.");
  }
}
