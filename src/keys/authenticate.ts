/**
 * Authentication of the API: by ADMIN_TOKEN, compared in constant time, or by a key of the table. Neither a wrong token nor a
 * made-up key costs a query (key-text.ts), and a key of the table is read once a minute (known-keys.ts).
 *
 * Clients of other systems send the same keys in other ways (dialects/legacy-keys.ts).
 */
import type { Config } from "../config.ts";
import type { Database } from "../db/client.ts";
import { ApiError, type ErrorCode } from "../errors.ts";
import { parseJson } from "../json.ts";
import { logEvent } from "../log-events.ts";
import { sameSecret } from "../secrets/secrets.ts";
import { readKey } from "./key-text.ts";
import { findKey, type StoredKey, useOf } from "./known-keys.ts";
import { ADMIN, type Principal } from "./principal.ts";

/** What authentication needs of a request. */
export interface Authentication {
  readonly db: Database;
  readonly config: Pick<Config, "adminToken" | "secrets">;
  /** Milliseconds. */
  readonly now: number;
  /** Continues after the response: the time of the use is stored then. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** How a client may send a key, for a refusal. */
export interface Challenge {
  /** The WWW-Authenticate header. */
  readonly header: string;
  /** The other ways besides Authorization: Bearer, as part of a sentence. */
  readonly otherWay: string;
}

const BEARER: Challenge = { header: 'Bearer realm="Edgepass"', otherWay: "" };

/** The key in `Authorization: Bearer …` (RFC 6750 §2.1), or undefined for any other header. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
}

/**
 * @throws ApiError unauthorized, the same for a missing and a wrong key. Only a key that this deployment made is refused as
 *   key_revoked or key_expired
 */
export async function authenticateKey(
  text: string | undefined,
  authentication: Authentication,
  challenge = BEARER,
): Promise<Principal> {
  const { db, config, now, waitUntil } = authentication;
  if (text === undefined || text === "") throw wrongKey(challenge);
  if (await sameSecret(text, config.adminToken)) return ADMIN;
  const read = await readKey(config.secrets, text);
  const key = read && (await findKey(db, read, now));
  if (key === undefined) throw wrongKey(challenge);
  if (key.revokedAt !== null)
    throw unauthorizedKey("key_revoked", "The key was revoked. Use another one.", challenge);
  if (key.expiresAt !== null && key.expiresAt <= now)
    throw unauthorizedKey("key_expired", "The key has expired. Use another one.", challenge);
  const storeUse = useOf(db, key, now);
  if (storeUse !== undefined)
    waitUntil(storeUse().catch((error: unknown) => logEvent("key_use_not_stored", { error })));
  return principalOf(key);
}

/** The actor never changes: scans and the marks of requests compare it. */
function principalOf({ id, name, role, scope, expiresAt }: StoredKey): Principal {
  return {
    actor: `key:${id} ${name}`,
    role,
    scope: scope === null ? undefined : parseJson(scope),
    key: { name, expiresAt },
  };
}

function wrongKey(challenge: Challenge): ApiError {
  const detail = `Send a key such as the ADMIN_TOKEN in the header Authorization: Bearer${challenge.otherWay}.`;
  return unauthorizedKey("unauthorized", detail, challenge);
}

function unauthorizedKey(code: ErrorCode, detail: string, { header }: Challenge): ApiError {
  return new ApiError(code, detail, { headers: { "WWW-Authenticate": header } });
}
