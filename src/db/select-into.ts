/**
 * INSERT … SELECT by column name.
 *
 * SQLite matches the expressions of such a SELECT with the columns by position, and Drizzle lists the columns in the
 * order of the schema. So the SELECT is built in the order of the schema too, from values that are named: moving a column
 * in schema.ts changes nothing, and a column without a value does not compile.
 */
import { getTableColumns, isSQLWrapper, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";

/** A value for every column of the table that is not generated. */
export type RowValues<Table extends SQLiteTable> = {
  readonly [Key in keyof Table["$inferInsert"]]-?:
    | Exclude<Table["$inferInsert"][Key], undefined>
    | SQL
    | SQLiteColumn;
};

/** The value of an AUTOINCREMENT id: SQLite chooses it. */
export const AUTOINCREMENT = sql<number>`NULL`;

/**
 * The SELECT that `db.insert(table).select(…)` takes.
 * @param from the rest of the SELECT: `FROM …`, or `WHERE …` alone; nothing for a row of constants
 */
export function selectInto<Table extends SQLiteTable>(
  table: Table,
  values: RowValues<Table>,
  from: SQL = sql``,
): SQL {
  const named: Readonly<Record<string, unknown>> = values;
  const columns = Object.entries(getTableColumns(table)).filter(
    ([, column]) => column.generated === undefined,
  );
  const inOrder = columns.map(([name, column]) => {
    const value = named[name];
    return isSQLWrapper(value) ? sql`${value}` : sql`${sql.param(value, column)}`; // as the column encodes it
  });
  return sql`SELECT ${sql.join(inOrder, sql`, `)} ${from}`;
}

/**
 * The columns of a row as they would be after a write, for a SELECT: each under its name in the schema.
 * @param values the SQL that the write would set them to
 */
export function columnsOf<Row, Name extends keyof Row & string>(
  values: Readonly<Record<Name, SQLWrapper>>,
): { [Column in Name]: SQL.Aliased<Row[Column]> } {
  const columns = Object.entries<SQLWrapper>(values).map(([name, value]) => [name, sql`${value}`.as(name)]);
  return Object.fromEntries(columns) as { [Column in Name]: SQL.Aliased<Row[Column]> };
}
