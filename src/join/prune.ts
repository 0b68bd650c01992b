/**
 * Removes the counts of networks of past days, once an hour. The totals stay: their day is 0.
 */
import { and, gt, lt } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { joinCounts } from "../db/schema.ts";
import { dayAt } from "./counts.ts";

/** @returns how many rows */
export async function pruneJoinCounts(db: Database, now: number): Promise<number> {
  const { meta } = await repeatable(() =>
    db.delete(joinCounts).where(and(gt(joinCounts.day, 0), lt(joinCounts.day, dayAt(now)))),
  );
  return meta.changes;
}
