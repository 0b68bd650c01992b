/**
 * Templates: what the passes of one kind have in common. A change of a template is a change of all its passes, and
 * costs two rows however many there are (changes/log.ts).
 *
 * It renders nothing (passes/serve.ts) and takes what pkpass/schema.ts has checked.
 */
import { and, desc, eq, isNull, lt, sql } from "drizzle-orm";
import { type RecordedChange, recordedChange, templateChanged, templateMade } from "../changes/log.ts";
import { type Database, isUniqueViolation } from "../db/client.ts";
import { passTypes, templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { demandProject } from "../events/projects.ts";
import { fieldKinds } from "../pkpass/fields.ts";
import type { TemplatePass } from "../pkpass/schema.ts";
import { discardFiles, type Files, type ReplacedFiles, replaceFiles } from "./files.ts";
import { checkImages, demandIcon, type ImageFacts, storeImages } from "./images.ts";
import { type Images, type Strings, storePack } from "./packs.ts";

/** Which device path its passes name. */
export type WebService = (typeof templates.webService.enumValues)[number];

export interface NewTemplate {
  readonly passTypeIdentifier: string;
  readonly name: string;
  readonly externalId?: string | undefined;
  readonly pass: TemplatePass;
  readonly images: Images;
  readonly strings: Strings;
  readonly webService: WebService;
  readonly projectId?: number | undefined;
}

/** What is absent stays; `pass`, `images` and `strings` replace as a whole. */
export interface TemplateChange {
  readonly name?: string | undefined;
  readonly externalId?: string | null | undefined;
  readonly pass?: TemplatePass | undefined;
  readonly images?: Images | undefined;
  readonly strings?: Strings | undefined;
  readonly webService?: WebService | undefined;
  readonly projectId?: number | null | undefined;
}

export interface Template {
  readonly id: number;
  readonly passTypeIdentifier: string;
  readonly projectId: number | null;
  readonly name: string;
  readonly externalId: string | null;
  readonly webService: WebService;
  readonly pass: TemplatePass;
  readonly images: Readonly<Record<string, ImageFacts>>;
  readonly strings: Strings;
  readonly createdAt: string;
  readonly updatedAt: string;
}

type Row = typeof templates.$inferSelect;
/** How often a change starts anew when another one replaced the pack in between. */
const ATTEMPTS = 3;

/** @throws ApiError pass_type_not_found, project_not_found, external_id_taken, missing_icon or invalid_image */
export async function createTemplate(
  db: Database,
  bucket: R2Bucket,
  input: NewTemplate,
  actor: string,
  now: number,
): Promise<Template> {
  const { passTypeIdentifier } = input;
  checkImages(input.images);
  demandIcon(input.images);
  const passType = await db.query.passTypes.findFirst({
    where: eq(passTypes.passTypeIdentifier, passTypeIdentifier),
  });
  if (passType === undefined) {
    throw new ApiError(
      "pass_type_not_found",
      `"${passTypeIdentifier}" is not known here. Make it first: POST /admin/v1/pass-types.`,
      { pointer: "/passTypeIdentifier" },
    );
  }
  if (input.projectId !== undefined) await demandProject(db, input.projectId);
  const images = await storeImages(bucket, input.images);
  const pack = await storePack(bucket, input.images, input.strings);
  try {
    const [made] = await db.batch([
      db
        .insert(templates)
        .values({
          passTypeIdentifier,
          projectId: input.projectId ?? null,
          externalId: input.externalId ?? null,
          webService: input.webService,
          name: input.name,
          pass: JSON.stringify(input.pass),
          fields: JSON.stringify(fieldKinds(input.pass)),
          images: JSON.stringify(images),
          strings: JSON.stringify(input.strings),
          pack,
          createdAt: now,
          updatedAt: now,
        })
        .returning(),
      ...templateMade(db, { actor, now }),
    ]);
    const [row] = made;
    if (row === undefined) throw new Error("an insert that returned no row");
    return show(row);
  } catch (error) {
    // Only a refusal is sure not to have been written; what an unclear failure leaves, the sweep sorts out.
    if (!isUniqueViolation(error)) throw error;
    await bucket.delete(pack);
    throw externalIdTaken(input.externalId);
  }
}

/**
 * Changes a template. What phones show changes only if `pass`, `images`, `strings` or `webService` differ from what is
 * there.
 * @returns the template, and the change if there was one
 */
export async function changeTemplate(
  db: Database,
  bucket: R2Bucket,
  id: number,
  input: TemplateChange,
  actor: string,
  now: number,
): Promise<{ template: Template; change: RecordedChange | undefined }> {
  if (input.images !== undefined) {
    checkImages(input.images);
    demandIcon(input.images);
  }
  if (typeof input.projectId === "number") await demandProject(db, input.projectId);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    // Only new files need the row first: a change of texts is one batch.
    const files =
      input.images === undefined && input.strings === undefined
        ? undefined
        : await replaceFiles(bucket, filesOf(await find(db, id)), input);
    try {
      const written = await write(db, id, input, files, actor, now);
      if (written !== undefined) return written;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      await discardFiles(bucket, files);
      throw externalIdTaken(input.externalId);
    }
    await discardFiles(bucket, files);
  }
  throw new ApiError(
    "changed_meanwhile",
    "Other changes of this template came in between. Send this one again.",
  );
}

/** @throws ApiError template_not_found or template_in_use */
export async function deleteTemplate(db: Database, id: number, now: number): Promise<void> {
  const inUse = sql`EXISTS (SELECT 1 FROM passes WHERE passes.template_id = ${id} AND passes.deleted_at IS NULL)`;
  const [deleted, rows] = await db.batch([
    db
      .update(templates)
      .set({ deletedAt: now, externalId: null, updatedAt: now })
      .where(and(living(id), sql`NOT ${inUse}`)),
    db.select({ id: templates.id }).from(templates).where(living(id)),
  ]);
  if (deleted.meta.changes > 0) return;
  if (rows.length === 0) throw templateNotFound(id);
  throw new ApiError(
    "template_in_use",
    "Delete its passes first, or leave it: installed passes are rendered from it.",
  );
}

/** @throws ApiError template_not_found */
export async function showTemplate(db: Database, id: number): Promise<Template> {
  return show(await find(db, id));
}

/** Newest first. @param cursor the id that the page before ended with */
export async function listTemplates(
  db: Database,
  projectId: number | undefined,
  cursor: number | undefined,
  limit: number,
): Promise<Template[]> {
  const rows = await db
    .select()
    .from(templates)
    .where(
      and(
        isNull(templates.deletedAt),
        projectId === undefined ? undefined : eq(templates.projectId, projectId),
        cursor === undefined ? undefined : lt(templates.id, cursor),
      ),
    )
    .orderBy(desc(templates.id))
    .limit(limit);
  return rows.map(show);
}

/** The refusal for an id that is unknown or deleted. */
export function templateNotFound(id: number): ApiError {
  return new ApiError("template_not_found", `There is no template ${id}, or it was deleted.`);
}

/** One batch. @returns undefined if another change replaced the files in between */
async function write(
  db: Database,
  id: number,
  input: TemplateChange,
  files: ReplacedFiles | undefined,
  actor: string,
  now: number,
) {
  const pass = input.pass === undefined ? undefined : JSON.stringify(input.pass);
  const current =
    files === undefined ? undefined : sql`${templates.pack} IN (${files.basedOn}, ${files.pack})`;
  const webService = input.webService ?? sql`web_service`;
  const differs = sql`(${pass === undefined ? sql`0` : sql`${templates.pass} <> ${pass}`}
    OR ${files === undefined ? sql`0` : sql`${templates.pack} <> ${files.pack}`}
    OR ${templates.webService} <> ${webService})`;
  const name = input.name ?? sql`name`;
  const externalId = input.externalId === undefined ? sql`external_id` : input.externalId;
  const projectId = input.projectId === undefined ? sql`project_id` : input.projectId;
  const renamed = sql`(${templates.name} <> ${name} OR ${templates.externalId} IS NOT ${externalId}
    OR ${templates.projectId} IS NOT ${projectId})`;
  const [, inserted, , , rows] = await db.batch([
    db
      .update(templates)
      .set({
        pass: pass ?? sql`pass`,
        fields: input.pass === undefined ? sql`fields` : JSON.stringify(fieldKinds(input.pass)),
        images: files === undefined ? sql`images` : JSON.stringify(files.images),
        strings: files === undefined ? sql`strings` : JSON.stringify(files.strings),
        pack: files?.pack ?? sql`pack`,
        webService,
      })
      .where(and(living(id), current, differs)),
    ...templateChanged(db, id, { kind: "changed", actor, now }),
    db
      .update(templates)
      .set({ name, externalId, projectId, updatedAt: now })
      .where(and(living(id), current, renamed)),
    db.select().from(templates).where(living(id)),
  ]);
  const [row] = rows;
  if (row === undefined) throw templateNotFound(id);
  if (files !== undefined && row.pack !== files.pack) return undefined;
  return { template: show(row), change: recordedChange(inserted, row) };
}

async function find(db: Database, id: number): Promise<Row> {
  const [row] = await db.select().from(templates).where(living(id));
  if (row === undefined) throw templateNotFound(id);
  return row;
}

function living(id: number) {
  return and(eq(templates.id, id), isNull(templates.deletedAt));
}

function filesOf(row: Row): Files {
  return { pack: row.pack, images: JSON.parse(row.images), strings: JSON.parse(row.strings) };
}

function show(row: Row): Template {
  return {
    id: row.id,
    passTypeIdentifier: row.passTypeIdentifier,
    projectId: row.projectId,
    name: row.name,
    externalId: row.externalId,
    webService: row.webService,
    pass: JSON.parse(row.pass),
    images: JSON.parse(row.images),
    strings: JSON.parse(row.strings),
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}

function externalIdTaken(externalId: string | null | undefined): ApiError {
  return new ApiError(
    "external_id_taken",
    `Another template of this pass type has the externalId "${externalId}".`,
    {
      pointer: "/externalId",
    },
  );
}
