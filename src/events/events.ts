/**
 * Events: values that all passes of one occasion show in place of their templates' values: a time, a gate, a place. A
 * change of an event is a change of all its passes, and writes two rows, however many passes there are
 * (changes/log.ts).
 *
 * An event is independent of templates: a value for a key that a pass's template does not have is not shown, and a value that
 * does not fit the field's style is shown as plain text (pkpass/build/render.ts).
 */
import { and, desc, eq, isNull } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { examineBy, examinedTo, type Page, type PagePosition, pageOf, toPage } from "../db/page.ts";
import { events, projects } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { parseJson } from "../json.ts";
import type { FieldOverrides, PassOverrides } from "../pkpass/schema/schema.ts";
import { livingEvent } from "./living-event.ts";
import { projectNotFound } from "./projects.ts";

export interface Event {
  readonly id: number;
  readonly projectId: number;
  readonly name: string;
  readonly externalId: string | null;
  readonly values: FieldOverrides;
  readonly pass: PassOverrides;
  readonly without: readonly string[];
  /** How many writes of operators it had. */
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type EventRow = typeof events.$inferSelect;

/** @throws ApiError event_not_found */
export async function showEvent(db: Database, projectId: number, id: number): Promise<Event> {
  const [row] = await db.select().from(events).where(livingEventIn(projectId, id));
  if (row === undefined) throw eventNotFound(id);
  return showEventRow(row);
}

/** Newest first. @throws ApiError project_not_found */
export async function listEvents(
  db: Database,
  projectId: number,
  { externalId }: { readonly externalId?: string | undefined },
  position: PagePosition,
): Promise<Page<Event>> {
  const indexed = and(
    eq(events.projectId, projectId),
    externalId === undefined ? undefined : eq(events.externalId, externalId),
  );
  const query = { ...position, where: isNull(events.deletedAt), examine: examineBy(events, indexed) };
  const page = pageOf(db, events, query);
  const { project, rows, ends } = await batchOf(db, {
    project: db.select({ id: projects.id }).from(projects).where(eq(projects.id, projectId)),
    rows: db
      .select({ row: events, candidates: page.candidates })
      .from(page)
      .innerJoin(events, eq(events.id, page.id))
      .orderBy(desc(page.id)),
    ends: examinedTo(db, events, query),
  });
  if (project.length === 0) throw projectNotFound(projectId);
  return toPage(rows, ({ row }) => showEventRow(row), ends);
}

/**
 * The refusal for an id that is unknown, deleted, or of another project.
 * @param pointer of the id in the body, if it is not in the path
 */
export function eventNotFound(id: number, pointer?: string): ApiError {
  const where = pointer === undefined ? " in this project" : "";
  const detail = `There is no event ${id}${where}, or it was deleted.`;
  return new ApiError("event_not_found", detail, pointer === undefined ? {} : { pointer });
}

/** For a WHERE on events. */
export function livingEventIn(projectId: number, id: number) {
  return and(livingEvent(id), eq(events.projectId, projectId));
}

/** A row as the API shows it. */
export function showEventRow(row: EventRow): Event {
  return {
    id: row.id,
    projectId: row.projectId,
    name: row.name,
    externalId: row.externalId,
    values: parseJson(row.values),
    pass: parseJson(row.pass),
    without: parseJson(row.without),
    revision: row.revision,
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}
