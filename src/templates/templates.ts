/**
 * Templates: the content that all passes of one kind share. A change of a template is a change of all its passes, and
 * writes two rows, however many passes there are (changes/log.ts).
 *
 * Nothing is rendered here (passes/serve.ts). The input has been validated with pkpass/schema/schema.ts.
 */
import { and, eq, sql } from "drizzle-orm";
import { recordChange, recordCreation, recordedChange } from "../changes/log.ts";
import { imageHashes, markIfInvisible } from "../changes/visible.ts";
import type { WebServicePath } from "../config.ts";
import type { Context } from "../context.ts";
import { batchOf, repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { refuseTakenExternalId } from "../db/external-ids.ts";
import { retryOvertaken } from "../db/overtaken.ts";
import { writeOnce } from "../db/repeat.ts";
import { markRequest } from "../db/requests.ts";
import { type DemandedRevisions, hadRevision, hasRevision, refuseOtherRevision } from "../db/revisions.ts";
import { passTypes, type Strings, templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { demandProject } from "../events/projects.ts";
import { type Json, writeJson } from "../json.ts";
import { dropObjects, nameObjects } from "../objects/uses.ts";
import { fieldKinds } from "../pkpass/schema/field-kinds.ts";
import type { Personalization, TemplatePass } from "../pkpass/schema/schema.ts";
import { keysOf, type ReplacedFiles, storeFiles, userOfFiles } from "./files.ts";
import { templateImages } from "./images.ts";
import { refuseInvalid } from "./lint.ts";
import { type ContentChange, changesContent, type MergedTemplate, mergeTemplate } from "./merge.ts";
import type { Images } from "./packs.ts";
import { refuseUnfitRule, type ScanRule } from "./scan-rule.ts";
import {
  type BarcodeText,
  findTemplate,
  livingTemplate,
  showTemplateRow,
  type Template,
  type TemplateRow,
  templateNotFound,
} from "./show.ts";

export interface NewTemplate {
  readonly passTypeIdentifier: string;
  readonly name: string;
  readonly externalId?: string | undefined;
  readonly pass: TemplatePass;
  readonly images: Images;
  readonly strings: Strings;
  /** personalization.json, if the passes ask their holders to sign up. */
  readonly personalization?: Personalization | undefined;
  readonly webService: WebServicePath;
  readonly projectId?: number | undefined;
  readonly barcodeText?: BarcodeText | undefined;
  readonly contact?: string | undefined;
  readonly scan?: ScanRule | undefined;
}

/** Absent members stay unchanged. */
export interface TemplateChange extends ContentChange {
  readonly name?: string | undefined;
  readonly externalId?: string | null | undefined;
  readonly webService?: WebServicePath | undefined;
  readonly projectId?: number | null | undefined;
  readonly barcodeText?: BarcodeText | null | undefined;
  readonly contact?: string | null | undefined;
}

export interface ChangedTemplate {
  readonly template: Template;
  readonly before: TemplateRow;
  readonly after: TemplateRow;
}

/**
 * @throws ApiError pass_type_not_found, project_not_found, external_id_taken, missing_icon, invalid_image, invalid_pass or
 *   changed_meanwhile
 */
export async function createTemplate(context: Context, input: NewTemplate): Promise<Template> {
  const { db, now } = context;
  const { passTypeIdentifier } = input;
  const full = templateImages(input.images);
  refuseInvalid({ ...input, images: full.files });
  refuseUnfitRule(input.scan, fieldKinds(input.pass));
  await demandPassType(db, passTypeIdentifier);
  if (input.projectId !== undefined) await demandProject(db, input.projectId);
  const { images, pack } = await storeFiles(context, full, input.strings);
  const values = {
    passTypeIdentifier,
    projectId: input.projectId ?? null,
    externalId: input.externalId ?? null,
    webService: input.webService,
    name: input.name,
    pass: writeJson(input.pass),
    fields: writeJson(fieldKinds(input.pass)),
    images: writeJson(images),
    strings: writeJson(input.strings),
    personalization: toColumn(input.personalization ?? null),
    barcodeText: input.barcodeText ?? null,
    contact: input.contact ?? null,
    scan: input.scan === undefined ? null : writeJson(input.scan),
    pack,
    createdAt: now,
    updatedAt: now,
  };
  const row = await refuseTakenExternalId(
    writeOnce(
      () => insertTemplate(context, values, keysOf({ pack, images })),
      () => findByPack(db, pack),
    ),
    "Another template of this pass type",
    input.externalId,
  );
  return showTemplateRow(row);
}

/** @param keys of its objects in R2 */
async function insertTemplate(
  context: Context,
  values: typeof templates.$inferInsert,
  keys: readonly string[],
): Promise<TemplateRow> {
  const { db } = context;
  const insert = db.insert(templates).values(values).returning();
  const { change } = await batchOf(db, {
    change: recordCreation(context, insert, "template"),
    objects: nameObjects(db, userOfFiles(eq(templates.pack, values.pack)), keys),
  });
  const [row] = change.write;
  if (row === undefined) throw new Error("an insert that returned no row");
  return row;
}

/** The template with this pack, whose key is random and was chosen for this template. */
async function findByPack(db: Database, pack: string): Promise<TemplateRow | undefined> {
  const [row] = await db.select().from(templates).where(eq(templates.pack, pack));
  return row;
}

/**
 * Changes a template. Phones are notified only if `pass`, `images`, `strings`, `personalization`, `barcodeText` or
 * `webService` differ from the stored values.
 * @param demanded the revisions of which the template must have one
 * @throws ApiError template_not_found, precondition_failed, project_not_found, external_id_taken, changed_meanwhile, and as
 *   mergeTemplate
 */
export async function changeTemplate(
  context: Context,
  id: number,
  input: TemplateChange,
  demanded?: DemandedRevisions,
): Promise<ChangedTemplate> {
  const { db, now } = context;
  if (typeof input.projectId === "number") await demandProject(db, input.projectId);
  return retryOvertaken(async () => {
    let merged: MergedTemplate | undefined;
    // The row has to be read first only for new content. Any other change is a single batch.
    if (changesContent(input)) {
      const row = await findTemplate(db, id);
      refuseOtherRevision(demanded, row, { now, wasRepeated: false });
      merged = await mergeTemplate(context, row, input);
    }
    return refuseTakenExternalId(
      writeTemplate(context, id, input, merged, demanded),
      "Another template of this pass type",
      input.externalId,
    );
  });
}

/**
 * One batch, which may run twice: then the row is that of an earlier attempt.
 * @throws ApiError changed_meanwhile if another change was written since the template was read, and as `changeTemplate`
 */
async function writeTemplate(
  context: Context,
  id: number,
  input: TemplateChange,
  merged: MergedTemplate | undefined,
  demanded: DemandedRevisions,
): Promise<ChangedTemplate> {
  const { db, now } = context;
  const revisions = merged === undefined ? demanded : [merged.basedOn];
  // Unchanged files are not written, because each write of the pack writes its index too.
  const files = merged?.files.pack === merged?.files.basedOn ? undefined : merged?.files;
  const pass = merged && writeJson(merged.pass);
  const hasPack = merged && sql`${templates.pack} IN (${merged.files.basedOn}, ${merged.files.pack})`;
  const webService = input.webService ?? sql`web_service`;
  const personalization = merged === undefined ? sql`personalization` : toColumn(merged.personalization);
  const barcodeText = input.barcodeText === undefined ? sql`barcode_text` : input.barcodeText;
  const differs = sql`(${pass === undefined ? sql`0` : sql`${templates.pass} <> ${pass}`}
    OR ${files === undefined ? sql`0` : sql`${templates.pack} <> ${files.pack}`}
    OR ${templates.personalization} IS NOT ${personalization}
    OR ${templates.barcodeText} IS NOT ${barcodeText}
    OR ${templates.webService} <> ${webService})`;
  const name = input.name ?? sql`name`;
  const externalId = input.externalId === undefined ? sql`external_id` : input.externalId;
  const projectId = input.projectId === undefined ? sql`project_id` : input.projectId;
  const contact = input.contact === undefined ? sql`contact` : input.contact;
  const scan = merged === undefined ? sql`scan` : toColumn(merged.scan);
  const isRenamed = sql`(${templates.name} <> ${name} OR ${templates.externalId} IS NOT ${externalId}
    OR ${templates.projectId} IS NOT ${projectId} OR ${templates.contact} IS NOT ${contact}
    OR ${templates.scan} IS NOT ${scan})`;
  const allowed = and(livingTemplate(id), hasRevision(templates.revision, revisions), hasPack);
  const update = db
    .update(templates)
    .set({
      pass,
      fields: merged && writeJson(fieldKinds(merged.pass)),
      images: files && writeJson(files.images),
      strings: files && writeJson(files.strings),
      personalization,
      barcodeText: input.barcodeText,
      pack: files?.pack,
      webService,
      revision: sql`${templates.revision} + 1`,
    })
    .where(and(allowed, differs));
  const { before, change, rows, wasRepeated } = await repeatableBatchOf(db, {
    mark: markRequest(context, id, templates, allowed),
    before: db.select().from(templates).where(livingTemplate(id)),
    // Phones do not show these columns, so there is no change row and no push. It raises the revision if `update` does not.
    renamed: db
      .update(templates)
      .set({
        name,
        externalId,
        projectId,
        contact,
        scan,
        updatedAt: now,
        revision: sql`${templates.revision} + NOT ${differs}`,
      })
      .where(and(allowed, isRenamed)),
    change: recordChange(context, update, { kind: "template", id }, { kind: "changed" }),
    objects: files && useFiles(db, id, files, now),
    rows: db.select().from(templates).where(livingTemplate(id)),
  });
  const [row] = rows;
  if (row === undefined) throw templateNotFound(id);
  const [old] = before;
  if (old === undefined) throw new Error("a template that did not exist before its change");
  const attempt = { now, wasRepeated };
  if (demanded !== undefined) refuseOtherRevision(revisions, old, attempt);
  if (merged !== undefined) {
    const isCurrent = hadRevision([merged.basedOn], old, attempt) && row.pack === merged.files.pack;
    if (!isCurrent)
      throw new ApiError(
        "changed_meanwhile",
        "Other requests changed this template at the same time. Send this request again.",
      );
  }
  const target = { kind: "template", id, pushAtBefore: old.pushAt } as const;
  const shown = { before: () => shownTemplate(old), after: () => shownTemplate(row) };
  context.announce(markIfInvisible(recordedChange(change, row), target, shown));
  return { template: showTemplateRow(row), before: old, after: row };
}

/** Statements: the template uses these files, and no others. They do nothing if another change replaced the files in between. */
function useFiles(db: Database, id: number, files: ReplacedFiles, now: number) {
  const user = userOfFiles(and(livingTemplate(id), eq(templates.pack, files.pack)));
  return { ...nameObjects(db, user, keysOf(files)), ...dropObjects(db, user, now, keysOf(files)) };
}

/** What a template gives to its passes. A text that each pass replaces counts too: no query could tell. */
export function shownTemplate(row: TemplateRow) {
  const { pass, images, strings, personalization, webService, barcodeText } = showTemplateRow(row);
  return { pass, images: imageHashes(images), strings, personalization, webService, barcodeText };
}

/** Checks the pass type that a body names. @throws ApiError pass_type_not_found */
export async function demandPassType(db: Database, passTypeIdentifier: string): Promise<void> {
  const [found] = await db
    .select({ passTypeIdentifier: passTypes.passTypeIdentifier })
    .from(passTypes)
    .where(eq(passTypes.passTypeIdentifier, passTypeIdentifier));
  if (found !== undefined) return;
  throw new ApiError(
    "pass_type_not_found",
    `There is no pass type "${passTypeIdentifier}". Create it first (POST /admin/v1/pass-types), or use another one.`,
    { pointer: "/passTypeIdentifier" },
  );
}

/** JSON for a column that may be null. */
export function toColumn<Content>(content: Content | null): Json<Content> | null {
  return content === null ? null : writeJson(content);
}
