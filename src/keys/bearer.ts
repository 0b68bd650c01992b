/**
 * Who may use the admin API: the holder of ADMIN_TOKEN, compared in constant time. No database is asked.
 */
import { ApiError } from "../errors.ts";
import { sameSecret } from "../secrets.ts";

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
  if (token !== "" && (await sameSecret(token, adminToken))) return { actor: "admin" };
  throw new ApiError("unauthorized", "Send the header Authorization: Bearer, and the ADMIN_TOKEN.", {
    headers: { "WWW-Authenticate": 'Bearer realm="Edgepass"' },
  });
}
