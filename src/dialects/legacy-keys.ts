/**
 * The ways in which clients of other systems bring a key: as the password of Basic authorization (RFC 7617), or as
 * `api_token` in the address or a form. Each can be switched off by the setting LEGACY_AUTHORIZATION; Bearer cannot.
 */
import type { Config, LegacyAuthorization } from "../config.ts";
import { bearerToken, holderOf, type Principal } from "../keys/bearer.ts";

export interface Credentials {
  /** The header. */
  readonly authorization: string | undefined;
  readonly apiToken?: string | undefined;
}

/**
 * @param way how this system's clients bring it. One and no other: a browser sends a Basic password by itself, which
 *   must open nothing that writes.
 * @throws ApiError unauthorized
 */
export function authenticateLegacy(
  { authorization, apiToken }: Credentials,
  way: LegacyAuthorization,
  { adminToken, legacyAuthorization }: Pick<Config, "adminToken" | "legacyAuthorization">,
): Promise<Principal> {
  const open = legacyAuthorization.has(way);
  const basic = open && way === "basic";
  const legacy = basic ? basicPassword(authorization) : apiToken;
  const key = bearerToken(authorization) ?? (open ? legacy : undefined);
  const hint = { basic: "as the password of Basic", api_token: "as api_token" }[way];
  const challenges = `Bearer realm="Edgepass"${basic ? ', Basic realm="Edgepass", charset="UTF-8"' : ""}`;
  return holderOf(key, adminToken, challenges, open ? `, or the key ${hint}` : "");
}

/** The key is the password; whatever stands as the user is not looked at. */
function basicPassword(authorization: string | undefined): string | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+=*) *$/i.exec(authorization ?? "") ?? [];
  if (encoded === undefined) return undefined;
  try {
    const pair = new TextDecoder().decode(Uint8Array.fromBase64(encoded));
    return pair.includes(":") ? pair.slice(pair.indexOf(":") + 1) : undefined;
  } catch {
    return undefined;
  }
}
