/**
 * All encrypted columns, in one table. Sealing and opening (secrets.ts), resealing (reseal.ts) and the counts of
 * GET /admin/v1/master-secret work on every column of this table and on no other.
 *
 * To add a sealed column: name it in db/sealed.ts, declare it as `text().$type<Sealed<"table.column">>()`, and follow the
 * compiler to this file.
 */
import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import {
  apnsKeys,
  googleIssuers,
  googleTokens,
  personalizations,
  providerTokens,
  signingKeys,
} from "../db/schema.ts";
import type { SealedColumnName } from "../db/sealed.ts";
import { writeJson } from "../json.ts";

/** What identifies a row of each sealed column. A sealed text opens only together with the key of its own row. */
export interface SealedKeys {
  readonly "signing_keys.private_key": {
    readonly passTypeIdentifier: string;
    readonly publicKeyHash: string;
  };
  readonly "apns_keys.private_key": { readonly keyId: string };
  /**
   * The keyId and createdAt of the APNs key that signed the token. A key that replaced it under the same keyId has another
   * createdAt.
   */
  readonly "provider_tokens.token": { readonly keyId: string; readonly createdAt: number };
  readonly "personalizations.info": { readonly passId: number };
  readonly "google_issuers.private_key": { readonly issuerId: string };
  /** The issuer, and the id of its key that got the token. A new key of the issuer has another id. */
  readonly "google_tokens.token": { readonly issuerId: string; readonly privateKeyId: string };
}

interface SealedColumn<Key> {
  readonly table: SQLiteTable;
  readonly column: SQLiteColumn;
  /** Where a SELECT on the table finds the members of the key. */
  readonly key: { readonly [Member in keyof Key]: SQLiteColumn | SQL };
  /**
   * The associated data of AES-GCM: the table, what identifies the row, and the column.
   * Never change it, because stored values could no longer be decrypted.
   */
  associatedData(key: Key): readonly string[];
}

export const SEALED_COLUMNS: { readonly [Name in SealedColumnName]: SealedColumn<SealedKeys[Name]> } = {
  "signing_keys.private_key": {
    table: signingKeys,
    column: signingKeys.privateKey,
    key: { passTypeIdentifier: signingKeys.passTypeIdentifier, publicKeyHash: signingKeys.publicKeyHash },
    associatedData: ({ passTypeIdentifier, publicKeyHash }) => [
      "signing_keys",
      passTypeIdentifier,
      publicKeyHash,
      "private_key",
    ],
  },
  "apns_keys.private_key": {
    table: apnsKeys,
    column: apnsKeys.privateKey,
    key: { keyId: apnsKeys.keyId },
    associatedData: ({ keyId }) => ["apns_keys", keyId, "private_key"],
  },
  "provider_tokens.token": {
    table: providerTokens,
    column: providerTokens.token,
    key: {
      keyId: providerTokens.keyId,
      createdAt: sql`(SELECT created_at FROM apns_keys WHERE apns_keys.key_id = provider_tokens.key_id)`,
    },
    associatedData: ({ keyId, createdAt }) => ["provider_tokens", keyId, "token", String(createdAt)],
  },
  "personalizations.info": {
    table: personalizations,
    column: personalizations.info,
    key: { passId: personalizations.passId },
    associatedData: ({ passId }) => ["personalizations", String(passId), "info"],
  },
  "google_issuers.private_key": {
    table: googleIssuers,
    column: googleIssuers.privateKey,
    key: { issuerId: googleIssuers.issuerId },
    associatedData: ({ issuerId }) => ["google_issuers", issuerId, "private_key"],
  },
  "google_tokens.token": {
    table: googleTokens,
    column: googleTokens.token,
    key: {
      issuerId: googleTokens.issuerId,
      privateKeyId: sql`(SELECT private_key_id FROM google_issuers WHERE google_issuers.issuer_id = google_tokens.issuer_id)`,
    },
    associatedData: ({ issuerId, privateKeyId }) => ["google_tokens", issuerId, "token", privateKeyId],
  },
};

/** SQL: the id of the MASTER_SECRET entry that a text was sealed with. A sealed text begins with it. */
export function sealedBy(column: SQLiteColumn): SQL {
  return sql`substr(${column}, 1, instr(${column}, '.') - 1)`;
}

/** SQL: whether the text was sealed with one of these entries. */
export function sealedByOneOf(column: SQLiteColumn, keyIds: readonly string[]): SQL {
  return sql`${sealedBy(column)} IN (SELECT value FROM json_each(${writeJson(keyIds)}))`;
}
