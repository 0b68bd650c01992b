/**
 * SQL over columns that hold what secrets.ts has sealed: a sealed text begins with the id of its MASTER_SECRET entry.
 */
import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";

/** The id of the entry that a sealed text begins with. */
export function sealedBy(column: SQLiteColumn): SQL {
  return sql`substr(${column}, 1, instr(${column}, '.') - 1)`;
}

/** Whether the text was sealed with one of these entries. */
export function sealedByOneOf(column: SQLiteColumn, keyIds: readonly string[]): SQL {
  return sql`${sealedBy(column)} IN (SELECT value FROM json_each(${JSON.stringify(keyIds)}))`;
}
