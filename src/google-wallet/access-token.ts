/**
 * The access token of an issuer's service account, shared by all isolates through D1 and replaced by compare-and-swap.
 *
 * A token is valid for an hour, and is replaced five minutes before its end. Google gives out as many as it is asked for, and
 * they do not end each other: so an isolate that loses the compare-and-swap uses its own.
 * Follows https://developers.google.com/identity/protocols/oauth2/service-account (HTTP/REST).
 */
import { eq, sql } from "drizzle-orm";
import { SignJWT } from "jose";
import type { Config } from "../config.ts";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { googleTokens } from "../db/schema.ts";
import { MINUTE_MS } from "../durations.ts";
import { WEBCRYPTO_IMPORT } from "../identities/pem.ts";
import { failed, readTokenAnswer } from "./answers.ts";
import { type IssuerRow, openIssuerKey } from "./issuers.ts";
import type { GoogleFailure } from "./problems.ts";
import { type GoogleFetch, requestGoogle } from "./transport.ts";

/** What calls of Google need. */
export interface GoogleCaller {
  readonly db: Database;
  readonly config: Pick<Config, "secrets" | "google">;
  readonly fetch: GoogleFetch;
  /** Milliseconds. */
  readonly now: number;
}

export interface AccessToken {
  readonly token: string;
  /** Milliseconds. */
  readonly expiresAt: number;
}

export type TokenAnswer =
  | { readonly ok: true; readonly access: AccessToken }
  | ({ readonly ok: false } & GoogleFailure);

const SCOPE = "https://www.googleapis.com/auth/wallet_object.issuer";
/** Not the setting: a proxy does not change whom the assertion is for. */
const AUDIENCE = "https://oauth2.googleapis.com/token";
const ASSERTION_SECONDS = 3600;
const REPLACED_BEFORE_MS = 5 * MINUTE_MS;

/** Cache of the row in D1: one read per isolate and hour. */
const cached = new Map<string, AccessToken>();

/** @param rejected the token that Google has just refused. Another one is used, or got */
export async function accessToken(
  caller: GoogleCaller,
  issuer: IssuerRow,
  rejected?: AccessToken,
): Promise<TokenAnswer> {
  const { db, config, now } = caller;
  const name = `${issuer.issuerId} ${issuer.privateKeyId}`;
  const memo = cached.get(name);
  if (isUsable(memo, rejected, now)) return { ok: true, access: memo };
  const stored = await read(db, config, issuer);
  const { access } = stored;
  const answer: TokenAnswer = isUsable(access, rejected, now)
    ? { ok: true, access }
    : await replace(caller, issuer, stored.expiresAt);
  if (answer.ok) cached.set(name, answer.access);
  return answer;
}

/** Gets a new token, whatever is stored: shows whether the key works now. */
export async function renewAccessToken(caller: GoogleCaller, issuer: IssuerRow): Promise<TokenAnswer> {
  const { expiresAt } = await read(caller.db, caller.config, issuer);
  const answer = await replace(caller, issuer, expiresAt);
  if (answer.ok) cached.set(`${issuer.issuerId} ${issuer.privateKeyId}`, answer.access);
  return answer;
}

function isUsable(
  access: AccessToken | undefined,
  rejected: AccessToken | undefined,
  now: number,
): access is AccessToken {
  if (access === undefined || access.token === rejected?.token) return false;
  return now < access.expiresAt - REPLACED_BEFORE_MS;
}

/** The row in D1. It has no token if it was sealed for another key, or with a secret that was removed. */
interface StoredToken {
  readonly access: AccessToken | undefined;
  readonly expiresAt: number | undefined;
}

async function read(db: Database, config: GoogleCaller["config"], issuer: IssuerRow): Promise<StoredToken> {
  const [row] = await db.select().from(googleTokens).where(eq(googleTokens.issuerId, issuer.issuerId));
  if (row === undefined) return { access: undefined, expiresAt: undefined };
  const { expiresAt } = row;
  const opened = await config.secrets.open("google_tokens.token", issuer, row.token).catch(() => undefined);
  return { access: opened && { token: new TextDecoder().decode(opened), expiresAt }, expiresAt };
}

/** Compare-and-swap: the row is replaced only if it is still the one that was read. It may run twice. */
async function replace(
  { db, config, fetch, now }: GoogleCaller,
  issuer: IssuerRow,
  old: number | undefined,
): Promise<TokenAnswer> {
  const signed = await signWith(config, issuer, (key) =>
    new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: issuer.privateKeyId })
      .setIssuer(issuer.clientEmail)
      .setAudience(AUDIENCE)
      .setIssuedAt(Math.floor(now / 1000))
      .setExpirationTime(Math.floor(now / 1000) + ASSERTION_SECONDS)
      .sign(key),
  );
  if (!signed.ok) return signed;
  const body = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion: signed.text,
  });
  const answer = await requestGoogle(
    fetch,
    `${config.google.token}/token`,
    {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: body.toString(),
    },
    readTokenAnswer,
  );
  if (!answer.ok) return answer;
  const { token, expiresIn } = answer.granted;
  const access = { token, expiresAt: now + expiresIn * 1000 };
  const sealed = await config.secrets.seal("google_tokens.token", issuer, new TextEncoder().encode(token));
  const { expiresAt } = access;
  await repeatable(() =>
    db
      .insert(googleTokens)
      .values({ issuerId: issuer.issuerId, token: sealed, expiresAt })
      .onConflictDoUpdate({
        target: googleTokens.issuerId,
        set: { token: sealed, expiresAt },
        setWhere: sql`${googleTokens.expiresAt} IS ${old ?? null}`,
      }),
  );
  return { ok: true, access };
}

/** Signs with the key of the service account (RS256). */
export async function signWith(
  { secrets }: Pick<Config, "secrets">,
  issuer: IssuerRow,
  sign: (key: CryptoKey) => Promise<string>,
): Promise<{ readonly ok: true; readonly text: string } | ({ readonly ok: false } & GoogleFailure)> {
  const pkcs8 = await openIssuerKey(secrets, issuer).catch(() => undefined);
  if (pkcs8 === undefined)
    return failed("key_unreadable", null, "The key cannot be decrypted: its entry of MASTER_SECRET is gone");
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, WEBCRYPTO_IMPORT.RSA, false, ["sign"]);
  return { ok: true, text: await sign(key) };
}
