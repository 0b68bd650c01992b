/**
 * Events: what the passes of one occasion show alike, over their templates: a time, a gate, a place. A change of an
 * event is a change of all its passes, and costs two rows however many there are (changes/log.ts).
 *
 * It knows no template: a value for a key that a pass's template does not have is not shown, and one that does not fit
 * the field's style is shown as plain text (pkpass/render.ts).
 */
import { and, desc, eq, getTableColumns, isNull, lt, sql } from "drizzle-orm";
import { eventChanged, eventMade, type RecordedChange, recordedChange } from "../changes/log.ts";
import { type Database, isUniqueViolation } from "../db/client.ts";
import { events, projects } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import type { FieldOverrides, FieldPatch, PassOverrides } from "../pkpass/schema.ts";
import { projectNotFound } from "./projects.ts";

export interface NewEvent {
  readonly name: string;
  readonly externalId?: string | undefined;
  readonly values?: FieldOverrides | undefined;
  readonly pass?: PassOverrides | undefined;
}

/** What is absent stays. In `values` null removes; `pass` replaces as a whole. */
export interface EventChange {
  readonly name?: string | undefined;
  readonly externalId?: string | null | undefined;
  readonly values?: Readonly<Record<string, FieldPatch | null>> | undefined;
  readonly pass?: PassOverrides | undefined;
}

export interface Event {
  readonly id: number;
  readonly projectId: number;
  readonly name: string;
  readonly externalId: string | null;
  readonly values: FieldOverrides;
  readonly pass: PassOverrides;
  readonly createdAt: string;
  readonly updatedAt: string;
}

type Row = typeof events.$inferSelect;

/** Every fetch of a pass reads its event's row. */
const MAX_VALUES_CHARACTERS = 256_000;

/** @throws ApiError project_not_found or external_id_taken */
export async function createEvent(
  db: Database,
  projectId: number,
  input: NewEvent,
  actor: string,
  now: number,
): Promise<Event> {
  const [, , , [row]] = await orTaken(input.externalId, () =>
    db.batch([
      db.insert(events).select(sql`SELECT NULL, ${projects.id}, ${input.externalId ?? null}, ${input.name},
          ${JSON.stringify(input.values ?? {})}, ${JSON.stringify(input.pass ?? {})}, 0, 0, 0, ${now}, ${now}, NULL
        FROM ${projects} WHERE ${projects.id} = ${projectId}`),
      ...eventMade(db, { actor, now }),
      // If nothing was made, nothing was changed by the statement before.
      db
        .select()
        .from(events)
        .where(
          sql`changes() > 0 AND ${events.id} = (SELECT event_id FROM changes WHERE id = last_insert_rowid())`,
        ),
    ]),
  );
  if (row === undefined) throw projectNotFound(projectId);
  return show(row);
}

/** @throws ApiError event_not_found or external_id_taken */
export async function changeEvent(
  db: Database,
  projectId: number,
  id: number,
  input: EventChange,
  actor: string,
  now: number,
): Promise<{ event: Event; change: RecordedChange | undefined }> {
  const values = JSON.stringify(input.values ?? {});
  const pass = input.pass === undefined ? sql`${events.pass}` : sql`${JSON.stringify(input.pass)}`;
  const merged = sql`json_patch(${events.values}, ${values})`;
  const fits = sql`length(${merged}) <= ${MAX_VALUES_CHARACTERS}`;
  const differs = sql`(${merged} <> ${events.values} OR ${events.pass} <> ${pass})`;
  const { name = sql`name` } = input;
  const externalId = input.externalId === undefined ? sql`external_id` : input.externalId;
  const renamed = sql`(${events.name} <> ${name} OR ${events.externalId} IS NOT ${externalId})`;
  const [, inserted, , , rows] = await orTaken(input.externalId, () =>
    db.batch([
      db
        .update(events)
        .set({ values: merged, pass })
        .where(and(livingEvent(projectId, id), fits, differs)),
      ...eventChanged(db, id, { kind: "changed", actor, now }),
      // What phones do not show: no change row, no push.
      db
        .update(events)
        .set({ name, externalId, updatedAt: now })
        .where(and(livingEvent(projectId, id), fits, renamed)),
      db
        .select({ ...getTableColumns(events), fits: sql<number>`${fits}` })
        .from(events)
        .where(livingEvent(projectId, id)),
    ]),
  );
  const [row] = rows;
  if (row === undefined) throw eventNotFound(id);
  if (!row.fits) {
    const detail = `An event's values have at most ${MAX_VALUES_CHARACTERS} characters in all. Remove some with null.`;
    throw new ApiError("invalid_body", detail, { pointer: "/values" });
  }
  return { event: show(row), change: recordedChange(inserted, row) };
}

/**
 * Deletes an event. Its passes live on without it: its row stays, empty, and its last change tells their phones.
 * @throws ApiError event_not_found
 */
export async function deleteEvent(
  db: Database,
  projectId: number,
  id: number,
  actor: string,
  now: number,
): Promise<RecordedChange | undefined> {
  const [deleted, inserted, , rows] = await db.batch([
    db
      .update(events)
      .set({ deletedAt: now, values: "{}", pass: "{}", externalId: null })
      .where(livingEvent(projectId, id)),
    ...eventChanged(db, id, { kind: "deleted", actor, now }),
    db.select({ tag: events.tag, pushAt: events.pushAt }).from(events).where(eq(events.id, id)),
  ]);
  const [row] = rows;
  if (deleted.meta.changes === 0 || row === undefined) throw eventNotFound(id);
  return recordedChange(inserted, row);
}

/** @throws ApiError event_not_found */
export async function showEvent(db: Database, projectId: number, id: number): Promise<Event> {
  const [row] = await db.select().from(events).where(livingEvent(projectId, id));
  if (row === undefined) throw eventNotFound(id);
  return show(row);
}

/** Newest first. @throws ApiError project_not_found. @param cursor the id that the page before ended with */
export async function listEvents(
  db: Database,
  projectId: number,
  cursor: number | undefined,
  limit: number,
): Promise<Event[]> {
  const before = cursor === undefined ? undefined : lt(events.id, cursor);
  const [project, rows] = await db.batch([
    db.select({ id: projects.id }).from(projects).where(eq(projects.id, projectId)),
    db
      .select()
      .from(events)
      .where(and(eq(events.projectId, projectId), isNull(events.deletedAt), before))
      .orderBy(desc(events.id))
      .limit(limit),
  ]);
  if (project.length === 0) throw projectNotFound(projectId);
  return rows.map(show);
}

/** The refusal for an id that is unknown, deleted, or of another project. */
export function eventNotFound(id: number, pointer?: string): ApiError {
  const detail = `There is no event ${id} here, or it was deleted.`;
  return new ApiError("event_not_found", detail, pointer === undefined ? {} : { pointer });
}

function livingEvent(projectId: number, id: number) {
  return and(eq(events.id, id), eq(events.projectId, projectId), isNull(events.deletedAt));
}

function show(row: Row): Event {
  return {
    id: row.id,
    projectId: row.projectId,
    name: row.name,
    externalId: row.externalId,
    values: JSON.parse(row.values),
    pass: JSON.parse(row.pass),
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}

async function orTaken<Result>(
  externalId: string | null | undefined,
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new ApiError(
      "external_id_taken",
      `Another event of this project has the externalId "${externalId}".`,
      {
        pointer: "/externalId",
      },
    );
  }
}
