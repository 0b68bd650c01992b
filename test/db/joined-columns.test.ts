/**
 * Rows of a LEFT JOIN (src/db/joined-columns.ts), on D1: a row whose first column in the schema is null is not taken for a
 * missing one.
 */
import { env } from "cloudflare:workers";
import { eq, sql } from "drizzle-orm";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { joinedColumns } from "../../src/db/joined-columns.ts";

const db = openDatabase(env.DB);
const seats = sqliteTable("seats", { note: text("note"), id: integer("id").primaryKey() });
const tickets = sqliteTable("tickets", { id: integer("id").primaryKey(), seatId: integer("seat_id") });

test("a column that may be null is a compile error", () => {
  // @ts-expect-error: the note may be null
  joinedColumns(seats, "note");
});

test("a joined row is null only if it does not exist", async () => {
  await env.DB.batch([
    env.DB.prepare("CREATE TABLE seats (note TEXT, id INTEGER PRIMARY KEY)"),
    env.DB.prepare("CREATE TABLE tickets (id INTEGER PRIMARY KEY, seat_id INTEGER)"),
    env.DB.prepare("INSERT INTO seats VALUES (NULL, 5)"),
    env.DB.prepare("INSERT INTO tickets VALUES (1, 5), (2, NULL)"),
  ]);
  const rows = await db
    .select({ id: tickets.id, seat: joinedColumns(seats, "id") })
    .from(tickets)
    .leftJoin(seats, eq(seats.id, tickets.seatId))
    .orderBy(sql`${tickets.id}`);
  expect(rows).toEqual([
    { id: 1, seat: { id: 5, note: null } },
    { id: 2, seat: null },
  ]);
});
