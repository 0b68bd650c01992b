/**
 * Projects: groups of templates and events. Phones do not show anything of a project, so a change of a project is not a
 * change of a pass.
 */
import { desc, eq, type SQL, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { batchOf, repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { refuseTakenExternalId } from "../db/external-ids.ts";
import { type Page, type PagePosition, pageOf, toPage } from "../db/page.ts";
import { writeOnce } from "../db/repeat.ts";
import { type Marker, markIf, markRequest } from "../db/requests.ts";
import { projects } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import type { Scope } from "../keys/principal.ts";
import { projectsWithin } from "../keys/scope.ts";

export interface NewProject {
  readonly name: string;
  readonly externalId?: string | undefined;
}

/** Absent members stay unchanged. A null externalId removes the externalId. */
export interface ProjectChange {
  readonly name?: string | undefined;
  readonly externalId?: string | null | undefined;
}

export interface Project {
  readonly id: number;
  readonly name: string;
  readonly externalId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

type Row = typeof projects.$inferSelect;

/** @throws ApiError external_id_taken */
export async function createProject(context: Context, input: NewProject): Promise<Project> {
  const { db, now, writeId } = context;
  const times = { createdAt: now, updatedAt: now };
  const made = { name: input.name, externalId: input.externalId ?? null, writeId, ...times };
  const [row] = await refuseTakenExternalId(
    writeOnce(
      () => insertProject(context, made),
      () => findCreated(db, writeId),
    ),
    "Another project",
    input.externalId,
  );
  if (row === undefined) throw new Error("an insert that returned no row");
  return showProjectRow(row);
}

async function insertProject(context: Marker, made: typeof projects.$inferInsert): Promise<Row[]> {
  const { rows } = await batchOf(context.db, {
    rows: context.db.insert(projects).values(made).returning(),
    mark: markIf(context, sql`last_insert_rowid()`),
  });
  return rows;
}

/** The project that this request has created. There are few, so no index finds it. */
async function findCreated(db: Database, writeId: number): Promise<Row[] | undefined> {
  const rows = await db.select().from(projects).where(eq(projects.writeId, writeId));
  return rows.length === 0 ? undefined : rows;
}

/** @throws ApiError project_not_found or external_id_taken */
export async function changeProject(context: Marker, id: number, input: ProjectChange): Promise<Project> {
  const { db, now } = context;
  const { name, externalId } = input;
  const { rows } = await refuseTakenExternalId(
    repeatableBatchOf(db, {
      mark: markRequest(context, id, projects, eq(projects.id, id)),
      rows: db
        .update(projects)
        .set({
          name: name ?? sql`name`,
          externalId: externalId === undefined ? sql`external_id` : externalId,
          updatedAt: now,
        })
        .where(eq(projects.id, id))
        .returning(),
    }),
    "Another project",
    externalId,
  );
  const [row] = rows;
  if (row === undefined) throw projectNotFound(id);
  return showProjectRow(row);
}

/**
 * The row is gone after it. So after a repeat, a project that does not exist counts as deleted by an earlier attempt.
 * @throws ApiError project_not_found or project_in_use
 */
export async function deleteProject(context: Marker, id: number): Promise<void> {
  const { db } = context;
  const inUse = sql`EXISTS (SELECT 1 FROM events WHERE events.project_id = ${id} AND events.deleted_at IS NULL)
    OR EXISTS (SELECT 1 FROM templates WHERE templates.project_id = ${id} AND templates.deleted_at IS NULL)`;
  const allowed = sql`${projects.id} = ${id} AND NOT (${inUse})`;
  const { deleted, left, wasRepeated } = await repeatableBatchOf(db, {
    mark: markRequest(context, id, projects, allowed),
    deleted: db.delete(projects).where(allowed),
    left: db.select({ id: projects.id }).from(projects).where(eq(projects.id, id)),
  });
  if (deleted.meta.changes > 0 || (wasRepeated && left.length === 0)) return;
  if (left.length === 0) throw projectNotFound(id);
  throw new ApiError(
    "project_in_use",
    "Delete the project's events and templates first, or move the templates to another project.",
  );
}

/** @throws ApiError project_not_found */
export async function showProject(db: Database, id: number): Promise<Project> {
  const [row] = await db.select().from(projects).where(eq(projects.id, id));
  if (row === undefined) throw projectNotFound(id);
  return showProjectRow(row);
}

/** Newest first. */
export async function listProjects(
  { db, scope }: { readonly db: Database; readonly scope: Scope | undefined },
  position: PagePosition,
): Promise<Page<Project>> {
  const page = pageOf(db, projects, { ...position, where: projectsWithin(scope) });
  const rows = await db
    .select({ row: projects, candidates: page.candidates })
    .from(page)
    .innerJoin(projects, eq(projects.id, page.id))
    .orderBy(desc(page.id));
  return toPage(rows, ({ row }) => showProjectRow(row));
}

/** Checks that the project in a body exists. @throws ApiError project_not_found, with a pointer to `projectId` */
export async function demandProject(db: Database, id: number): Promise<void> {
  const [found] = await db.select({ id: projects.id }).from(projects).where(eq(projects.id, id));
  if (found === undefined) throw projectNotFound(id, "/projectId");
}

/** The refusal for an id that is unknown or deleted. */
export function projectNotFound(id: number, pointer?: string): ApiError {
  const detail = `There is no project ${id}, or it was deleted.`;
  return new ApiError("project_not_found", detail, pointer === undefined ? {} : { pointer });
}

function showProjectRow(row: Row): Project {
  return {
    id: row.id,
    name: row.name,
    externalId: row.externalId,
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}

/** SQL: whether the project exists. Undefined without a project. */
export function existsProject(projectId: number | null | undefined): SQL | undefined {
  return typeof projectId === "number"
    ? sql`EXISTS (SELECT 1 FROM ${projects} WHERE ${eq(projects.id, projectId)})`
    : undefined;
}
