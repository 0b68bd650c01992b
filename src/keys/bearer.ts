/**
 * Who may use the admin API: the holder of ADMIN_TOKEN, compared in constant time. No database is asked.
 */
import { ApiError } from "../errors.ts";

export interface Principal {
  /** The name that the audit keeps; never the key. */
  readonly actor: string;
}

/** @throws ApiError unauthorized, the same for a missing and a wrong key */
export async function authenticate(
  authorization: string | undefined,
  adminToken: string,
): Promise<Principal> {
  const [, token = ""] = /^Bearer +(\S+) *$/i.exec(authorization ?? "") ?? [];
  if (token !== "" && (await equal(token, adminToken))) return { actor: "admin" };
  throw new ApiError("unauthorized", "Send the header Authorization: Bearer, and the ADMIN_TOKEN.", {
    headers: { "WWW-Authenticate": 'Bearer realm="Edgepass"' },
  });
}

/** Compares the digests, which have one length, without telling by its time how far two texts agree. */
async function equal(a: string, b: string): Promise<boolean> {
  const digest = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const [first, second] = await Promise.all([digest(a), digest(b)]);
  return crypto.subtle.timingSafeEqual(first, second);
}

/** Constant-time comparison of a capability in an address with the one that was stored. */
export const sameSecret = equal;
