/**
 * Events: values that all passes of one occasion show in place of their templates' values: a time, a gate, a place. A
 * change of an event is a change of all its passes, and writes two rows, however many passes there are
 * (changes/log.ts).
 *
 * An event is independent of templates: a value for a key that a pass's template does not have is not shown, and a value that
 * does not fit the field's style is shown as plain text (pkpass/build/render.ts).
 */
import { and, desc, eq, getTableColumns, isNull, sql } from "drizzle-orm";
import { recordChange, recordedChange } from "../changes/log.ts";
import type { Context } from "../context.ts";
import { batchOf, repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { refuseTakenExternalId } from "../db/external-ids.ts";
import { areWhole, patchedOverrides, refusePartial } from "../db/overrides.ts";
import { type Page, type PagePosition, pageOf, toPage } from "../db/page.ts";
import { markRequest } from "../db/requests.ts";
import { type DemandedRevisions, hasRevision, refuseOtherRevision } from "../db/revisions.ts";
import { events, projects } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { parseJson, writeJson } from "../json.ts";
import type { FieldOverrides, FieldPatch, PassOverrides, PassPatch } from "../pkpass/schema/schema.ts";
import { type ExamplePass, selectExample } from "./example.ts";
import { livingEvent } from "./living-event.ts";
import { projectNotFound } from "./projects.ts";
import { fitsInSql, refuseLargeEvent, sizesInSql } from "./size.ts";
import { announceEventIfVisible } from "./visible.ts";

/**
 * Absent members stay unchanged. `values` and `pass` are merged into what the event says (RFC 7396). `without` replaces the stored
 * one completely.
 */
export interface EventChange {
  readonly name?: string | undefined;
  readonly externalId?: string | null | undefined;
  readonly values?: Readonly<Record<string, FieldPatch | null>> | undefined;
  readonly pass?: PassPatch | undefined;
  readonly without?: readonly string[] | undefined;
}

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

type Row = typeof events.$inferSelect;

export interface ChangedEvent {
  readonly event: Event;
  readonly before: Row;
  readonly after: Row;
  /** One of its passes, to show what phones show. Undefined if it has none. */
  readonly example: ExamplePass | undefined;
}

/**
 * @param demanded the revisions of which the event must have one
 * @throws ApiError event_not_found, precondition_failed, external_id_taken, invalid_pass or content_too_large
 */
export async function changeEvent(
  context: Context,
  projectId: number,
  id: number,
  input: EventChange,
  demanded?: DemandedRevisions,
): Promise<ChangedEvent> {
  const { db, now } = context;
  const { values, pass, without } = contentAfter(input);
  const sizes = sizesInSql({ values, pass });
  const differs = sql`(${values} <> ${events.values} OR ${events.pass} <> ${pass} OR ${events.without} <> ${without})`;
  const { name = sql`name` } = input;
  const externalId = input.externalId === undefined ? sql`external_id` : input.externalId;
  const isRenamed = sql`(${events.name} <> ${name} OR ${events.externalId} IS NOT ${externalId})`;
  const allowed = and(
    livingEventIn(projectId, id),
    hasRevision(events.revision, demanded),
    fitsInSql(sizes),
    areWhole(pass, input.pass),
  );
  const write = db
    .update(events)
    .set({ values, pass, without, revision: sql`${events.revision} + 1` })
    .where(and(allowed, differs));
  const { before, change, rows, example, wasRepeated } = await refuseTakenExternalId(
    repeatableBatchOf(db, {
      mark: markRequest(context, id, events, allowed),
      before: db.select().from(events).where(livingEventIn(projectId, id)),
      // Phones do not show these columns, so there is no change row and no push. It raises the revision if `write` does not.
      renamed: db
        .update(events)
        .set({ name, externalId, updatedAt: now, revision: sql`${events.revision} + NOT ${differs}` })
        .where(and(allowed, isRenamed)),
      change: recordChange(context, write, { kind: "event", id }, { kind: "changed" }),
      rows: db
        .select({ ...getTableColumns(events), ...sizes })
        .from(events)
        .where(livingEventIn(projectId, id)),
      example: selectExample(db, id),
    }),
    "Another event of this project",
    input.externalId,
  );
  const [row] = rows;
  if (row === undefined) throw eventNotFound(id);
  const [old] = before;
  if (old === undefined) throw new Error("an event that did not exist before its change");
  announceEventIfVisible(context, recordedChange(change, row), old, row);
  refuseChange(input, { before: old, after: row, sizes: row }, demanded, { now, wasRepeated });
  return { event: showEventRow(row), before: old, after: row, example: example[0] };
}

/** SQL: the columns of the event after the change. The same change once more gives the same. */
export function contentAfter(input: EventChange) {
  return {
    values: sql`json_patch(${events.values}, ${writeJson(input.values ?? {})})`,
    pass: patchedOverrides(events.pass, input.pass),
    without: input.without === undefined ? sql`${events.without}` : sql`${writeJson(input.without)}`,
  };
}

/**
 * Throws the reason if the change is refused.
 * @param rows `sizes`: those after the change
 * @throws ApiError precondition_failed, invalid_pass or content_too_large
 */
export function refuseChange(
  input: EventChange,
  rows: {
    readonly before: Row;
    readonly after: Row;
    readonly sizes: Parameters<typeof refuseLargeEvent>[0];
  },
  demanded: DemandedRevisions,
  attempt: Parameters<typeof refuseOtherRevision>[2],
): void {
  refuseOtherRevision(demanded, rows.before, attempt);
  refusePartial(rows.after.pass, input.pass);
  refuseLargeEvent(rows.sizes);
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
  const allowed = and(livingEventIn(projectId, id), hasRevision(events.revision, demanded));
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

/** For a WHERE on events. */
export function livingEventIn(projectId: number, id: number) {
  return and(livingEvent(id), eq(events.projectId, projectId));
}

export function showEventRow(row: Row): Event {
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
