/**
 * The scans that are counted: the newest ones that an index finds, up to a limit, so that a count costs the same for millions of
 * scans. If there are more, a key with a scope may still have few scans: they are found by the passes that it reaches.
 */
import { and, desc, type SQL, sql } from "drizzle-orm";
import { batchOf, type Statement } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { events, passes, scans, templates } from "../db/schema.ts";
import type { Scope } from "../keys/principal.ts";
import { eventsWithin, templatesWithin } from "../keys/scope.ts";
import { indexedBy, isReached, type ScanFilter } from "./filter.ts";

/** The most scans that are read to count, and the most passes of a scope. */
export const MAX_COUNTED = 10_000;

/** The columns that scans are grouped by. */
const columns = (reached: SQL) => ({
  at: scans.at,
  outcome: scans.outcome,
  place: scans.place,
  isUndone: sql<number>`${scans.undoneAt} IS NOT NULL`.as("is_undone"),
  isReached: sql<number>`${reached}`.as("is_reached"),
});

/** A subquery: the newest scans. The scope comes later, so that the limit is also a limit of the rows that are read. */
export function newestScans(db: Database, filter: ScanFilter, most: number) {
  return db
    .select(columns(filter.scope === undefined ? sql`1` : isReached(filter.scope)))
    .from(scans)
    .where(indexedBy(filter))
    .orderBy(desc(scans.at))
    .limit(most)
    .as("counted");
}

/** The same: scans of passes that the key reaches, in no order. Only the index of passes finds them in bounded time. */
function scansOfScope(db: Database, { place, ...filter }: ScanFilter, scope: Scope, most: number) {
  return db
    .select(columns(sql`1`))
    .from(sql`(SELECT DISTINCT id FROM (${passIdsOf(scope, most)})) AS own`)
    .crossJoin(scans) // SQLite never reorders it
    .where(
      and(
        sql`${scans.passId} = own.id`,
        indexedBy(filter),
        // The plus prevents the use of the index of places.
        place === undefined ? undefined : sql`+${scans.place} = ${place}`,
      ),
    )
    .limit(most)
    .as("counted");
}

/** SQL: the ids of passes that the key reaches, at most `most`. They are found by its templates and events. */
function passIdsOf(scope: Scope, most: number): SQL {
  return sql`SELECT id FROM (
    SELECT ${passes.id} AS id FROM ${templates} CROSS JOIN ${passes}
      WHERE ${templatesWithin(scope)} AND ${passes.templateId} = ${templates.id}
    UNION ALL
    SELECT ${passes.id} AS id FROM ${events} CROSS JOIN ${passes}
      WHERE ${eventsWithin(scope)} AND ${events.deletedAt} IS NULL AND ${passes.eventId} = ${events.id}
  ) LIMIT ${most}`;
}

export type CountedScans = ReturnType<typeof newestScans>;

interface Group {
  readonly count: number;
}

export const sumOf = (groups: readonly Group[]) => groups.reduce((sum, { count }) => sum + count, 0);

/**
 * The groups to show, and whether these are certainly all scans of the filter.
 * @param groups those of `newestScans`
 * @param groupsOf makes the statement of these groups
 */
export async function withOwnScans<G extends Group>(
  db: Database,
  filter: ScanFilter,
  most: number,
  groups: readonly G[],
  groupsOf: (counted: CountedScans) => Statement & { readonly _: { readonly result: G[] } },
): Promise<{ readonly groups: readonly G[]; readonly isExact: boolean }> {
  const { scope } = filter;
  if (sumOf(groups) < most) return { groups, isExact: true };
  if (scope === undefined) return { groups, isExact: false };
  const { own, reached } = await batchOf(db, {
    own: groupsOf(scansOfScope(db, filter, scope, most)),
    reached: db
      .select({ count: sql<number>`count(*)`.as("pass_count") })
      .from(sql`(${passIdsOf(scope, most)}) AS own`),
  });
  const isWhole = sumOf(own) < most && sumOf(reached) < most;
  return isWhole ? { groups: own, isExact: true } : { groups, isExact: false };
}
