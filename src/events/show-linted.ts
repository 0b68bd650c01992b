/**
 * An event as it is now, with its findings, for the answer to a repeated request. One round trip.
 */
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { events } from "../db/schema.ts";
import { type Event, eventNotFound, livingEventIn, showEventRow } from "./events.ts";
import { selectExample } from "./example.ts";
import { lintEvent } from "./lint.ts";

/** @throws ApiError event_not_found */
export async function showLintedEvent(
  db: Database,
  projectId: number,
  id: number,
): Promise<Event & { readonly lint: ReturnType<typeof lintEvent> }> {
  const { rows, example } = await batchOf(db, {
    rows: db.select().from(events).where(livingEventIn(projectId, id)),
    example: selectExample(db, id),
  });
  const [row] = rows;
  if (row === undefined) throw eventNotFound(id);
  const event = showEventRow(row);
  return { ...event, lint: lintEvent(event, example[0]) };
}
