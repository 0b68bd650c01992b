/**
 * The columns of a table for a LEFT JOIN.
 *
 * Drizzle treats a joined row as missing if its first selected column is null (`mapResultRow` of drizzle-orm). So a
 * column that is never null must come first, wherever it is in schema.ts.
 */
import { getTableColumns } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";

/** The names of the columns that are NOT NULL. */
type NotNull<Columns extends SQLiteTable["_"]["columns"]> = {
  [Name in keyof Columns]: Columns[Name]["_"]["notNull"] extends true ? Name : never;
}[keyof Columns];

/** @param notNull a column that is NOT NULL, such as the primary key */
export function joinedColumns<Table extends SQLiteTable>(
  table: Table,
  notNull: NotNull<Table["_"]["columns"]>,
): Table["_"]["columns"] {
  const columns = getTableColumns(table);
  return { [notNull]: columns[notNull], ...columns };
}
