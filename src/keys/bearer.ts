/**
 * Who may use the API: the holder of ADMIN_TOKEN, compared in constant time. No database is asked.
 *
 * Clients of other systems bring the same key in ways of their own (dialects/legacy-keys.ts).
 */
import { ApiError } from "../errors.ts";
import { sameSecret } from "../secrets/secrets.ts";

export interface Principal {
  /** The name that the audit keeps; never the key. */
  readonly actor: string;
}

/** @throws ApiError unauthorized, the same for a missing and a wrong key */
export async function authenticate(
  authorization: string | undefined,
  adminToken: string,
): Promise<Principal> {
  return holderOf(bearerToken(authorization), adminToken);
}

/** The key in `Authorization: Bearer …` (RFC 6750 §2.1), if that is what it is. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
}

/**
 * Who holds this key.
 * @param challenges what WWW-Authenticate offers to who holds none
 * @param otherWay for the words of the refusal
 * @throws ApiError unauthorized
 */
export async function holderOf(
  key: string | undefined,
  adminToken: string,
  challenges = 'Bearer realm="Edgepass"',
  otherWay = "",
): Promise<Principal> {
  if (key !== undefined && key !== "" && (await sameSecret(key, adminToken))) return { actor: "admin" };
  throw new ApiError(
    "unauthorized",
    `Send the header Authorization: Bearer, and a key such as the ADMIN_TOKEN${otherWay}.`,
    {
      headers: { "WWW-Authenticate": challenges },
    },
  );
}
