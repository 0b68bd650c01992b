/**
 * Parses the body of a rewards sign-up. No error quotes the body: it holds a person's name and address.
 *
 * Follows Apple's "Return a Personalized Pass".
 */
import { ApiError } from "../errors.ts";
import { jsonBody } from "../http/body.ts";
import { isObject } from "../json.ts";
import type { SignUp } from "../passes/personalize.ts";

/**
 * The certificate that signs the token also signs manifests, in the same way. So a holder who sends a manifest as the
 * token would get a signature for a forged pass. A manifest is a JSON object, so it contains this character in every
 * encoding.
 */
const OBJECT_START = "{";

/** @throws ApiError malformed_json or invalid_body */
export function parseSignUp(bytes: Uint8Array): SignUp {
  const body = parseWithoutQuoting(bytes);
  const { personalizationToken: token, requiredPersonalizationInfo: info } = isObject(body) ? body : {};
  if (typeof token !== "string" || token === "" || !token.isWellFormed())
    throw new ApiError("invalid_body", "personalizationToken must be a string that is not empty.", {
      pointer: "/personalizationToken",
    });
  if (token.includes(OBJECT_START))
    throw new ApiError(
      "invalid_body",
      "personalizationToken must not contain {, so that nobody can get a signature for a forged manifest.",
      {
        pointer: "/personalizationToken",
      },
    );
  if (!isObject(info))
    throw new ApiError("invalid_body", "requiredPersonalizationInfo must be an object.", {
      pointer: "/requiredPersonalizationInfo",
    });
  return { token, info };
}

/** The message of the JSON parser would quote the text around the fault; this error does not. */
function parseWithoutQuoting(bytes: Uint8Array): unknown {
  try {
    return jsonBody(bytes);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(error.code, "The body is not valid JSON.");
  }
}
