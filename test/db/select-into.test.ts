/**
 * INSERT … SELECT by column name (src/db/select-into.ts), on D1: each value gets into the column that has its name, whatever
 * the order of the values and of the table's columns.
 */
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { beforeEach, expect, test } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { AUTOINCREMENT, selectInto } from "../../src/db/select-into.ts";

const db = openDatabase(env.DB);

const columns = {
  id: integer("id").primaryKey({ autoIncrement: true }),
  name: text("name").notNull(),
  twice: integer("twice").generatedAlwaysAs(sql`count * 2`, { mode: "virtual" }),
  count: integer("count").notNull().default(1),
  note: text("note"),
  isOpen: integer("is_open", { mode: "boolean" }).notNull(),
};
const things = sqliteTable("things", columns);
/** The same table, with its columns in another order in the schema. */
const reordered = sqliteTable("things", {
  isOpen: columns.isOpen,
  note: columns.note,
  twice: columns.twice,
  count: columns.count,
  name: columns.name,
  id: columns.id,
});

beforeEach(async () => {
  await env.DB.batch([
    env.DB.prepare("DROP TABLE IF EXISTS things"),
    env.DB.prepare(
      `CREATE TABLE things (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
         twice INTEGER GENERATED ALWAYS AS (count * 2) VIRTUAL, count INTEGER NOT NULL DEFAULT 1, note TEXT,
         is_open INTEGER NOT NULL)`,
    ),
  ]);
});

test.each([
  ["as in the table", things],
  ["moved", reordered],
])("each value is written to its own column (columns of the schema: %s)", async (_, table) => {
  const row = { note: "n", count: 3, isOpen: true, id: AUTOINCREMENT, name: "first" };
  await db.insert(table).select(selectInto(table, row));
  expect(await db.select().from(things)).toEqual([
    { id: 1, name: "first", count: 3, twice: 6, note: "n", isOpen: true },
  ]);
});

test("a value is a constant, null, a column or SQL; the rest of the SELECT chooses the rows", async () => {
  const row = { id: AUTOINCREMENT, name: "first", count: 3, note: null, isOpen: false };
  await db.insert(things).select(selectInto(things, row));
  const copy = { ...row, name: sql`${things.name} || '!'`, count: things.count, isOpen: true };
  for (const name of ["first", "nobody"]) {
    const from = sql`FROM ${things} WHERE ${things.name} = ${name}`;
    await db.insert(things).select(selectInto(things, copy, from));
  }
  expect(await db.select().from(things)).toEqual([
    { id: 1, name: "first", count: 3, twice: 6, note: null, isOpen: false },
    { id: 2, name: "first!", count: 3, twice: 6, note: null, isOpen: true },
  ]);
});

test("a column without a value, a generated column and an unknown one do not compile", () => {
  const row = { id: AUTOINCREMENT, name: "n", count: 1, isOpen: true };
  // @ts-expect-error: note is missing, although it may be null
  selectInto(things, row);
  // @ts-expect-error: count is missing, although it has a default
  selectInto(things, { id: AUTOINCREMENT, name: "n", note: null, isOpen: true });
  // @ts-expect-error: twice is generated
  selectInto(things, { ...row, note: null, twice: 2 });
  // @ts-expect-error: there is no column "colour"
  selectInto(things, { ...row, note: null, colour: "red" });
});
