/**
 * The table of API keys. Times are milliseconds. No row has a key: only a hash of its random part.
 */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Json } from "../json.ts";

/** What a key may do, from the fewest rights to the most (keys/roles.ts). */
export const ROLES = ["scanner", "reader", "issuer", "admin"] as const;

/** The ids of what a key reaches: each of these, and what belongs to it (keys/scope.ts). */
export interface Scope {
  readonly projects: readonly number[];
  readonly events: readonly number[];
  readonly templates: readonly number[];
}

export const keys = sqliteTable("keys", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  /** It never changes, because the change log has it. */
  name: text("name").notNull(),
  role: text("role", { enum: ROLES }).notNull(),
  /** Null: the key reaches everything. */
  scope: text("scope").$type<Json<Scope>>(),
  /** SHA-256 (hex) of the key's random part. */
  hash: text("hash").notNull().unique(),
  /** The entry of MASTER_SECRET that made the key. Without that entry the key is refused. */
  masterKeyId: text("master_key_id").notNull(),
  createdAt: integer("created_at").notNull(),
  expiresAt: integer("expires_at"),
  revokedAt: integer("revoked_at"),
  /** At most an hour older than the last use. */
  lastUsedAt: integer("last_used_at"),
});
