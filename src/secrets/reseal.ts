/**
 * MASTER_SECRET while it rotates: what rests sealed under an older entry is sealed anew under the newest, and what still
 * needs an older entry is counted, so that its owner knows when it may be dropped.
 *
 * Passes are counted and never moved: their authenticationToken is derived with the entry that they were issued under,
 * and phones hold it. It stands in this room since push knows the keys of identities and what devices sent, and neither
 * knows of push.
 */
import { and, count, eq, isNull, ne, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { type Database, loggable } from "../db/client.ts";
import { apnsKeys, passes, personalizations, providerTokens, signingKeys } from "../db/schema.ts";
import { keyPlace } from "../identities/pass-types.ts";
import { place as personalPlace } from "../passes/personal-data.ts";
import { place as apnsKeyPlace } from "../push/apns-keys.ts";
import { place as providerTokenPlace } from "../push/provider-token.ts";
import { sealedBy, sealedByOneOf } from "./sealed-columns.ts";
import type { KeyId, Secrets } from "./secrets.ts";

/** What an entry that is not the newest is still needed for. */
export interface OlderEntry {
  readonly keyId: KeyId;
  /** Whether MASTER_SECRET has it. If not, what needs it is lost until it is put back. */
  readonly present: boolean;
  /** Living passes whose authenticationToken is derived with it. */
  readonly passes: number;
  /** Keys, provider tokens and personal data that are sealed with it. */
  readonly sealed: number;
}

/** Of each table in one round: at most two megabytes, which is what D1 takes as one value. */
const ROUND_LIMIT = 100;
/** In one sweep: personal data may lie here by the thousand. */
const ROUNDS = 10;

/**
 * Seals anew what is sealed under an older entry that is here. What does not open stays as it is, and is logged; so does
 * what was replaced meanwhile. @returns how many rows were sealed anew
 */
export async function reseal(db: Database, secrets: Secrets): Promise<number> {
  const older = secrets.keyIds.filter((keyId) => keyId !== secrets.newestKeyId);
  if (older.length === 0) return 0;
  let total = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const { moved, isMore } = await resealSome(db, secrets, older);
    total += moved;
    if (moved === 0 || !isMore) break;
  }
  return total;
}

async function resealSome(db: Database, secrets: Secrets, older: readonly KeyId[]) {
  const isOlder = (column: SQLiteColumn) => sealedByOneOf(column, older);
  // In any order: rows that do not open must not keep the others from their turn.
  const anyOrder = sql`random()`;
  const [signing, apns, tokens, personal] = await db.batch([
    db.select().from(signingKeys).where(isOlder(signingKeys.privateKey)).orderBy(anyOrder).limit(ROUND_LIMIT),
    db.select().from(apnsKeys).where(isOlder(apnsKeys.privateKey)).orderBy(anyOrder).limit(ROUND_LIMIT),
    db
      .select({ sealed: providerTokens.token, key: apnsKeys })
      .from(providerTokens)
      .innerJoin(apnsKeys, eq(apnsKeys.keyId, providerTokens.keyId))
      .where(isOlder(providerTokens.token))
      .orderBy(anyOrder)
      .limit(ROUND_LIMIT),
    db
      .select()
      .from(personalizations)
      .where(isOlder(personalizations.info))
      .orderBy(anyOrder)
      .limit(ROUND_LIMIT),
  ]);
  const sealedAnew = await Promise.all([
    ...signing.map((key) =>
      anew(secrets, key.privateKey, keyPlace(key.passTypeIdentifier, key.publicKeyHash)),
    ),
    ...apns.map((key) => anew(secrets, key.privateKey, apnsKeyPlace(key.keyId))),
    ...tokens.map(({ sealed, key }) => anew(secrets, sealed, providerTokenPlace(key))),
    ...personal.map(({ info, passId }) => anew(secrets, info, personalPlace(passId))),
  ]);
  const list = JSON.stringify(sealedAnew.filter((row) => row !== undefined));
  if (list === "[]") return { moved: 0, isMore: false };
  // By what was read: a row that was replaced meanwhile holds another text, and keeps it.
  const after = (column: SQLiteColumn) =>
    sql`(SELECT value->>'after' FROM json_each(${list}) WHERE value->>'before' = ${column})`;
  const wasRead = (column: SQLiteColumn) =>
    sql`${column} IN (SELECT value->>'before' FROM json_each(${list}))`;
  const results = await db.batch([
    db
      .update(signingKeys)
      .set({ privateKey: after(signingKeys.privateKey) })
      .where(wasRead(signingKeys.privateKey)),
    db
      .update(apnsKeys)
      .set({ privateKey: after(apnsKeys.privateKey) })
      .where(wasRead(apnsKeys.privateKey)),
    db
      .update(providerTokens)
      .set({ token: after(providerTokens.token) })
      .where(wasRead(providerTokens.token)),
    db
      .update(personalizations)
      .set({ info: after(personalizations.info) })
      .where(wasRead(personalizations.info)),
  ]);
  return {
    moved: results.reduce((sum, { meta }) => sum + meta.changes, 0),
    isMore: [signing, apns, tokens, personal].some(({ length }) => length === ROUND_LIMIT),
  };
}

/** Every entry but the newest that MASTER_SECRET has, or that something needs. It reads every pass. */
export async function olderEntries(db: Database, secrets: Secrets): Promise<OlderEntry[]> {
  const { newestKeyId, keyIds } = secrets;
  const sealedIn = (
    table: typeof signingKeys | typeof apnsKeys | typeof providerTokens | typeof personalizations,
    column: SQLiteColumn,
  ) => {
    const keyId = sealedBy(column);
    return db
      .select({ keyId: sql<KeyId>`${keyId}`, count: count() })
      .from(table)
      .where(sql`${keyId} <> ${newestKeyId}`)
      .groupBy(keyId);
  };
  const [derived, ...sealed] = await db.batch([
    db
      .select({ keyId: passes.tokenKeyId, count: count() })
      .from(passes)
      .where(and(isNull(passes.deletedAt), ne(passes.tokenKeyId, newestKeyId)))
      .groupBy(passes.tokenKeyId),
    sealedIn(signingKeys, signingKeys.privateKey),
    sealedIn(apnsKeys, apnsKeys.privateKey),
    sealedIn(providerTokens, providerTokens.token),
    sealedIn(personalizations, personalizations.info),
  ]);
  const named = new Set([...keyIds, ...[derived, ...sealed].flat().map(({ keyId }) => keyId)]);
  named.delete(newestKeyId);
  const sumOf = (rows: readonly { keyId: KeyId; count: number }[], keyId: KeyId) =>
    rows.reduce((sum, row) => (row.keyId === keyId ? sum + row.count : sum), 0);
  return [...named].map((keyId) => ({
    keyId,
    present: keyIds.includes(keyId),
    passes: sumOf(derived, keyId),
    sealed: sumOf(sealed.flat(), keyId),
  }));
}

async function anew(secrets: Secrets, before: string, place: readonly string[]) {
  try {
    return { before, after: await secrets.seal(await secrets.open(before, place), place) };
  } catch (error) {
    console.error(
      JSON.stringify({
        event: "not_resealed",
        table: place[0],
        row: place[1],
        error: String(loggable(error)),
      }),
    );
    return undefined;
  }
}
