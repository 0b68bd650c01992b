/**
 * Deletes an event. Its passes stay, without the event's values. The emptied row stays too, because the deletion is a
 * change of all its passes.
 *
 * If that would make passes valid again, which the event has voided or expired, it is refused unless the request has `force`.
 */
import { and, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import { recordChange, recordedChange } from "../changes/log.ts";
import type { Context } from "../context.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import { markRequest } from "../db/requests.ts";
import { type DemandedRevisions, hasRevision, isOwnWrite, refuseOtherRevision } from "../db/revisions.ts";
import { events } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { eventNotFound, livingEventIn } from "../events/events.ts";
import { announceEventIfVisible } from "../events/visible.ts";
import { writeJson } from "../json.ts";
import { instantInSql, isInvalidByEvent } from "./status.ts";

/** The most passes that are examined, so that the deletion costs the same for millions of passes. */
const MAX_EXAMINED = 10_000;

interface EventDeletion {
  readonly projectId: number;
  readonly id: number;
  /** Whether to delete the event even if passes become valid again. */
  readonly force: boolean;
  /** The event must have one of these revisions. Undefined: any. */
  readonly demanded?: DemandedRevisions;
}

/** @throws ApiError event_not_found, precondition_failed or passes_become_valid */
export async function deleteEvent(
  context: Context,
  { projectId, id, force, demanded }: EventDeletion,
): Promise<void> {
  const { db, now, writeId } = context;
  const isFound = livingEventIn(projectId, id);
  const { count, isExact } = revivedPasses(id, now);
  const isHarmless = force ? undefined : sql`(${count} = 0 AND ${isExact})`;
  const allowed = and(isFound, hasRevision(events.revision, demanded), isHarmless);
  const write = db
    .update(events)
    .set({
      deletedAt: now,
      values: writeJson({}),
      pass: writeJson({}),
      without: writeJson([]),
      externalId: null,
    })
    .where(allowed);
  const { before, change, rows, wasRepeated } = await repeatableBatchOf(db, {
    mark: markRequest(context, id, events, allowed),
    before: db
      .select({
        row: getTableColumns(events),
        ...(force ? {} : { count: count.as("revived_count"), isExact: isExact.as("revived_exact") }),
      })
      .from(events)
      .where(isFound),
    change: recordChange(context, write, { kind: "event", id }, { kind: "deleted" }),
    rows: db
      .select()
      .from(events)
      .where(and(eq(events.id, id), eq(events.projectId, projectId))),
  });
  const [[row], [found]] = [rows, before];
  const attempt = { writeId, wasRepeated };
  // An earlier attempt has deleted it, and its answer was lost. The sweep of the outbox notifies its passes.
  if (isOwnWrite(row, attempt)) return;
  if (row === undefined || found === undefined) throw eventNotFound(id);
  refuseOtherRevision(demanded, found.row, attempt);
  if (row.deletedAt === null) throw passesBecomeValid({ projectId, id }, found);
  announceEventIfVisible(context, recordedChange(change, row), found.row, row);
}

/** SQL on events: how many of its newest passes are valid without it, and whether these are all of its passes. */
function revivedPasses(eventId: number, now: number) {
  const before = sql`(SELECT listed.id FROM passes AS listed WHERE listed.event_id = ${eventId}
    ORDER BY listed.id DESC LIMIT 1 OFFSET ${MAX_EXAMINED})`;
  const counted = sql`(SELECT count(*) FROM passes WHERE passes.event_id = ${eventId} AND passes.deleted_at IS NULL
    AND passes.id > coalesce(${before}, 0) AND ${isInvalidByEvent(now)})`;
  const expiresAt = instantInSql(sql`${events.pass} -> '$.expirationDate'`);
  const decides = sql`(${events.pass} -> '$.voided' IS 'true' OR coalesce(${expiresAt} <= ${now}, 0))`;
  const ifItDecides = (value: SQL, otherwise: SQL) =>
    sql<number>`CASE WHEN ${decides} THEN ${value} ELSE ${otherwise} END`;
  return {
    count: ifItDecides(counted, sql`0`),
    isExact: ifItDecides(sql`${before} IS NULL`, sql`1`),
  };
}

function passesBecomeValid(
  { projectId, id }: Pick<EventDeletion, "projectId" | "id">,
  { count = 0, isExact = 1 }: { readonly count?: number; readonly isExact?: number },
): ApiError {
  const known = count === 1 ? "1 pass" : `${count} passes`;
  const inexact = count === 0 ? "passes that are older than its newest" : `at least ${known} of its newest`;
  const passes =
    isExact === 1 ? `${known} would` : `${inexact} ${MAX_EXAMINED} ${count === 0 ? "might" : "would"}`;
  return new ApiError(
    "passes_become_valid",
    `Without event ${id}, ${passes} be valid again, because only the event voids them or lets them expire. Void them first, keep the event, or delete it nevertheless (DELETE /admin/v1/projects/${projectId}/events/${id}?force=true).`,
    { extra: { passes: count, isExact: isExact === 1 } },
  );
}
