/**
 * Authenticates clients of other systems, which send the API key in their own ways: as the password of Basic
 * authorization (RFC 7617), or as `api_token` in the query or a form. The setting LEGACY_AUTHORIZATION can disable each
 * way; Bearer always works.
 */
import { auth } from "hono/utils/basic-auth";
import type { Config, LegacyAuthorization } from "../config.ts";
import { type Authentication, authenticateKey, bearerToken } from "../keys/authenticate.ts";
import type { Principal } from "../keys/principal.ts";

export interface Credentials {
  readonly request: Request;
  readonly apiToken?: string | undefined;
}

/**
 * @param way how the clients of this dialect send the key. The other way is not accepted: browsers send a Basic
 *   password automatically, so Basic must not authorize routes that write.
 * @throws ApiError unauthorized
 */
export function authenticateLegacy(
  { request, apiToken }: Credentials,
  way: LegacyAuthorization,
  authentication: Authentication & { readonly config: Pick<Config, "legacyAuthorization"> },
): Promise<Principal> {
  const { legacyAuthorization } = authentication.config;
  const isEnabled = legacyAuthorization.has(way);
  const isBasic = isEnabled && way === "basic";
  // The password of Basic is the key. The user name is ignored.
  const legacyKey = isBasic ? auth(request)?.password : apiToken;
  const authorization = request.headers.get("authorization") ?? undefined;
  const key = bearerToken(authorization) ?? (isEnabled ? legacyKey : undefined);
  const hint = { basic: "as the password of Basic", api_token: "as api_token" }[way];
  const header = `Bearer realm="Edgepass"${isBasic ? ', Basic realm="Edgepass", charset="UTF-8"' : ""}`;
  return authenticateKey(key, authentication, { header, otherWay: isEnabled ? `, or ${hint}` : "" });
}
