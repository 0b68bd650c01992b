/**
 * The tables about objects in R2: which keys are used, and which may be unused. src/objects reads and writes them. The
 * conventions of all tables are in schema.ts.
 */
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * Objects that may be unused: uploads that no row names yet, objects that a row named until now, and folders (`built/{id}/`)
 * of deleted passes. The hourly job deletes those that are still unused after an hour.
 */
export const objects = sqliteTable("objects", {
  /** R2 key. If it ends with "/": everything below it. */
  key: text("key").primaryKey(),
  /** When it was last declared or dropped. */
  since: integer("since").notNull(),
  /** When the hourly job began to delete it; null if it does not. Meanwhile it must not be uploaded. */
  claimedAt: integer("claimed_at"),
});

/** Who uses which object. An image may have several owners, and so may the pack of a template that was copied. */
export const objectUses = sqliteTable(
  "object_uses",
  {
    /** R2 key. */
    key: text("key").notNull(),
    /** `template:{id}` or `pass:{id}`. */
    owner: text("owner").notNull(),
  },
  (t) => [primaryKey({ columns: [t.key, t.owner] }), index("object_uses_owner").on(t.owner)],
);
