/**
 * Repeats after transient errors of D1 (src/db/repeat.ts, repeating-reads.ts), on D1: what is repeated, how often, and what
 * is not.
 */
import { env } from "cloudflare:workers";
import { eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { batchOf, repeatableBatchOf } from "../../src/db/batch.ts";
import { openDatabase } from "../../src/db/client.ts";
import { repeatable, writeOnce } from "../../src/db/repeat.ts";
import { readers } from "../../src/db/schema.ts";
import { type Failure, failingD1, LOST, withoutPauses } from "../failing-d1.ts";

beforeEach(async () => {
  withoutPauses();
  vi.spyOn(console, "warn").mockImplementation(() => {});
  await env.DB.exec("DELETE FROM readers");
});
afterEach(() => vi.restoreAllMocks());

function failing(failure: Failure) {
  const { DB, calls } = failingD1(env.DB, failure);
  return { db: openDatabase(DB), calls };
}
const before = (of: Failure["of"], times = 1) => failing({ of, when: "before", times });
const counter = () => openDatabase(env.DB).select().from(readers);
const add = (db: ReturnType<typeof openDatabase>) => db.insert(readers).values({ name: "a", cursor: 1 });
const increment = (db: ReturnType<typeof openDatabase>) =>
  db.update(readers).set({ cursor: sql`cursor + 1` }).where(eq(readers.name, "a"));

describe("reads", () => {
  test("a SELECT is sent three times at most, however it is written", async () => {
    for (const read of [
      (db: ReturnType<typeof openDatabase>) => db.select().from(readers),
      (db: ReturnType<typeof openDatabase>) => db.all(sql`  select 1`),
      (db: ReturnType<typeof openDatabase>) => db.get(sql`SELECT 1`),
      (db: ReturnType<typeof openDatabase>) => db.run(sql`SELECT 1`),
    ]) {
      const { db, calls } = before("reads", 2);
      await read(db);
      expect(calls()).toBe(3);
      await expect(read(before("reads", 3).db)).rejects.toThrow();
    }
  });

  test("a batch of nothing but SELECTs is a read", async () => {
    const { db, calls } = before("reads", 2);
    expect(await batchOf(db, { a: db.select().from(readers), b: db.select().from(readers) })).toEqual({
      a: [],
      b: [],
    });
    expect(calls()).toBe(3);
  });
});

describe("writes", () => {
  test("a bare write is sent once, also one that returns rows", async () => {
    for (const write of [add, (db: ReturnType<typeof openDatabase>) => add(db).returning()]) {
      const { db, calls } = before("writes");
      await expect(Promise.resolve(write(db))).rejects.toThrow();
      expect(calls()).toBe(1);
    }
  });

  test("a bare batch is sent once", async () => {
    const { db, calls } = before("writes");
    await expect(batchOf(db, { row: db.select().from(readers), added: add(db) })).rejects.toMatchObject({
      cause: { message: LOST },
    });
    expect([calls(), await counter()]).toEqual([1, []]);
  });

  test("a batch that may run twice says whether it was repeated", async () => {
    const { db } = failing({ of: "writes", when: "after" });
    const first = await repeatableBatchOf(db, { added: add(db).onConflictDoNothing() });
    expect([first.wasRepeated, first.added.meta.changes]).toEqual([true, 0]);
    expect((await repeatableBatchOf(db, { added: increment(db) })).wasRepeated).toBe(false);
  });

  test("a write that may run twice is sent three times at most", async () => {
    const { db, calls } = before("writes", 3);
    await expect(repeatable(() => add(db))).rejects.toThrow();
    expect(calls()).toBe(3);
  });

  test("a write that must not run twice is not sent again if its row is found", async () => {
    const { db, calls } = failing({ of: "writes", when: "after" });
    const found = await writeOnce(
      () => add(db).returning(),
      async () => await db.select().from(readers),
    );
    expect([found, calls()]).toEqual([[{ name: "a", cursor: 1 }], 1]);
  });

  test("a write that must not run twice fails if the look-up of its row fails three times", async () => {
    const writes = before("writes");
    const reads = before("reads", 99);
    const written = writeOnce(
      () => add(writes.db).returning(),
      async () => await reads.db.select().from(readers),
    );
    await expect(written).rejects.toThrow();
    expect([writes.calls(), reads.calls()]).toEqual([1, 3]);
  });
});
