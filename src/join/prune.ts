/**
 * Removes the counts of networks of past days, once an hour.
 */
import { and, gt, lt } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { joinCounts } from "../db/schema.ts";
import { DAY_MS } from "./counts.ts";

/** @returns how many rows */
export async function pruneJoinCounts(db: Database, now: number): Promise<number> {
  const today = Math.floor(now / DAY_MS);
  const { meta } = await repeatable(() =>
    db.delete(joinCounts).where(and(gt(joinCounts.day, 0), lt(joinCounts.day, today))),
  );
  return meta.changes;
}
