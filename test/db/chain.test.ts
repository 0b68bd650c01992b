/**
 * Statements that depend on whether the one before them wrote something (src/db/chain.ts), among other members of a batch.
 */
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { batchOf } from "../../src/db/batch.ts";
import { chain } from "../../src/db/chain.ts";
import { openDatabase } from "../../src/db/client.ts";
import { readers } from "../../src/db/schema.ts";

const db = openDatabase(env.DB);
const insert = (name: string) => db.insert(readers).values({ name, cursor: 0 }).onConflictDoNothing();
const move = (name: string, condition: unknown) =>
  db.update(readers).set({ cursor: 1 }).where(sql`${readers.name} = ${name} AND ${condition}`);

test.each([
  ["runs after a statement that wrote", "new", 1],
  ["writes nothing after a statement that wrote nothing", "taken", 0],
])("a link %s", async (_, name, changes) => {
  await insert("taken");
  const { pair } = await batchOf(db, {
    before: insert(`${name} before`),
    pair: chain({
      write: insert(name),
      moved: (wrote) => move(name, wrote),
      movedAgain: (wrote) => move(name, wrote),
      absent: () => undefined,
    }),
    after: insert(`${name} after`),
  });
  expect(pair.write.meta.changes).toBe(changes);
  expect(pair.moved.meta.changes).toBe(changes);
  expect(pair.movedAgain.meta.changes).toBe(changes);
  expect(pair.absent).toBeUndefined();
});
