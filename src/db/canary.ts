/**
 * Checks what every chain of statements depends on (chain.ts): that `changes()` is the row count of the statement before it
 * in the same batch. SQLite documents it, but D1 could write something of its own in between.
 */
import { eq, sql } from "drizzle-orm";
import { repeatableBatchOf } from "./batch.ts";
import { chain } from "./chain.ts";
import type { Database } from "./client.ts";
import { PUSH_CONTROL_ROW, pushControl } from "./schema.ts";

/** A row that never exists. */
const NO_ROW = -1;

/** One round trip of four statements. It writes one row, with the values that the row already has, so it may run twice. */
export async function areBatchesSound(db: Database): Promise<boolean> {
  const touch = (id: number) =>
    chain({
      touched: db
        .update(pushControl)
        .set({ id: sql`${pushControl.id}` })
        .where(eq(pushControl.id, id)),
      wrote: (wrote) => db.select({ wrote: sql<number>`${wrote}` }).from(sql`(SELECT 1)`),
    });
  const { none, one } = await repeatableBatchOf(db, { none: touch(NO_ROW), one: touch(PUSH_CONTROL_ROW) });
  return none.wrote[0]?.wrote === 0 && one.wrote[0]?.wrote === 1;
}
