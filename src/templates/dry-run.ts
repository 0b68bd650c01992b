/**
 * A dry run of a change of a template. It takes the steps of the change (change.ts) up to its write, and stores no file.
 */
import { eq } from "drizzle-orm";
import { type DryRun, listDifferences } from "../changes/dry-run.ts";
import { selectPhones, selectSavedPasses, toPhones } from "../changes/phones.ts";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import { externalIdTaken, selectTaken } from "../db/external-ids.ts";
import { type DemandedRevisions, refuseOtherRevision } from "../db/revisions.ts";
import { templates } from "../db/schema.ts";
import { demandProject } from "../events/projects.ts";
import { writeJson } from "../json.ts";
import { fieldKinds } from "../pkpass/schema/field-kinds.ts";
import type { ChangedTemplate, TemplateChange } from "./change.ts";
import { reportTemplateChange } from "./change-report.ts";
import { selectTakenSlug, slugTaken } from "./join-slug.ts";
import { changesContent, type MergedTemplate, mergeTemplate } from "./merge.ts";
import { findOffer } from "./offered-wallets.ts";
import { findTemplate, showTemplateRow, type Template, type TemplateRow, toColumn } from "./show.ts";
import { shownTemplate } from "./visible.ts";

export interface TemplateDryRun {
  /** The template as it is, because nothing is written. */
  readonly template: Template;
  readonly change: Pick<ChangedTemplate, "before" | "after">;
  readonly report: DryRun;
  readonly hasGoogleIssuer: boolean;
}

/** @throws ApiError as changeTemplate does */
export async function dryRunTemplateChange(
  context: Context,
  id: number,
  input: TemplateChange,
  demanded?: DemandedRevisions,
): Promise<TemplateDryRun> {
  const { db } = context;
  if (typeof input.projectId === "number") await demandProject(db, input.projectId);
  const before = await findTemplate(db, id);
  refuseOtherRevision(demanded, before);
  const merged = changesContent(input)
    ? await mergeTemplate({ ...context, isDryRun: true }, before, input)
    : undefined;
  const after = { ...before, ...contentColumns(before, input, merged) };
  const isOfPassType = eq(templates.passTypeIdentifier, before.passTypeIdentifier);
  const { phones, saved, taken, takenSlug } = await batchOf(db, {
    phones: selectPhones(db, { kind: "template", id }),
    saved: selectSavedPasses(db, { kind: "template", id }),
    taken: selectTaken(db, templates, { id, externalId: input.externalId, among: isOfPassType }),
    takenSlug: selectTakenSlug(db, id, merged?.join),
  });
  if (taken?.length) throw externalIdTaken("Another template of this pass type", input.externalId);
  if (takenSlug?.length) throw slugTaken(merged?.join);
  const offer = await findOffer(db, after);
  return {
    template: showTemplateRow(before, context.config.publicOrigin),
    change: { before, after },
    hasGoogleIssuer: offer.hasIssuer,
    report: {
      dryRun: true,
      ...listDifferences(shownTemplate(before), shownTemplate(after)),
      ...(await reportTemplateChange(db, { before, after }, offer)),
      phones: toPhones(phones, saved),
    },
  };
}

/** The columns that phones show, and that the linter reads, after the change. @param merged undefined if it changes no content */
function contentColumns(
  before: TemplateRow,
  {
    barcodeText = before.barcodeText,
    webService = before.webService,
    wallets = before.wallets,
  }: TemplateChange,
  merged: MergedTemplate | undefined,
): Partial<TemplateRow> {
  return {
    ...(merged !== undefined && {
      pass: writeJson(merged.pass),
      fields: writeJson(fieldKinds(merged.pass)),
      personalization: toColumn(merged.personalization),
      google: toColumn(merged.google),
      images: writeJson(merged.files.images),
      strings: writeJson(merged.files.strings),
    }),
    barcodeText,
    webService,
    wallets,
  };
}
