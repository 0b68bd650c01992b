/**
 * Events: values that all passes of one occasion show in place of their templates' values: a time, a gate, a place. A
 * change of an event is a change of all its passes, and writes two rows, however many passes there are
 * (changes/log.ts).
 *
 * An event is independent of templates: a value for a key that a pass's template does not have is not shown, and a value that
 * does not fit the field's style is shown as plain text (pkpass/build/render.ts).
 */
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { recordChange, recordCreation, recordedChange } from "../changes/log.ts";
import type { Context } from "../context.ts";
import { batchOf, repeatableBatchOf } from "../db/batch.ts";
import { bytesOf } from "../db/bytes.ts";
import type { Database } from "../db/client.ts";
import { refuseTakenExternalId } from "../db/external-ids.ts";
import { type Page, type PagePosition, pageOf, toPage } from "../db/page.ts";
import { writeOnce } from "../db/repeat.ts";
import { type DemandedRevisions, hasRevision, refuseOtherRevision } from "../db/revisions.ts";
import { events, projects } from "../db/schema.ts";
import { AUTOINCREMENT, selectInto } from "../db/select-into.ts";
import { ApiError } from "../errors.ts";
import { parseJson, writeJson } from "../json.ts";
import { MAX_STORED_BYTES } from "../limits.ts";
import type { FieldOverrides, PassOverrides } from "../pkpass/schema/schema.ts";
import { livingEvent } from "./living-event.ts";
import { projectNotFound } from "./projects.ts";
import { announceEventIfVisible } from "./visible.ts";

export interface NewEvent {
  readonly name: string;
  readonly externalId?: string | undefined;
  readonly values?: FieldOverrides | undefined;
  readonly pass?: PassOverrides | undefined;
}

export interface Event {
  readonly id: number;
  readonly projectId: number;
  readonly name: string;
  readonly externalId: string | null;
  readonly values: FieldOverrides;
  readonly pass: PassOverrides;
  /** How many writes of operators it had. */
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type EventRow = typeof events.$inferSelect;

/** @throws ApiError project_not_found, external_id_taken or content_too_large */
export async function createEvent(context: Context, projectId: number, input: NewEvent): Promise<Event> {
  const { db, now } = context;
  const values = writeJson(input.values ?? {});
  const bytes = bytesOf([values]);
  if (bytes > MAX_STORED_BYTES.eventValues) throw valuesTooLarge(bytes);
  const content = {
    externalId: input.externalId ?? null,
    name: input.name,
    values,
    pass: writeJson(input.pass ?? {}),
    createdAt: now,
  };
  const row = await refuseTakenExternalId(
    writeOnce(
      () => insertEvent(context, projectId, content),
      () => findCreated(db, projectId, content),
    ),
    "Another event of this project",
    input.externalId,
  );
  if (row === undefined) throw projectNotFound(projectId);
  return showEventRow(row);
}

/** What is known of an event before it has an id. */
type Created = Pick<EventRow, "externalId" | "name" | "values" | "pass" | "createdAt">;

/** @returns undefined if there is no such project */
async function insertEvent(
  context: Context,
  projectId: number,
  content: Created,
): Promise<EventRow | undefined> {
  const { db } = context;
  const row = {
    ...content,
    id: AUTOINCREMENT,
    projectId: projects.id,
    revision: 1,
    tag: 0,
    modifiedAt: 0,
    pushAt: 0,
    updatedAt: content.createdAt,
    deletedAt: null,
  };
  const project = sql`FROM ${projects} WHERE ${projects.id} = ${projectId}`;
  const insert = db.insert(events).select(selectInto(events, row, project));
  const { change } = await batchOf(db, {
    change: recordCreation(context, insert, "event", (wrote, id) =>
      db
        .select()
        .from(events)
        .where(and(wrote, eq(events.id, id))),
    ),
  });
  return change.followed[0];
}

/**
 * The event with this content that was created in this millisecond. Without an externalId, that is all by which a repeat
 * can find its own row: two requests with the same content in the same millisecond would share an event, if D1 failed.
 */
async function findCreated(db: Database, projectId: number, content: Created): Promise<EventRow | undefined> {
  const [row] = await db
    .select()
    .from(events)
    .where(
      and(
        eq(events.projectId, projectId),
        sql`${events.externalId} IS ${content.externalId}`,
        eq(events.name, content.name),
        eq(events.values, content.values),
        eq(events.pass, content.pass),
        eq(events.createdAt, content.createdAt),
      ),
    )
    .orderBy(desc(events.id))
    .limit(1);
  return row;
}

/**
 * Deletes an event. Its passes stay, without the event's values. The emptied row stays too, because the deletion is a
 * change of all its passes.
 * @param demanded the revisions of which the event must have one
 * @throws ApiError event_not_found or precondition_failed
 */
export async function deleteEvent(
  context: Context,
  projectId: number,
  id: number,
  demanded?: DemandedRevisions,
): Promise<void> {
  const { db, now } = context;
  const write = db
    .update(events)
    .set({ deletedAt: now, values: writeJson({}), pass: writeJson({}), externalId: null })
    .where(and(livingEventIn(projectId, id), hasRevision(events.revision, demanded)));
  const { before, change, rows, wasRepeated } = await repeatableBatchOf(db, {
    before: db.select().from(events).where(livingEventIn(projectId, id)),
    change: recordChange(context, write, { kind: "event", id }, { kind: "deleted" }),
    rows: db
      .select()
      .from(events)
      .where(and(eq(events.id, id), eq(events.projectId, projectId))),
  });
  const [row] = rows;
  // An earlier attempt has deleted it, and its answer was lost. The sweep of the outbox notifies its passes.
  if (wasRepeated && row?.deletedAt === now) return;
  if (row === undefined || before[0] === undefined) throw eventNotFound(id);
  refuseOtherRevision(demanded, before[0], { now, wasRepeated });
  announceEventIfVisible(context, recordedChange(change, row), before[0], row);
}

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
  position: PagePosition,
): Promise<Page<Event>> {
  const where = and(eq(events.projectId, projectId), isNull(events.deletedAt));
  const page = pageOf(db, events, { ...position, where });
  const { project, rows } = await batchOf(db, {
    project: db.select({ id: projects.id }).from(projects).where(eq(projects.id, projectId)),
    rows: db
      .select({ row: events, candidates: page.candidates })
      .from(page)
      .innerJoin(events, eq(events.id, page.id))
      .orderBy(desc(page.id)),
  });
  if (project.length === 0) throw projectNotFound(projectId);
  return toPage(rows, ({ row }) => showEventRow(row));
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

export function valuesTooLarge(bytes: number): ApiError {
  return new ApiError(
    "content_too_large",
    `The event would have ${bytes} bytes of values. At most ${MAX_STORED_BYTES.eventValues} are allowed. Shorten them, or remove some with null.`,
    { pointer: "/values" },
  );
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
    revision: row.revision,
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}
