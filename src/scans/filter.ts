/**
 * The filters of scans, for lists and counts.
 */
import { and, eq, gte, lte, type SQL, sql } from "drizzle-orm";
import { passes, scans } from "../db/schema.ts";
import type { Scope } from "../keys/principal.ts";
import { passesWithin } from "../keys/scope.ts";
import type { StoredOutcome } from "./outcomes.ts";

export interface ScanFilter {
  readonly place?: string | undefined;
  readonly passId?: number | undefined;
  readonly outcome?: StoredOutcome | undefined;
  /** Milliseconds: the first and the last time at which scans were made, both included. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** The scope of the requesting key: only scans of passes that it reaches, and none without a pass. */
  readonly scope: Scope | undefined;
}

/** SQL on scans: the part of the filter that an index finds. */
export function indexedBy({ place, passId, from, to }: ScanFilter): SQL | undefined {
  return and(
    place === undefined ? undefined : eq(scans.place, place),
    passId === undefined ? undefined : eq(scans.passId, passId),
    from === undefined ? undefined : gte(scans.at, from),
    to === undefined ? undefined : lte(scans.at, to),
  );
}

/** SQL on scans: whether the key reaches the pass. False for a scan without a pass. */
export function isReached(scope: Scope): SQL {
  return sql`EXISTS (SELECT 1 FROM ${passes} WHERE ${passes.id} = ${scans.passId} AND ${passesWithin(scope)})`;
}
