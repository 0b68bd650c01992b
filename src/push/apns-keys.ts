/**
 * APNs authentication keys: the .p8 files of Apple's portal, sealed. A team pushes with its newest key.
 */
import { desc, eq } from "drizzle-orm";
import type { Context } from "../context.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { markIf } from "../db/requests.ts";
import { apnsKeys, passTypes, providerTokens } from "../db/schema.ts";
import { ApiError, ERRORS, type ErrorCode } from "../errors.ts";
import { readPrivateKey } from "../identities/pem.ts";
import { isFromBinaryFile } from "../pkpass/text/control-characters.ts";
import type { Secrets } from "../secrets/secrets.ts";
import { UNREADABLE_KEY } from "./verdict.ts";

export interface ApnsKey {
  readonly keyId: string;
  readonly teamIdentifier: string;
  readonly createdAt: string;
}

type Row = typeof apnsKeys.$inferSelect;

/**
 * Stores the key as its team's newest key, or replaces the one with the same id, and removes its provider token. If it
 * is already the newest key, its provider token stays, since APNs throttles teams that create tokens often. An older
 * key can become the newest again, so an operator corrects a wrong key by sending the right one.
 * @throws ApiError apns_key_malformed, or a code that describes what the file is
 */
export async function storeApnsKey(
  context: Pick<Context, "db" | "config" | "actor" | "now" | "request">,
  input: { keyId: string; teamIdentifier: string; privateKey: string },
): Promise<ApnsKey> {
  const { db, config, now } = context;
  const { secrets } = config;
  const { keyId, teamIdentifier } = input;
  const key = await readPrivateKey(input.privateKey, "/privateKey").catch((error: unknown) => {
    // The cures of these errors are about keys of certificates, so they are replaced.
    if (!(error instanceof ApiError) || error.code === "key_encrypted") throw error;
    throw notAnApnsKey(error.code, input.privateKey);
  });
  if (key.algorithm !== "P-256") throw notAnApnsKey("unsupported_key", input.privateKey);
  const [newest] = await db
    .select()
    .from(apnsKeys)
    .where(eq(apnsKeys.teamIdentifier, teamIdentifier))
    .orderBy(desc(apnsKeys.createdAt))
    .limit(1);
  const mark = markIf(context, keyId);
  if (newest?.keyId === keyId && (await isSameKey(secrets, newest, key.pkcs8))) {
    if (mark !== undefined) await repeatableBatchOf(db, { mark });
    return show(newest);
  }
  const privateKey = await secrets.seal("apns_keys.private_key", { keyId }, key.pkcs8);
  const row = { keyId, teamIdentifier, privateKey, createdAt: now };
  await repeatableBatchOf(db, {
    stored: db.insert(apnsKeys).values(row).onConflictDoUpdate({ target: apnsKeys.keyId, set: row }),
    deleted: db.delete(providerTokens).where(eq(providerTokens.keyId, keyId)),
    mark,
  });
  return show(row);
}

/** @param code of what was sent, as readPrivateKey says it */
function notAnApnsKey(code: ErrorCode, sent: string): ApiError {
  const isOtherKey = code === "unsupported_key";
  const detail = `${isOtherKey ? "This is a private key of another kind" : describeFile(code, sent)}. The APNs key is the AuthKey_….p8 from Apple's portal, which is a P-256 key. Send all of its text.`;
  return new ApiError(isOtherKey ? "apns_key_malformed" : code, detail, { pointer: "/privateKey" });
}

function describeFile(code: ErrorCode, sent: string): string {
  if (code === "key_malformed" && isFromBinaryFile(sent)) return "This is a binary file, not a key";
  return ERRORS[code][1];
}

/** All keys, newest first, without the private keys. */
export async function listApnsKeys(db: Database): Promise<ApnsKey[]> {
  return (await db.select().from(apnsKeys).orderBy(desc(apnsKeys.createdAt))).map(show);
}

/** The key that was just stored. It is never deleted. */
export async function showApnsKey(db: Database, keyId: string): Promise<ApnsKey> {
  const [row] = await db.select().from(apnsKeys).where(eq(apnsKeys.keyId, keyId));
  if (row === undefined) throw new Error("an APNs key that was stored and is gone");
  return show(row);
}

export type FoundKey = NonNullable<Awaited<ReturnType<typeof findApnsKey>>>;

/** The key that a pass type pushes with (its team's newest), and the pass type's state of doubt.ts and failures.ts. */
export async function findApnsKey(db: Database, passTypeIdentifier: string) {
  const [row] = await db
    .select({
      key: apnsKeys,
      provenApns: passTypes.provenApns,
      doubtedAt: passTypes.doubtedAt,
      pushFailedAt: passTypes.pushFailedAt,
    })
    .from(passTypes)
    .innerJoin(apnsKeys, eq(apnsKeys.teamIdentifier, passTypes.teamIdentifier))
    .where(eq(passTypes.passTypeIdentifier, passTypeIdentifier))
    .orderBy(desc(apnsKeys.createdAt))
    .limit(1);
  return row;
}

/** A stored key cannot be decrypted: its entry of MASTER_SECRET was removed or changed. */
export class UnreadableApnsKey extends Error {
  constructor(cause: unknown) {
    super(UNREADABLE_KEY, { cause });
    this.name = "UnreadableApnsKey";
  }
}

/** The private key: PKCS#8 in PEM. @throws UnreadableApnsKey */
export async function openApnsKey(secrets: Secrets, row: Row): Promise<string> {
  const pkcs8 = await secrets.open("apns_keys.private_key", row, row.privateKey).catch((error: unknown) => {
    throw new UnreadableApnsKey(error);
  });
  return `-----BEGIN PRIVATE KEY-----\n${pkcs8.toBase64()}\n-----END PRIVATE KEY-----\n`;
}

async function isSameKey(secrets: Secrets, row: Row, pkcs8: Uint8Array): Promise<boolean> {
  // A key that can no longer be decrypted, because its MASTER_SECRET entry was removed, is sealed again.
  const stored = await secrets.open("apns_keys.private_key", row, row.privateKey).catch(() => undefined);
  return stored?.toBase64() === pkcs8.toBase64();
}

function show(row: Row): ApnsKey {
  return {
    keyId: row.keyId,
    teamIdentifier: row.teamIdentifier,
    createdAt: new Date(row.createdAt).toISOString(),
  };
}
