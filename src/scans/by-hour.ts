/**
 * How many scans there were in each hour, by place and outcome. As in the counts of a list (list.ts), the newest scans that an index finds
 * are counted, up to a limit.
 */
import { desc, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { scans } from "../db/schema.ts";
import { HOUR_MS, MINUTE_MS } from "../durations.ts";
import { indexedBy, MAX_COUNTED, reachedColumn, type ScanFilter } from "./list.ts";
import type { StoredOutcome } from "./outcomes.ts";

export interface HourCount {
  /** When the hour begins. */
  readonly hour: string;
  readonly place: string | null;
  readonly outcome: StoredOutcome;
  /** Without those that were undone. */
  readonly count: number;
}

export interface HourCounts {
  /** The newest hour first. An hour without scans is not there. */
  readonly items: readonly HourCount[];
  readonly undone: number;
  /** Whether these are certainly all scans of the filter. */
  readonly isExact: boolean;
  /** When the oldest of the counted scans was made. Null if there was none. */
  readonly countedFrom: string | null;
}

/** @param utcOffset minutes: hours begin where they begin there */
export async function countByHour(
  db: Database,
  filter: Omit<ScanFilter, "outcome">,
  utcOffset: number,
  maxCounted = MAX_COUNTED,
): Promise<HourCounts> {
  const newest = db
    .select({
      at: scans.at,
      outcome: scans.outcome,
      place: scans.place,
      isUndone: sql<number>`${scans.undoneAt} IS NOT NULL`.as("is_undone"),
      isReached: reachedColumn(filter.scope),
    })
    .from(scans)
    .where(indexedBy(filter))
    .orderBy(desc(scans.at))
    .limit(maxCounted)
    .as("newest");
  // D1 takes numbers as REAL, and 3 / 2.0 is not 1.
  const hour = sql<number>`CAST((${newest.at} + ${utcOffset * MINUTE_MS}) / ${HOUR_MS} AS INTEGER)`;
  const groups = await db
    .select({
      hour: hour.as("hour"),
      outcome: newest.outcome,
      place: newest.place,
      isUndone: newest.isUndone,
      isReached: newest.isReached,
      count: sql<number>`count(*)`.as("count"),
      oldest: sql<number>`min(${newest.at})`.as("oldest"),
    })
    .from(newest)
    .groupBy(hour, newest.outcome, newest.place, sql`${newest.isUndone}`, sql`${newest.isReached}`)
    .orderBy(sql`hour DESC`, newest.place, newest.outcome);
  const sum = (some: typeof groups) => some.reduce((total, { count }) => total + count, 0);
  const reached = groups.filter(({ isReached }) => isReached === 1);
  const isExact = sum(groups) < maxCounted;
  const counted = isExact ? reached : groups;
  const done = reached.filter(({ isUndone }) => isUndone === 0);
  return {
    items: done.map(({ hour, place, outcome, count }) => ({
      hour: new Date(hour * HOUR_MS - utcOffset * MINUTE_MS).toISOString(),
      ...{ place, outcome, count },
    })),
    undone: sum(reached) - sum(done),
    isExact,
    countedFrom:
      counted.length === 0 ? null : new Date(Math.min(...counted.map(({ oldest }) => oldest))).toISOString(),
  };
}
