/**
 * The list of scans, and their counts by outcome and place. The order is by the time at which scans were made, newest first.
 */
import { and, desc, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { MAX_EXAMINED } from "../db/page.ts";
import { scans } from "../db/schema.ts";
import { parseJson } from "../json.ts";
import { instantOf } from "../passes/show.ts";
import type { AddRule } from "../templates/scan-rule.ts";
import { type CountedScans, MAX_COUNTED, newestScans, sumOf, withOwnScans } from "./counted.ts";
import { indexedBy, isReached, type ScanFilter } from "./filter.ts";
import type { StoredScan } from "./find.ts";
import type { StoredOutcome } from "./outcomes.ts";

/** The last scan of the previous page. */
export interface ScanCursor {
  readonly at: number;
  readonly id: number;
}

export interface ListedScan {
  readonly scanId: string;
  readonly outcome: StoredOutcome;
  readonly passId: number | null;
  readonly field: string | null;
  readonly value: AddRule["by"] | null;
  readonly conflict: boolean;
  readonly at: string;
  readonly receivedAt: string;
  readonly place: string | null;
  readonly actor: string;
  readonly undoneAt: string | null;
}

export interface ScanCounts {
  /** Scans that were not undone. */
  readonly total: number;
  readonly undone: number;
  readonly byOutcome: Readonly<Partial<Record<StoredOutcome, number>>>;
  /** The places with the most scans. */
  readonly byPlace: readonly { readonly place: string | null; readonly count: number }[];
  /** Whether these are certainly all scans of the filter. If not, only the newest ones were counted. */
  readonly isExact: boolean;
}

const MAX_PLACES = 100;

/**
 * A page of scans. The counts are only those of the first page. An index finds the scans of a place, of a pass and of a time. The
 * outcome and the scope of the key are checked in these scans. A page examines a limited number of them, so that it costs
 * the same however few match. So it may have few items, or none, and still a cursor.
 */
export async function listScans(
  db: Database,
  filter: ScanFilter,
  { cursor, limit }: { readonly cursor?: ScanCursor | undefined; readonly limit: number },
  { counted, examined }: { readonly counted: number; readonly examined: number } = {
    counted: MAX_COUNTED,
    examined: MAX_EXAMINED,
  },
): Promise<{ items: ListedScan[]; nextCursor: ScanCursor | null; counts: ScanCounts | null }> {
  const { outcome, scope } = filter;
  const indexed = indexedBy(filter);
  const checked = and(
    outcome === undefined ? undefined : eq(scans.outcome, outcome),
    scope && isReached(scope),
  );
  const newest = newestOf(and(indexed, after(cursor)), examined);
  const { rows, ends, groups } = await batchOf(db, {
    rows:
      checked === undefined
        ? db
            .select()
            .from(scans)
            .where(and(indexed, after(cursor)))
            .orderBy(desc(scans.at), desc(scans.id))
            .limit(limit + 1)
        : db
            .select(getTableColumns(scans))
            .from(newest)
            .crossJoin(scans) // SQLite never reorders it
            .where(and(sql`${scans.id} = newest.id`, checked))
            .orderBy(sql`newest.at DESC, newest.id DESC`)
            .limit(limit + 1),
    ends:
      checked === undefined
        ? undefined
        : db
            .select({ at: sql<number>`newest.at`.as("end_at"), id: sql<number>`newest.id`.as("end_id") })
            .from(newest)
            .orderBy(sql`newest.at DESC, newest.id DESC`)
            .limit(1)
            .offset(examined - 1),
    groups: cursor === undefined ? countGroups(db, newestScans(db, filter, counted)) : undefined,
  });
  const all = groups && (await withOwnScans(db, filter, counted, groups, (from) => countGroups(db, from)));
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : ends?.[0];
  return {
    items: items.map(toListed),
    nextCursor: last === undefined ? null : { at: last.at, id: last.id },
    counts: all === undefined ? null : toCounts(all, outcome),
  };
}

function after(cursor: ScanCursor | undefined): SQL | undefined {
  return cursor && sql`(${scans.at}, ${scans.id}) < (${cursor.at}, ${cursor.id})`;
}

/** SQL: the newest scans that an index finds, at most `most`. */
function newestOf(indexed: SQL | undefined, most: number): SQL {
  return sql`(SELECT ${scans.id} AS id, ${scans.at} AS at FROM ${scans} ${indexed && sql`WHERE ${indexed}`}
    ORDER BY ${scans.at} DESC, ${scans.id} DESC LIMIT ${most}) AS newest`;
}

function countGroups(db: Database, counted: CountedScans) {
  const { outcome, place, isUndone, isReached } = counted;
  return db
    .select({ outcome, place, isUndone, isReached, count: sql<number>`count(*)`.as("count") })
    .from(counted)
    .groupBy(outcome, place, sql`${isUndone}`, sql`${isReached}`);
}

type Group = Awaited<ReturnType<typeof countGroups>>[number];

function toCounts(
  { groups, isExact }: { readonly groups: readonly Group[]; readonly isExact: boolean },
  outcome: StoredOutcome | undefined,
): ScanCounts {
  const asked = groups.filter(
    (group) => group.isReached === 1 && (outcome === undefined || group.outcome === outcome),
  );
  const done = asked.filter(({ isUndone }) => isUndone === 0);
  const byOutcome = [...Map.groupBy(done, (group) => group.outcome)].map(([name, some]) => [
    name,
    sumOf(some),
  ]);
  const byPlace = [...Map.groupBy(done, (group) => group.place)].map(([place, some]) => ({
    place,
    count: sumOf(some),
  }));
  return {
    total: sumOf(done),
    undone: sumOf(asked) - sumOf(done),
    byOutcome: Object.fromEntries(byOutcome),
    byPlace: byPlace.toSorted((a, b) => b.count - a.count).slice(0, MAX_PLACES),
    isExact,
  };
}

function toListed(scan: StoredScan): ListedScan {
  const { scanId, outcome, passId, rule, value, isConflict, place, actor } = scan;
  return {
    scanId,
    outcome,
    passId,
    field: rule === null ? null : parseJson(rule).field,
    value: value === null ? null : parseJson(value),
    conflict: isConflict,
    at: new Date(scan.at).toISOString(),
    receivedAt: new Date(scan.receivedAt).toISOString(),
    place,
    actor,
    undoneAt: instantOf(scan.undoneAt),
  };
}
