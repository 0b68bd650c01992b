/**
 * Copies a template, also to another pass type.
 *
 * The copy uses the same images and the same pack, because neither ever changes. So R2 is neither read nor written. One
 * batch reads the original, and adds the copy to the users of its objects. So if the original is deleted at the same time,
 * either there is no copy, or the objects are still in use (objects/uses.ts).
 */
import { and, eq, getTableColumns, gt, sql } from "drizzle-orm";
import { recordCreation } from "../changes/log.ts";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { refuseTakenExternalId } from "../db/external-ids.ts";
import { writeOnce } from "../db/repeat.ts";
import { templates } from "../db/schema.ts";
import { AUTOINCREMENT, selectInto } from "../db/select-into.ts";
import { ApiError } from "../errors.ts";
import { demandProject, existsProject } from "../events/projects.ts";
import { existsPassType } from "../identities/pass-types.ts";
import { shareObjects } from "../objects/uses.ts";
import { demandPassType } from "./create.ts";
import { findTemplate, livingTemplate, showTemplateRow, type Template, type TemplateRow } from "./show.ts";

/** The ids that a repeat looks through for its copy. */
const RECENT_TEMPLATES = 1000;

/** What differs in the copy. */
export interface TemplateCopy {
  /** Absent: the same as in the original. */
  readonly passTypeIdentifier?: string | undefined;
  /** Absent: the same as in the original. */
  readonly name?: string | undefined;
  /** Absent: none. An externalId is unique. */
  readonly externalId?: string | undefined;
  /** Absent: the same as in the original. Null: none. */
  readonly projectId?: number | null | undefined;
}

/** @throws ApiError template_not_found, pass_type_not_found, project_not_found, external_id_taken or changed_meanwhile */
export async function copyTemplate(context: Context, id: number, copy: TemplateCopy): Promise<Template> {
  const { db, writeId } = context;
  const row = await refuseTakenExternalId(
    writeOnce(
      () => insertCopy(context, id, copy),
      () => findCopy(db, writeId),
    ),
    "Another template of this pass type",
    copy.externalId,
  );
  if (row === undefined) throw await refusedCopy(db, id, copy);
  return showTemplateRow(row, context.config.publicOrigin);
}

/** @returns undefined if the original, the pass type or the project does not exist */
async function insertCopy(
  context: Context,
  id: number,
  { passTypeIdentifier, name, externalId, projectId }: TemplateCopy,
): Promise<TemplateRow | undefined> {
  const { db, now, writeId } = context;
  const values = {
    ...getTableColumns(templates), // what is not named here is as in the original
    id: AUTOINCREMENT,
    passTypeIdentifier: passTypeIdentifier ?? templates.passTypeIdentifier,
    name: name ?? templates.name,
    externalId: externalId ?? null,
    join: null, // its slug is unique
    projectId: projectId === undefined ? templates.projectId : projectId,
    revision: 1,
    writeId,
    tag: 0,
    modifiedAt: 0,
    pushAt: 0,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  const where = and(
    livingTemplate(id),
    // The original's pass type cannot be deleted while it exists.
    passTypeIdentifier === undefined ? undefined : existsPassType(passTypeIdentifier),
    existsProject(projectId),
  );
  const insert = db
    .insert(templates)
    .select(selectInto(templates, values, sql`FROM ${templates} WHERE ${where}`))
    .returning();
  const { change } = await batchOf(db, {
    change: recordCreation(context, insert, "template", (wrote, copyId) =>
      shareObjects(db, { kind: "template", id, with: copyId }, wrote),
    ),
  });
  return change.write[0];
}

/** The copy that this request has made: one of the newest templates, because it was made a moment ago. */
async function findCopy(db: Database, writeId: number): Promise<TemplateRow | undefined> {
  const newest = sql`(SELECT max(id) FROM ${templates})`;
  const [row] = await db
    .select()
    .from(templates)
    .where(and(gt(templates.id, sql`${newest} - ${RECENT_TEMPLATES}`), eq(templates.writeId, writeId)));
  return row;
}

/** The reason why nothing was inserted. */
async function refusedCopy(
  db: Database,
  id: number,
  { passTypeIdentifier, projectId }: TemplateCopy,
): Promise<ApiError> {
  await findTemplate(db, id);
  if (passTypeIdentifier !== undefined) await demandPassType(db, passTypeIdentifier);
  if (typeof projectId === "number") await demandProject(db, projectId);
  return new ApiError(
    "changed_meanwhile",
    "The pass type or the project was created at the same time. Send this request again.",
  );
}
