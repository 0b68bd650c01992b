/**
 * SQL: conditions for events that were not deleted ("living" events). Passes of a deleted event still contain its id,
 * so every query that reads an event by its id uses these conditions.
 */
import { and, isNull, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { events } from "../db/schema.ts";

/** For a WHERE on events, or a join with them: the living event with this id. */
export function livingEvent(id: SQLWrapper | number | null) {
  return and(sql`${events.id} = ${id}`, isNull(events.deletedAt));
}

/** Whether there is a living event with this id. */
export function isLivingEvent(id: number): SQL {
  return sql`EXISTS (SELECT 1 FROM events WHERE events.id = ${id} AND events.deleted_at IS NULL)`;
}

/** For a select from passes: the id of the pass's event, or null if it has no living event. */
export const livingEventId = sql<
  number | null
>`(SELECT events.id FROM events WHERE events.id = passes.event_id AND events.deleted_at IS NULL)`;
