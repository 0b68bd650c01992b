/**
 * Removes scans that were made more than 90 days ago. A scanner sends a scan again for at most 7 days, so no repeat is lost.
 */
import { asc, inArray, lt } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { scans } from "../db/schema.ts";
import { DAY_MS } from "../durations.ts";

const KEPT_DAYS = 90;
/** 100,000 rows in one run. The next run continues. */
const LIMITS = { pageRows: 1000, pages: 100 };

/** @returns how many rows */
export async function pruneScans(db: Database, now: number, { pageRows, pages } = LIMITS): Promise<number> {
  const old = db
    .select({ id: scans.id })
    .from(scans)
    .where(lt(scans.at, now - KEPT_DAYS * DAY_MS))
    .orderBy(asc(scans.at))
    .limit(pageRows);
  let removed = 0;
  for (let page = 1; page <= pages; page++) {
    const { meta } = await repeatable(() => db.delete(scans).where(inArray(scans.id, old)));
    removed += meta.changes;
    if (meta.changes < pageRows) break;
  }
  return removed;
}
