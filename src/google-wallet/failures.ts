/**
 * What Google refused for good: a class or an object that is not sent again until it is changed, or until the operator says so.
 */
import { and, asc, eq, isNotNull, sql } from "drizzle-orm";
import { batchOf, repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { staleColumns } from "../db/google-stale.ts";
import { type Marker, markIf } from "../db/requests.ts";
import { googleClasses, googleIssuers, googleObjects, type StoredProblem } from "../db/schema.ts";
import { type Json, parseJson } from "../json.ts";
import { cureOfProblem } from "./problems.ts";

export interface GoogleFailedRow {
  readonly issuerId: string;
  /** class: of a template and an event. object: of a pass. */
  readonly kind: "class" | "object";
  readonly type: string;
  readonly resourceId: string;
  readonly templateId: number | null;
  /** Null for a class of passes without an event. */
  readonly eventId: number | null;
  readonly passId: number | null;
  /** A code of problems.ts, and Google's own words. */
  readonly code: string;
  readonly detail: string;
  readonly cure: string;
  readonly refusedAt: string;
}

/** The most that are listed of each kind: failures of one cause look the same. */
const MAX_LISTED = 100;

/** Classes first, and the oldest first. One trip. */
export async function listGoogleFailures(db: Database): Promise<GoogleFailedRow[]> {
  const { classes, objects } = await batchOf(db, {
    classes: db
      .select({ row: googleClasses, clientEmail: googleIssuers.clientEmail })
      .from(googleClasses)
      .innerJoin(googleIssuers, eq(googleIssuers.issuerId, googleClasses.issuerId))
      .where(isNotNull(googleClasses.gaveUpAt))
      .orderBy(asc(googleClasses.gaveUpAt))
      .limit(MAX_LISTED),
    objects: db
      .select({ row: googleObjects, clientEmail: googleIssuers.clientEmail })
      .from(googleIssuers)
      .innerJoin(
        googleObjects,
        and(eq(googleObjects.issuerId, googleIssuers.issuerId), isNotNull(googleObjects.gaveUpAt)),
      )
      .orderBy(asc(googleObjects.gaveUpAt))
      .limit(MAX_LISTED),
  });
  return [
    ...classes.map(({ row: { templateId, eventId, ...row }, clientEmail }) => ({
      ...describeFailure(row, clientEmail),
      kind: "class" as const,
      ...{ templateId, eventId: eventId === 0 ? null : eventId, passId: null },
    })),
    ...objects.map(({ row: { passId, ...row }, clientEmail }) => ({
      ...describeFailure(row, clientEmail),
      kind: "object" as const,
      ...{ templateId: null, eventId: null, passId },
    })),
  ];
}

interface GaveUp {
  readonly issuerId: string;
  readonly type: string;
  readonly resourceId: string;
  readonly problem: Json<StoredProblem> | null;
  readonly gaveUpAt: number | null;
}

function describeFailure({ issuerId, type, resourceId, problem, gaveUpAt }: GaveUp, clientEmail: string) {
  const { code, detail } = problem === null ? { code: "refused", detail: "" } : parseJson(problem);
  return {
    ...{ issuerId, type, resourceId, code, detail },
    cure: cureOfProblem(code, { issuerId, clientEmail }),
    refusedAt: new Date(gaveUpAt ?? 0).toISOString(),
  };
}

/** SQL. */
const FAILURE_COUNT = sql`((SELECT count(*) FROM google_classes WHERE gave_up_at IS NOT NULL)
  + (SELECT count(*) FROM google_issuers AS i CROSS JOIN google_objects AS o
    WHERE o.issuer_id = i.issuer_id AND o.gave_up_at IS NOT NULL))`;

/** Statement: how many there are, for the health report. */
export function selectFailureCount(db: Database) {
  return db.select({ failures: sql<number>`${FAILURE_COUNT}`.as("failures") }).from(sql`(SELECT 1)`);
}

/** All of them are tried again: at the next minute, or with the next change. @returns how many */
export async function retryGoogleFailures(context: Marker): Promise<number> {
  const { db, now } = context;
  const { classes, objects } = await repeatableBatchOf(db, {
    mark: markIf(context, FAILURE_COUNT),
    classes: db.update(googleClasses).set(staleColumns(now)).where(isNotNull(googleClasses.gaveUpAt)),
    objects: db.update(googleObjects).set(staleColumns(now)).where(isNotNull(googleObjects.gaveUpAt)),
  });
  return classes.meta.changes + objects.meta.changes;
}
