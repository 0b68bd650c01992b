/**
 * What `npm run columns` finds in the sources: all tables whose rows are inserted by position, all their columns and all inserts.
 */
import { resolve } from "node:path";
import { getTableColumns, is } from "drizzle-orm";
import { SQLiteTable } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import * as schema from "../../src/db/schema.ts";
import { findColumns, findInserts, findOthers, findTables, readSources } from "./positional-inserts.ts";

const sources = readSources(resolve(import.meta.dirname, "../.."));
const tables = Object.entries(schema).flatMap(([name, table]) =>
  is(table, SQLiteTable) ? [{ name, columns: Object.keys(getTableColumns(table)).toSorted() }] : [],
);
const columnsOf = (table: string) => tables.find(({ name }) => name === table)?.columns ?? expect.fail(table);

/** The columns that two tables share by `...name()`: those that both have, and define nowhere else. */
function columnsOfSpread(name: string): string[] {
  const spreading = findTables(sources).filter((table) =>
    findColumns(sources, table).some((column) => column.isSpread && column.name === name),
  );
  const own = spreading.map((table) => new Set(findColumns(sources, table).map((column) => column.name)));
  const [first = [], ...others] = spreading.map((table, at) =>
    columnsOf(table).filter((column) => !own[at]?.has(column)),
  );
  for (const other of others) expect(other).toEqual(first);
  return first;
}

test("it finds all columns of each table that it moves", () => {
  const found = findTables(sources);
  expect(found).toEqual(expect.arrayContaining(["changes", "passes", "passTags", "requests", "scans"]));
  for (const table of found) {
    const columns = findColumns(sources, table);
    const names = columns.flatMap(({ name, isSpread }) => (isSpread ? columnsOfSpread(name) : [name]));
    expect({ table, names: names.toSorted() }).toEqual({ table, names: columnsOf(table) });
  }
});

test("it finds all values of each insert", () => {
  for (const { file, table, values } of findInserts(sources)) {
    const names = values.map(({ name }) => name).toSorted();
    const spread = values.some(({ isSpread }) => isSpread);
    // Generated columns have no value.
    const expected = spread ? names : columnsOf(table).filter((name) => !name.endsWith("Code"));
    expect({ file, table, names }).toEqual({ file, table, names: expected });
  }
});

test("each insert of a SELECT is made by selectInto", () => {
  expect(findOthers(sources)).toEqual([]);
});
