/**
 * Moves many passes to an event, or out of their events, with one batch that has the same number of statements for any number of
 * passes. All of them are moved, or none. Each pass that moves has a change row of its own (changes/log.ts), because some may be on
 * phones and others not, and their last pushes were at different times.
 *
 * As in change.ts, a pass that is already there stays as it is. So the batch may run twice.
 */
import { and, count, eq, isNull, type SQL, sql } from "drizzle-orm";
import { recordChanges } from "../changes/log-many.ts";
import type { Context } from "../context.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { markIf } from "../db/requests.ts";
import { events, passes, registrations } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { eventNotFound } from "../events/events.ts";
import { isLivingEvent, livingEvent, livingEventId } from "../events/living-event.ts";
import { pointerTo, writeJson } from "../json.ts";
import { refuseRepeatedIds } from "./listed-ids.ts";

export const MAX_MOVED = 1000;
/** How many unknown ids an error names. */
const MAX_NAMED = 100;

export interface Moved {
  /** How many passes were moved. */
  readonly changed: number;
  /** How many were there already. */
  readonly unchanged: number;
}

/**
 * Phones are notified of each pass that moves, even if the pass shows nothing of its new event: to know that, the content of
 * every pass would have to be read.
 * @param passIds at most MAX_MOVED
 * @param eventId null: out of their events
 * @throws ApiError duplicate_pass, pass_not_found or event_not_found
 */
export async function movePasses(
  context: Context,
  passIds: readonly number[],
  eventId: number | null,
): Promise<Moved> {
  refuseRepeatedIds(passIds);
  const { db } = context;
  const { unknown, event, change, wasRepeated } = await repeatableBatchOf(
    db,
    statements(context, passIds, eventId),
  );
  if (unknown.length > 0) throw passesNotFound(passIds, new Set(unknown.map(({ id }) => id)));
  if (eventId !== null && event?.length === 0) throw eventNotFound(eventId, "/eventId");
  context.announceAll(change.logged);
  const changed = wasRepeated ? await countMoved(context, passIds) : change.logged.length;
  return { changed, unchanged: passIds.length - changed };
}

/** The answer to a repeated move. @param target of the mark of the first one: "moved/all" */
export function movedBefore(target: string): Moved {
  const [changed = 0, all = 0] = target.split("/").map(Number);
  return { changed, unchanged: all - changed };
}

function statements(context: Context, passIds: readonly number[], eventId: number | null) {
  const { db } = context;
  const ids = writeJson(passIds);
  const areListed = isListed(passIds);
  // Nothing in the batch changes whether this is true.
  const allowed = and(
    sql`(SELECT count(*) FROM ${passes} WHERE ${areListed}) = ${passIds.length}`,
    eventId === null ? undefined : isLivingEvent(eventId),
  );
  const moves = and(allowed, sql`${livingEventId} IS NOT ${eventId}`);
  const moved = sql`(SELECT count(*) FROM ${passes} WHERE ${and(areListed, moves)})`;
  return {
    mark: markIf(context, sql`${moved} || '/' || ${passIds.length}`, sql`WHERE ${allowed}`),
    unknown: db
      .select({ id: sql<number>`listed.value` })
      .from(sql`json_each(${ids}) AS listed`)
      .where(
        sql`NOT EXISTS (SELECT 1 FROM passes WHERE passes.id = listed.value AND passes.deleted_at IS NULL)`,
      ),
    event: eventId === null ? undefined : selectEvent(db, eventId),
    // Registrations contain a copy of the event's id.
    registrations: db
      .update(registrations)
      .set({ eventId })
      .where(
        sql`${registrations.passId} IN (SELECT value FROM json_each(${ids})) AND ${registrations.eventId} IS NOT ${eventId}
        AND ${allowed}`,
      ),
    change: recordChanges(context, {
      areListed,
      where: moves,
      // The event that a pass leaves is one of these already.
      overrides: [sql`(SELECT modified_at FROM events WHERE events.id = ${eventId})`],
      set: { eventId, revision: sql`${passes.revision} + 1` },
    }),
  };
}

function selectEvent(db: Database, eventId: number) {
  return db.select({ id: events.id }).from(events).where(livingEvent(eventId));
}

/** SQL on passes: the living ones of these. */
function isListed(passIds: readonly number[]): SQL | undefined {
  return and(
    sql`${passes.id} IN (SELECT value FROM json_each(${writeJson(passIds)}))`,
    isNull(passes.deletedAt),
  );
}

/**
 * How many of them this request has moved, whose first answer was lost. A pass that another request has written since does not count.
 */
async function countMoved(
  { db, writeId }: Pick<Context, "db" | "writeId">,
  passIds: readonly number[],
): Promise<number> {
  const [row] = await db
    .select({ moved: count() })
    .from(passes)
    .where(and(isListed(passIds), eq(passes.writeId, writeId)));
  return row?.moved ?? 0;
}

function passesNotFound(passIds: readonly number[], unknown: ReadonlySet<number>): ApiError {
  const first = passIds.findIndex((id) => unknown.has(id));
  return new ApiError(
    "pass_not_found",
    `${unknown.size} of the ${passIds.length} passes do not exist, or were deleted. Leave them out. Nothing was changed.`,
    { pointer: pointerTo(["passIds", first]), extra: { passIds: [...unknown].slice(0, MAX_NAMED) } },
  );
}
