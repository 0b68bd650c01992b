/**
 * Authentication of the API: the key is ADMIN_TOKEN, compared in constant time, without a database query.
 *
 * Clients of other systems send the same key in other ways (dialects/legacy-keys.ts).
 */
import { ApiError } from "../errors.ts";
import { sameSecret } from "../secrets/secrets.ts";
import { ADMIN, type Principal } from "./principal.ts";

/** Checks the Authorization header. @throws ApiError unauthorized, the same for a missing and a wrong key */
export async function authenticate(
  authorization: string | undefined,
  adminToken: string,
): Promise<Principal> {
  return authenticateKey(bearerToken(authorization), adminToken);
}

/** The key in `Authorization: Bearer …` (RFC 6750 §2.1), or undefined for any other header. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
}

/**
 * Checks a key.
 * @param challenges the WWW-Authenticate header of a refusal
 * @param otherWay other ways to send the key, for the text of a refusal
 * @throws ApiError unauthorized
 */
export async function authenticateKey(
  key: string | undefined,
  adminToken: string,
  challenges = 'Bearer realm="Edgepass"',
  otherWay = "",
): Promise<Principal> {
  if (key !== undefined && key !== "" && (await sameSecret(key, adminToken))) return ADMIN;
  throw new ApiError(
    "unauthorized",
    `Send a key such as the ADMIN_TOKEN in the header Authorization: Bearer${otherWay}.`,
    {
      headers: { "WWW-Authenticate": challenges },
    },
  );
}
