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
import { type Database, isUniqueViolation } from "../db/client.ts";
import { externalIdTaken } from "../db/external-ids.ts";
import { writeOnce } from "../db/repeat.ts";
import { type DemandedRevisions, hasRevision, refuseOtherRevision } from "../db/revisions.ts";
import { passTypes, type Strings, templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { demandProject } from "../events/projects.ts";
import { type Json, type JsonObject, parseJson, writeJson } from "../json.ts";
import { dropObjects, nameObjects } from "../objects/uses.ts";
import { fieldKinds } from "../pkpass/schema/field-kinds.ts";
import type { Personalization, TemplatePass } from "../pkpass/schema/schema.ts";
import { type Files, keysOf, type ReplacedFiles, replaceFiles, storeFiles, userOfFiles } from "./files.ts";
import { templateImages } from "./images.ts";
import { refuseInvalid } from "./lint.ts";
import type { Images } from "./packs.ts";
import {
  type ChangedRule,
  changeRule,
  refuseUnfitRule,
  ruleFits,
  ruleOfRow,
  type ScanRule,
} from "./scan-rule.ts";
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
  readonly scan?: ScanRule | undefined;
}

/**
 * Absent members stay unchanged. `pass`, `images`, `strings` and `personalization` replace the stored ones completely.
 */
export interface TemplateChange {
  readonly name?: string | undefined;
  readonly externalId?: string | null | undefined;
  readonly pass?: TemplatePass | undefined;
  readonly images?: Images | undefined;
  readonly strings?: Strings | undefined;
  readonly personalization?: Personalization | null | undefined;
  readonly webService?: WebServicePath | undefined;
  readonly projectId?: number | null | undefined;
  readonly barcodeText?: BarcodeText | null | undefined;
  /** Merged into the stored rule by key (RFC 7396); null removes it. */
  readonly scan?: JsonObject | null | undefined;
}

/** How often a change is tried again if another change has replaced the pack meanwhile. */
const ATTEMPTS = 3;

/**
 * @throws ApiError pass_type_not_found, project_not_found, external_id_taken, missing_icon, invalid_image, invalid_pass or
 *   concurrent_change
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
  try {
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
      scan: input.scan === undefined ? null : writeJson(input.scan),
      pack,
      createdAt: now,
      updatedAt: now,
    };
    const row = await writeOnce(
      () => insertTemplate(context, values, keysOf({ pack, images })),
      () => findByPack(db, pack),
    );
    return showTemplateRow(row);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw externalIdTaken("Another template of this pass type", input.externalId);
  }
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
 */
export async function changeTemplate(
  context: Context,
  id: number,
  input: TemplateChange,
  demanded?: DemandedRevisions,
): Promise<Template> {
  const { db } = context;
  const images = input.images === undefined ? undefined : templateImages(input.images);
  refuseInvalid({ ...input, images: images?.files });
  if (typeof input.projectId === "number") await demandProject(db, input.projectId);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    // The row has to be read first only for new files. Any other change is a single batch.
    const files =
      images === undefined && input.strings === undefined
        ? undefined
        : await replaceFiles(context, toFiles(await findTemplate(db, id)), {
            images,
            strings: input.strings,
          });
    const rule = input.scan === undefined ? undefined : changeRule(await findTemplate(db, id), input);
    try {
      const written = await writeTemplate(context, id, input, { files, rule }, demanded);
      if (written !== undefined) return written;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw externalIdTaken("Another template of this pass type", input.externalId);
    }
  }
  throw new ApiError(
    "concurrent_change",
    "Other requests changed this template at the same time. Send this request again.",
  );
}

/**
 * One batch, which may run twice: then the row has the pack of an earlier attempt.
 * @returns undefined if another change replaced the files, the rule of scans or the fields in between
 */
async function writeTemplate(
  context: Context,
  id: number,
  input: TemplateChange,
  { files, rule }: { readonly files: ReplacedFiles | undefined; readonly rule: ChangedRule | undefined },
  demanded: DemandedRevisions,
): Promise<Template | undefined> {
  const { db, now } = context;
  const pass = input.pass === undefined ? undefined : writeJson(input.pass);
  const isCurrent =
    files === undefined ? undefined : sql`${templates.pack} IN (${files.basedOn}, ${files.pack})`;
  const webService = input.webService ?? sql`web_service`;
  const personalization =
    input.personalization === undefined ? sql`personalization` : toColumn(input.personalization);
  const barcodeText = input.barcodeText === undefined ? sql`barcode_text` : input.barcodeText;
  const differs = sql`(${pass === undefined ? sql`0` : sql`${templates.pass} <> ${pass}`}
    OR ${files === undefined ? sql`0` : sql`${templates.pack} <> ${files.pack}`}
    OR ${templates.personalization} IS NOT ${personalization}
    OR ${templates.barcodeText} IS NOT ${barcodeText}
    OR ${templates.webService} <> ${webService})`;
  const name = input.name ?? sql`name`;
  const externalId = input.externalId === undefined ? sql`external_id` : input.externalId;
  const projectId = input.projectId === undefined ? sql`project_id` : input.projectId;
  const scan = rule === undefined ? sql`scan` : rule.scan;
  const isRenamed = sql`(${templates.name} <> ${name} OR ${templates.externalId} IS NOT ${externalId}
    OR ${templates.projectId} IS NOT ${projectId} OR ${templates.scan} IS NOT ${scan})`;
  const allowed = and(
    livingTemplate(id),
    hasRevision(templates.revision, demanded),
    isCurrent,
    ruleFits(rule, input.pass),
  );
  const update = db
    .update(templates)
    .set({
      pass,
      fields: input.pass && writeJson(fieldKinds(input.pass)),
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
    before: db.select().from(templates).where(livingTemplate(id)),
    // Phones do not show these columns, so there is no change row and no push. It raises the revision if `update` does not.
    renamed: db
      .update(templates)
      .set({
        name,
        externalId,
        projectId,
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
  refuseOtherRevision(demanded, old, { now, wasRepeated });
  if (files !== undefined && row.pack !== files.pack) return undefined;
  if (rule !== undefined && row.scan !== rule.scan) return undefined;
  if (rule === undefined && input.pass !== undefined) refuseUnfitRule(ruleOfRow(row), fieldKinds(input.pass));
  const target = { kind: "template", id, pushAtBefore: old.pushAt } as const;
  const shown = { before: () => shownTemplate(old), after: () => shownTemplate(row) };
  context.announce(markIfInvisible(recordedChange(change, row), target, shown));
  return showTemplateRow(row);
}

/** Statements: the template uses these files, and no others. They do nothing if another change replaced the files in between. */
function useFiles(db: Database, id: number, files: ReplacedFiles, now: number) {
  const user = userOfFiles(and(livingTemplate(id), eq(templates.pack, files.pack)));
  return { ...nameObjects(db, user, keysOf(files)), ...dropObjects(db, user, now, keysOf(files)) };
}

/** What a template gives to its passes. A text that each pass replaces counts too: no query could tell. */
function shownTemplate(row: TemplateRow) {
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

function toFiles(row: TemplateRow): Files {
  return { pack: row.pack, images: parseJson(row.images), strings: parseJson(row.strings) };
}

function toColumn(personalization: Personalization | null): Json<Personalization> | null {
  return personalization === null ? null : writeJson(personalization);
}
