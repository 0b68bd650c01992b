/**
 * Batches by name (src/db/batch.ts), on D1: the statements run in the order in which they are written, and each result has
 * the name of its statement.
 */
import { env } from "cloudflare:workers";
import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { batchOf } from "../../src/db/batch.ts";
import { openDatabase } from "../../src/db/client.ts";
import { readers } from "../../src/db/schema.ts";

const db = openDatabase(env.DB);
const add = (name: string) => db.insert(readers).values({ name, cursor: 1 });
const all = () => db.select().from(readers);

test("results have the names of their statements, also in groups, and statements run in order", async () => {
  const { before, group, after } = await batchOf(db, {
    before: all(),
    group: {
      added: add("a"),
      inner: { moved: db.update(readers).set({ cursor: 2 }), rows: all() },
    },
    after: db.delete(readers).where(eq(readers.name, "a")).returning({ cursor: readers.cursor }),
  });
  expect(before).toEqual([]);
  expect(group.added.meta.changes).toBe(1);
  expect(group.inner.moved.meta.changes).toBe(1);
  expect(group.inner.rows).toEqual([{ name: "a", cursor: 2 }]);
  expect(after).toEqual([{ cursor: 2 }]);
});

test("an undefined member is left out, and the other results keep their names", async () => {
  const none = { nothing: undefined, rows: db.select({ one: sql<number>`1` }).from(sql`(SELECT 1)`) };
  const { left, group, last } = await batchOf(db, { left: undefined, group: none, last: all() });
  expect(left).toBeUndefined();
  expect(group).toEqual({ nothing: undefined, rows: [{ one: 1 }] });
  expect(last).toEqual([]);
});

test("if one statement fails, none of them writes", async () => {
  await expect(batchOf(db, { first: add("twice"), second: add("twice") })).rejects.toThrow();
  expect(await all()).toEqual([]);
});

test("a batch without statements is refused", async () => {
  await expect(batchOf(db, {})).rejects.toThrow("a batch without statements");
  await expect(batchOf(db, { group: { nothing: undefined } })).rejects.toThrow("a batch without statements");
});
