/**
 * The provider token: one JWT for each APNs key, shared by all isolates through D1 and replaced by compare-and-swap.
 *
 * APNs refuses tokens older than an hour, and throttles a team that creates tokens more often than every 20 minutes,
 * even on different machines. So a token is replaced after 50 minutes, never before 20, and an isolate that loses the
 * compare-and-swap uses the winner's token. Follows Apple's "Establishing a token-based connection to APNs".
 */
import { eq, sql } from "drizzle-orm";
import { importPKCS8, SignJWT } from "jose";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { type apnsKeys, providerTokens } from "../db/schema.ts";
import type { Secrets } from "../secrets/secrets.ts";
import { openApnsKey } from "./apns-keys.ts";

export interface ProviderToken {
  readonly token: string;
  /** Milliseconds, whole seconds (the claim `iat`). */
  readonly issuedAt: number;
}

type ApnsKey = typeof apnsKeys.$inferSelect;

const REPLACED_AFTER_MS = 50 * 60_000;
const NEVER_YOUNGER_MS = 20 * 60_000;

/** Cache of the row in D1: one read per isolate, not per message. */
const cached = new Map<string, ProviderToken>();

/**
 * Returns the token to push with.
 * @param rejected the token that APNs has just reported as expired. It is replaced if it is old enough
 */
export async function providerToken(
  db: Database,
  secrets: Secrets,
  key: ApnsKey,
  now: number,
  rejected?: ProviderToken,
): Promise<ProviderToken> {
  const name = `${key.keyId} ${key.createdAt}`; // a key that was replaced under the same id is a different key
  const memo = cached.get(name);
  const usable = memo !== undefined && memo.token !== rejected?.token;
  if (usable && now - memo.issuedAt < REPLACED_AFTER_MS) return memo;
  const stored = await read(db, secrets, key);
  const current = isUsable(stored, rejected, now) ? stored : await replace(db, secrets, key, stored, now);
  cached.set(name, current);
  return current;
}

/** The row in D1. It has no token if the token was sealed for another key, or with a secret that was removed. */
interface StoredToken {
  readonly token: string | undefined;
  readonly issuedAt: number;
}

function isUsable(
  stored: StoredToken | undefined,
  rejected: ProviderToken | undefined,
  now: number,
): stored is ProviderToken {
  if (stored?.token === undefined) return false;
  const lifetime = stored.token === rejected?.token ? NEVER_YOUNGER_MS : REPLACED_AFTER_MS;
  return now - stored.issuedAt < lifetime;
}

async function read(db: Database, secrets: Secrets, key: ApnsKey): Promise<StoredToken | undefined> {
  const [row] = await db.select().from(providerTokens).where(eq(providerTokens.keyId, key.keyId));
  if (row === undefined) return undefined;
  const opened = await secrets.open("provider_tokens.token", key, row.token).catch(() => undefined);
  return { token: opened && new TextDecoder().decode(opened), issuedAt: row.issuedAt };
}

/**
 * Compare-and-swap: the row is replaced only if it is still the one that was read. It may run twice: if the answer of a swap
 * was lost, the next one loses, and the winner's token is this one.
 */
async function replace(
  db: Database,
  secrets: Secrets,
  key: ApnsKey,
  old: StoredToken | undefined,
  now: number,
): Promise<ProviderToken> {
  const issuedAt = Math.floor(now / 1000) * 1000;
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: "ES256", kid: key.keyId })
    .setIssuer(key.teamIdentifier)
    .setIssuedAt(issuedAt / 1000)
    .sign(await importPKCS8(await openApnsKey(secrets, key), "ES256"));
  const sealed = await secrets.seal("provider_tokens.token", key, new TextEncoder().encode(token));
  const swapped = await repeatable(() =>
    db
      .insert(providerTokens)
      .values({ keyId: key.keyId, token: sealed, issuedAt })
      .onConflictDoUpdate({
        target: providerTokens.keyId,
        set: { token: sealed, issuedAt },
        setWhere: sql`${providerTokens.issuedAt} IS ${old?.issuedAt ?? null}`,
      }),
  );
  if (swapped.meta.changes > 0) return { token, issuedAt };
  const winner = await read(db, secrets, key);
  if (winner?.token === undefined) throw new Error("the provider token was replaced by that of another key");
  return { ...winner, token: winner.token };
}
