/**
 * Changes templates. A change of a template is a change of all its passes, and writes two rows, however many passes there
 * are (changes/log.ts).
 *
 * Nothing is rendered here (passes/serve.ts). The input has been validated with pkpass/schema/schema.ts.
 */
import { and, eq, sql } from "drizzle-orm";
import { recordChange, recordedChange } from "../changes/log.ts";
import { markIfInvisible } from "../changes/visible.ts";
import type { WebServicePath } from "../config.ts";
import type { Context } from "../context.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { refuseTakenExternalId } from "../db/external-ids.ts";
import { markClassesStale } from "../db/google-stale.ts";
import { retryOvertaken } from "../db/overtaken.ts";
import { markRequest } from "../db/requests.ts";
import { type DemandedRevisions, hadRevision, hasRevision, refuseOtherRevision } from "../db/revisions.ts";
import { templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { demandProject } from "../events/projects.ts";
import { writeJson } from "../json.ts";
import { dropObjects, nameObjects } from "../objects/uses.ts";
import { fieldKinds } from "../pkpass/schema/field-kinds.ts";
import { keysOf, type ReplacedFiles, userOfFiles } from "./files.ts";
import { refuseTakenSlug } from "./join-slug.ts";
import { type ContentChange, changesContent, type MergedTemplate, mergeTemplate } from "./merge.ts";
import type { OfferedWallets } from "./offered-wallets.ts";
import {
  type BarcodeText,
  findTemplate,
  livingTemplate,
  showTemplateRow,
  type Template,
  type TemplateRow,
  templateNotFound,
  toColumn,
} from "./show.ts";
import { shownTemplate } from "./visible.ts";

/** Absent members stay unchanged. */
export interface TemplateChange extends ContentChange {
  readonly name?: string | undefined;
  readonly externalId?: string | null | undefined;
  readonly webService?: WebServicePath | undefined;
  readonly projectId?: number | null | undefined;
  readonly barcodeText?: BarcodeText | null | undefined;
  readonly contact?: string | null | undefined;
  readonly wallets?: OfferedWallets | null | undefined;
}

export interface ChangedTemplate {
  readonly template: Template;
  readonly before: TemplateRow;
  readonly after: TemplateRow;
}

/**
 * Changes a template. Phones are notified only if `pass`, `images`, `strings`, `personalization`, `barcodeText` or
 * `webService` differ from the stored values.
 * @param demanded the template must have one of these revisions
 * @throws ApiError template_not_found, precondition_failed, project_not_found, external_id_taken, changed_meanwhile, and as
 *   mergeTemplate
 */
export async function changeTemplate(
  context: Context,
  id: number,
  input: TemplateChange,
  demanded?: DemandedRevisions,
): Promise<ChangedTemplate> {
  const { db } = context;
  if (typeof input.projectId === "number") await demandProject(db, input.projectId);
  return retryOvertaken(async () => {
    let merged: MergedTemplate | undefined;
    // The row has to be read first only for new content. Any other change is a single batch.
    if (changesContent(input)) {
      const row = await findTemplate(db, id);
      refuseOtherRevision(demanded, row);
      merged = await mergeTemplate(context, row, input);
    }
    return refuseTakenExternalId(
      refuseTakenSlug(writeTemplate(context, id, input, merged, demanded), merged?.join),
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
  const { db, now, writeId } = context;
  const revisions = merged === undefined ? demanded : [merged.basedOn];
  // Unchanged files are not written, because each write of the pack writes its index too.
  const files = merged?.files.isChanged ? merged.files : undefined;
  // Phones have the pack. If it is the same, only images for Google differ.
  const pack = files?.pack === files?.basedOn ? undefined : files?.pack;
  const ofGoogle = pack === undefined ? files : undefined;
  const pass = merged && writeJson(merged.pass);
  const hasPack = merged && sql`${templates.pack} IN (${merged.files.basedOn}, ${merged.files.pack})`;
  const webService = input.webService ?? sql`web_service`;
  const personalization = merged === undefined ? sql`personalization` : toColumn(merged.personalization);
  const barcodeText = input.barcodeText === undefined ? sql`barcode_text` : input.barcodeText;
  const differs = sql`(${pass === undefined ? sql`0` : sql`${templates.pass} <> ${pass}`}
    OR ${pack === undefined ? sql`0` : sql`${templates.pack} <> ${pack}`}
    OR ${templates.personalization} IS NOT ${personalization}
    OR ${templates.barcodeText} IS NOT ${barcodeText}
    OR ${templates.webService} <> ${webService})`;
  const name = input.name ?? sql`name`;
  const externalId = input.externalId === undefined ? sql`external_id` : input.externalId;
  const projectId = input.projectId === undefined ? sql`project_id` : input.projectId;
  const contact = input.contact === undefined ? sql`contact` : input.contact;
  const wallets = input.wallets === undefined ? sql`wallets` : input.wallets;
  const scan = merged === undefined ? sql`scan` : toColumn(merged.scan);
  const join = merged === undefined ? sql`"join"` : toColumn(merged.join);
  const google = merged === undefined ? sql`google` : toColumn(merged.google);
  const images = ofGoogle === undefined ? sql`images` : writeJson(ofGoogle.images);
  const isRenamed = sql`(${templates.name} <> ${name} OR ${templates.externalId} IS NOT ${externalId}
    OR ${templates.projectId} IS NOT ${projectId} OR ${templates.contact} IS NOT ${contact}
    OR ${templates.wallets} IS NOT ${wallets}
    OR ${templates.scan} IS NOT ${scan} OR ${templates.join} IS NOT ${join}
    OR ${templates.google} IS NOT ${google} OR ${templates.images} <> ${images})`;
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
      pack,
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
        wallets,
        scan,
        join,
        google,
        images,
        updatedAt: now,
        writeId,
        revision: sql`${templates.revision} + NOT ${differs}`,
      })
      .where(and(allowed, isRenamed)),
    change: recordChange(context, update, { kind: "template", id }, { kind: "changed" }),
    // iPhones do not show this part, so there is no change row. The classes are marked here instead.
    googleClasses:
      input.google === undefined && ofGoogle === undefined ? undefined : markClassesStale(db, id, now),
    objects: files && useFiles(db, id, files, now),
    rows: db.select().from(templates).where(livingTemplate(id)),
  });
  const [row] = rows;
  if (row === undefined) throw templateNotFound(id);
  const [old] = before;
  if (old === undefined) throw new Error("a template that did not exist before its change");
  const attempt = { writeId, wasRepeated };
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
  return { template: showTemplateRow(row, context.config.publicOrigin), before: old, after: row };
}

/** Statements: the template uses these files, and no others. They do nothing if another change replaced the files in between. */
function useFiles(db: Database, id: number, files: ReplacedFiles, now: number) {
  const hasFiles = and(eq(templates.pack, files.pack), eq(templates.images, writeJson(files.images)));
  const user = userOfFiles(and(livingTemplate(id), hasFiles));
  return { ...nameObjects(db, user, keysOf(files)), ...dropObjects(db, user, now, keysOf(files)) };
}
