/**
 * Rotation of MASTER_SECRET. Values that are sealed under an older entry are sealed again under the newest one. The
 * remaining uses of an older entry are counted, so that the operator knows when the entry may be removed.
 *
 * Passes are only counted: their authenticationToken is derived with the entry that they were issued under, and it is
 * installed on phones.
 */

import { and, count, isNull, ne, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { keys, passes } from "../db/schema.ts";
import type { Sealed, SealedColumnName } from "../db/sealed.ts";
import { writeJson } from "../json.ts";
import { logEvent } from "../log-events.ts";
import { SEALED_COLUMNS, type SealedKeys, sealedBy, sealedByOneOf } from "./sealed-columns.ts";
import type { KeyId, Secrets } from "./secrets.ts";

/** The remaining uses of an entry of MASTER_SECRET that is not the newest. */
export interface OlderEntry {
  readonly keyId: KeyId;
  /**
   * Whether MASTER_SECRET has the entry. If not, the values that need it cannot be used until the entry is restored.
   */
  readonly present: boolean;
  /** How many passes that are not deleted have an authenticationToken derived with it. */
  readonly passes: number;
  /** How many keys, provider tokens and sets of personal data are sealed with it. */
  readonly sealed: number;
  /** How many API keys that were not revoked were made with it, including expired ones. */
  readonly keys: number;
}

interface SealedRow<Name extends SealedColumnName> {
  readonly sealed: Sealed<Name>;
  readonly key: SealedKeys[Name];
}

/**
 * The number of rows of one column in one round. Even the largest rows, personal data, stay far below the two megabytes
 * of a D1 parameter.
 */
const ROUND_LIMIT = 100;
/**
 * The number of rounds of one column in one sweep. The next sweep continues, because there may be thousands of rows of
 * personal data.
 */
const ROUNDS = 10;

/** Every sealed column, in the order of the table. */
const NAMES = Object.keys(SEALED_COLUMNS) as SealedColumnName[];

/**
 * Seals values again that are sealed under an older entry that MASTER_SECRET still has. A row that cannot be decrypted
 * is logged and left unchanged. A row that was replaced at the same time keeps its new text.
 * @returns how many rows were resealed
 */
export async function reseal(db: Database, secrets: Secrets): Promise<number> {
  const older = secrets.keyIds.filter((keyId) => keyId !== secrets.newestKeyId);
  if (older.length === 0) return 0;
  let total = 0;
  for (const name of NAMES) total += await resealColumn(db, secrets, name, older);
  return total;
}

async function resealColumn<Name extends SealedColumnName>(
  db: Database,
  secrets: Secrets,
  name: Name,
  older: readonly KeyId[],
): Promise<number> {
  let total = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const rows = await selectSome(db, name, older);
    const resealed = await Promise.all(rows.map((row) => resealRow(secrets, name, row)));
    const updated = await updateSealed(
      db,
      name,
      resealed.filter((texts) => texts !== undefined),
    );
    total += updated;
    if (updated === 0 || rows.length < ROUND_LIMIT) break;
  }
  return total;
}

/** In random order, so that rows that cannot be decrypted do not prevent the resealing of the others. */
async function selectSome<Name extends SealedColumnName>(
  db: Database,
  name: Name,
  older: readonly KeyId[],
): Promise<SealedRow<Name>[]> {
  const { table, column, key } = SEALED_COLUMNS[name];
  const rows = await db
    .select({ sealed: column, key })
    .from(table)
    .where(sealedByOneOf(column, older))
    .orderBy(sql`random()`)
    .limit(ROUND_LIMIT);
  return rows as SealedRow<Name>[];
}

async function resealRow<Name extends SealedColumnName>(
  secrets: Secrets,
  name: Name,
  { sealed, key }: SealedRow<Name>,
) {
  try {
    const plain = await secrets.open(name, key, sealed);
    return { before: sealed, after: await secrets.seal(name, key, plain) };
  } catch (error) {
    const [table, row] = SEALED_COLUMNS[name].associatedData(key);
    logEvent("reseal_failed", { table, row, error });
    return undefined;
  }
}

/** Updates rows by their old text, so that a row that was replaced in the meantime is not found. @returns how many */
async function updateSealed(
  db: Database,
  name: SealedColumnName,
  resealed: readonly { before: string; after: string }[],
): Promise<number> {
  if (resealed.length === 0) return 0;
  const { table, column } = SEALED_COLUMNS[name];
  const list = writeJson(resealed);
  const after = sql`(SELECT value->>'after' FROM json_each(${list}) WHERE value->>'before' = ${column})`;
  const { meta } = await repeatable(() =>
    db.run(
      sql`UPDATE ${table} SET ${sql.identifier(column.name)} = ${after}
        WHERE ${column} IN (SELECT value->>'before' FROM json_each(${list}))`,
    ),
  );
  return meta.changes;
}

/** Every entry that MASTER_SECRET has or that a stored value needs, except the newest. It reads every pass. */
export async function olderEntries(db: Database, secrets: Secrets): Promise<OlderEntry[]> {
  const { newestKeyId, keyIds } = secrets;
  const countSealed = (name: SealedColumnName) => {
    const { table, column } = SEALED_COLUMNS[name];
    const keyId = sealedBy(column);
    return db
      .select({ keyId: sql<KeyId>`${keyId}`, count: count() })
      .from(table)
      .where(sql`${keyId} <> ${newestKeyId}`)
      .groupBy(keyId);
  };
  const counts = await batchOf(db, {
    passes: db
      .select({ keyId: passes.tokenKeyId, count: count() })
      .from(passes)
      .where(and(isNull(passes.deletedAt), ne(passes.tokenKeyId, newestKeyId)))
      .groupBy(passes.tokenKeyId),
    keys: db
      .select({ keyId: keys.masterKeyId, count: count() })
      .from(keys)
      .where(and(isNull(keys.revokedAt), ne(keys.masterKeyId, newestKeyId)))
      .groupBy(keys.masterKeyId),
    sealed: Object.fromEntries(NAMES.map((name) => [name, countSealed(name)])),
  });
  const sealed = Object.values(counts.sealed).flat();
  const older = new Set([
    ...keyIds,
    ...[...counts.passes, ...counts.keys, ...sealed].map(({ keyId }) => keyId),
  ]);
  older.delete(newestKeyId);
  return [...older].map((keyId) => ({
    keyId,
    present: keyIds.includes(keyId),
    passes: sum(counts.passes, keyId),
    sealed: sum(sealed, keyId),
    keys: sum(counts.keys, keyId),
  }));
}

function sum(counts: readonly { keyId: KeyId; count: number }[], keyId: KeyId): number {
  return counts.reduce((total, row) => (row.keyId === keyId ? total + row.count : total), 0);
}
