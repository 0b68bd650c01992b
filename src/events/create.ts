/**
 * Creates an event of a project.
 */
import { and, eq, sql } from "drizzle-orm";
import { recordCreation } from "../changes/log.ts";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { refuseTakenExternalId } from "../db/external-ids.ts";
import { writeOnce } from "../db/repeat.ts";
import { events, projects } from "../db/schema.ts";
import { AUTOINCREMENT, selectInto } from "../db/select-into.ts";
import { writeJson } from "../json.ts";
import type { FieldOverrides, PassOverrides } from "../pkpass/schema/schema.ts";
import { type Event, showEventRow } from "./events.ts";
import { projectNotFound } from "./projects.ts";
import { refuseLargeEvent, sizesOf } from "./size.ts";

type Row = typeof events.$inferSelect;

export interface NewEvent {
  readonly name: string;
  readonly externalId?: string | undefined;
  readonly values?: FieldOverrides | undefined;
  readonly pass?: PassOverrides | undefined;
  /** Keys of pass.json that the event removes. */
  readonly without?: readonly string[] | undefined;
}

/** @throws ApiError project_not_found, external_id_taken or content_too_large */
export async function createEvent(context: Context, projectId: number, input: NewEvent): Promise<Event> {
  const { db, now, writeId } = context;
  const values = writeJson(input.values ?? {});
  const pass = writeJson(input.pass ?? {});
  refuseLargeEvent(sizesOf(values, pass));
  const content = {
    externalId: input.externalId ?? null,
    name: input.name,
    values,
    pass,
    without: writeJson(input.without ?? []),
    writeId,
    createdAt: now,
  };
  const row = await refuseTakenExternalId(
    writeOnce(
      () => insertEvent(context, projectId, content),
      () => findCreated(db, projectId, writeId),
    ),
    "Another event of this project",
    input.externalId,
  );
  if (row === undefined) throw projectNotFound(projectId);
  return showEventRow(row);
}

/** What is known of an event before it has an id. */
type Created = Pick<Row, "externalId" | "name" | "values" | "pass" | "without" | "writeId" | "createdAt">;

/** @returns undefined if there is no such project */
async function insertEvent(context: Context, projectId: number, content: Created): Promise<Row | undefined> {
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

/** The event that this request has created. */
async function findCreated(db: Database, projectId: number, writeId: number): Promise<Row | undefined> {
  const [row] = await db
    .select()
    .from(events)
    .where(and(eq(events.projectId, projectId), eq(events.writeId, writeId)));
  return row;
}
