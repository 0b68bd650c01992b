/**
 * The provider token: one JWT for each APNs key, shared by all isolates through D1 and replaced by compare-and-swap.
 *
 * APNs refuses tokens older than an hour, and throttles a team that mints more often than every 20 minutes, whichever
 * machine does it. So: replaced at 50 minutes, never younger than 20, and who loses the swap takes the winner's.
 * Follows Apple's "Establishing a token-based connection to APNs".
 */
import { eq, sql } from "drizzle-orm";
import { importPKCS8, SignJWT } from "jose";
import type { Database } from "../db/client.ts";
import { type apnsKeys, providerTokens } from "../db/schema.ts";
import type { Secrets } from "../secrets.ts";
import { openApnsKey } from "./apns-keys.ts";

export interface ProviderToken {
  readonly token: string;
  /** Milliseconds, whole seconds (the claim `iat`). */
  readonly issuedAt: number;
}

type ApnsKey = typeof apnsKeys.$inferSelect;

const REPLACED_AFTER_MS = 50 * 60_000;
const NEVER_YOUNGER_MS = 20 * 60_000;

/** Beside the row in D1: one read an isolate, not one a message. */
const remembered = new Map<string, ProviderToken>();

/**
 * The token to push with.
 * @param rejected the token that APNs has just called expired: another one is wanted, if one may be had
 */
export async function providerToken(
  db: Database,
  secrets: Secrets,
  key: ApnsKey,
  now: number,
  rejected?: ProviderToken,
): Promise<ProviderToken> {
  const name = `${key.keyId} ${key.createdAt}`; // a key that was replaced under its id is another key
  const memo = remembered.get(name);
  if (memo !== undefined && memo.token !== rejected?.token && now - memo.issuedAt < REPLACED_AFTER_MS)
    return memo;
  let current = await read(db, secrets, key);
  if (current === undefined || now - current.issuedAt >= lifetime(current, rejected)) {
    current = await replace(db, secrets, key, current, now);
  }
  remembered.set(name, current);
  return current;
}

/** How old this token gets before it is replaced. */
function lifetime(current: ProviderToken, rejected: ProviderToken | undefined): number {
  return current.token === rejected?.token ? NEVER_YOUNGER_MS : REPLACED_AFTER_MS;
}

async function read(db: Database, secrets: Secrets, key: ApnsKey): Promise<ProviderToken | undefined> {
  const [row] = await db.select().from(providerTokens).where(eq(providerTokens.keyId, key.keyId));
  if (row === undefined) return undefined;
  const token = new TextDecoder().decode(await secrets.open(row.token, place(key.keyId)));
  return { token, issuedAt: row.issuedAt };
}

async function replace(
  db: Database,
  secrets: Secrets,
  key: ApnsKey,
  old: ProviderToken | undefined,
  now: number,
): Promise<ProviderToken> {
  const issuedAt = Math.floor(now / 1000) * 1000;
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: "ES256", kid: key.keyId })
    .setIssuer(key.teamIdentifier)
    .setIssuedAt(issuedAt / 1000)
    .sign(await importPKCS8(await openApnsKey(secrets, key), "ES256"));
  const sealed = await secrets.seal(new TextEncoder().encode(token), place(key.keyId));
  const swapped = await db
    .insert(providerTokens)
    .values({ keyId: key.keyId, token: sealed, issuedAt })
    .onConflictDoUpdate({
      target: providerTokens.keyId,
      set: { token: sealed, issuedAt },
      setWhere: sql`${providerTokens.issuedAt} IS ${old?.issuedAt ?? null}`,
    });
  if (swapped.meta.changes > 0) return { token, issuedAt };
  const winner = await read(db, secrets, key);
  if (winner === undefined) throw new Error("the provider token vanished while it was replaced");
  return winner;
}

function place(keyId: string): string[] {
  return ["provider_tokens", keyId, "token"];
}
