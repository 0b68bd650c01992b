/**
 * The table of executed requests with an Idempotency-Key. requests.ts writes and reads it. The conventions of all tables are in
 * schema.ts.
 */
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** One row for each accepted request with a key, for a day. It contains neither the body nor the answer. */
export const requests = sqliteTable(
  "requests",
  {
    actor: text("actor").notNull(),
    key: text("key").notNull(),
    /** SHA-256 of method, path, query and body. */
    bodyHash: text("body_hash").notNull(),
    /** The id of what the request wrote: enough for its route to show it again. */
    targetId: text("target_id").notNull(),
    /** The HTTP status of the first answer. */
    status: integer("status").notNull(),
    at: integer("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.actor, t.key] })],
);
