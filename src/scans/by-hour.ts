/**
 * How many scans there were in each hour, by place and outcome. It counts the same scans as a list (counted.ts).
 */
import { sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { HOUR_MS, MINUTE_MS } from "../durations.ts";
import { type CountedScans, MAX_COUNTED, newestScans, sumOf, withOwnScans } from "./counted.ts";
import type { ScanFilter } from "./filter.ts";
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
  /** The newest hour first. An hour without scans is left out. */
  readonly items: readonly HourCount[];
  readonly undone: number;
  /** Whether these are certainly all scans of the filter. */
  readonly isExact: boolean;
  /** When the oldest of the counted scans was made. Null if there was none. */
  readonly countedFrom: string | null;
}

/** @param utcOffset minutes that local time is ahead of UTC: hours begin at full local hours */
export async function countByHour(
  db: Database,
  filter: Omit<ScanFilter, "outcome">,
  utcOffset: number,
  maxCounted = MAX_COUNTED,
): Promise<HourCounts> {
  const groupsOf = (counted: CountedScans) => groupByHour(db, counted, utcOffset);
  const newest = await groupsOf(newestScans(db, filter, maxCounted));
  const { groups, isExact } = await withOwnScans(db, filter, maxCounted, newest, groupsOf);
  const reached = groups.filter(({ isReached }) => isReached === 1);
  const counted = isExact ? reached : groups;
  const done = reached.filter(({ isUndone }) => isUndone === 0);
  return {
    items: done.map(({ hour, place, outcome, count }) => ({
      hour: new Date(hour * HOUR_MS - utcOffset * MINUTE_MS).toISOString(),
      ...{ place, outcome, count },
    })),
    undone: sumOf(reached) - sumOf(done),
    isExact,
    countedFrom:
      counted.length === 0 ? null : new Date(Math.min(...counted.map(({ oldest }) => oldest))).toISOString(),
  };
}

function groupByHour(db: Database, counted: CountedScans, utcOffset: number) {
  const { at, outcome, place, isUndone, isReached } = counted;
  // D1 takes numbers as REAL, and 3 / 2.0 is not 1.
  const hour = sql<number>`CAST((${at} + ${utcOffset * MINUTE_MS}) / ${HOUR_MS} AS INTEGER)`;
  return db
    .select({
      hour: hour.as("hour"),
      ...{ outcome, place, isUndone, isReached },
      count: sql<number>`count(*)`.as("count"),
      oldest: sql<number>`min(${at})`.as("oldest"),
    })
    .from(counted)
    .groupBy(hour, outcome, place, sql`${isUndone}`, sql`${isReached}`)
    .orderBy(sql`hour DESC`, place, outcome);
}
