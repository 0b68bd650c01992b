/**
 * The columns of a table for a LEFT JOIN.
 *
 * Drizzle treats a joined row as missing if its first selected column is null (`mapResultRow` of drizzle-orm). So a
 * column that is never null must come first, wherever it is in schema.ts.
 */
import { getTableColumns } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";

/** @param notNull a column that is never null, such as the primary key */
export function joinedColumns<Table extends SQLiteTable>(
  table: Table,
  notNull: keyof Table["_"]["columns"],
): Table["_"]["columns"] {
  const columns = getTableColumns(table);
  return { [notNull]: columns[notNull], ...columns };
}
