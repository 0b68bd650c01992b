/**
 * Asks D1 whether it has the tables and columns of schema.ts: they are missing until the migrations have been applied.
 */
import { getTableColumns, is, sql } from "drizzle-orm";
import { SQLiteTable } from "drizzle-orm/sqlite-core";
import { batchOf } from "./batch.ts";
import type { Database } from "./client.ts";
import * as schema from "./schema.ts";

const TABLES = Object.entries(schema).flatMap(([name, value]) =>
  is(value, SQLiteTable) ? [[name, value] as const] : [],
);

/**
 * Names every column of every table, and reads no row.
 *
 * Each column is named with its table. Otherwise SQLite takes the quoted name of a missing column for a text, and the
 * statement succeeds.
 * @returns the size of the database in bytes
 * @throws an error that `missingPart` knows (missing-tables.ts), if a migration is missing
 */
export async function probeTables(db: Database): Promise<number> {
  const statements = TABLES.map(([name, table]) => {
    const columns = sql.join(Object.values(getTableColumns(table)), sql`, `);
    return [name, db.run(sql`SELECT ${columns} FROM ${table} LIMIT 0`)] as const;
  });
  const results = await batchOf(db, Object.fromEntries(statements));
  return Math.max(...Object.values(results).map(({ meta }) => meta.size_after));
}
