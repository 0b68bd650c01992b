/**
 * Voiding a pass: its phones show it as no longer valid, and it cannot be redeemed. Each function is one conditional write and
 * its change row. Both may run twice: a voided pass stays voided, with the first time and reason. The reason may name a
 * person, so it is only in the row of the pass, and is deleted with it.
 */
import { and, isNotNull, isNull, not, type SQL, sql } from "drizzle-orm";
import { recordChange, recordedChange } from "../changes/log.ts";
import type { Context } from "../context.ts";
import { repeatableBatchOf, type Statement } from "../db/batch.ts";
import { markRequest } from "../db/requests.ts";
import { type DemandedRevisions, hasRevision, refuseOtherRevision } from "../db/revisions.ts";
import { passes } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { toStatusLayers } from "./lint.ts";
import { livingPass, type Pass, passNotFound, type ShownRow, shownColumns, showPassRow } from "./show.ts";
import { findVoidingLayer, type LayerName, statusColumns } from "./status.ts";
import { announceIfVisible, selectBefore } from "./visible.ts";

/**
 * Voids a pass, also a redeemed one. A pass that is already voided stays as it is.
 * @throws ApiError pass_not_found or precondition_failed
 */
export async function voidPass(
  context: Context,
  id: number,
  reason: string | null,
  demanded?: DemandedRevisions,
): Promise<Pass> {
  const { db, now, config } = context;
  const allowed = and(livingPass(id), hasRevision(passes.revision, demanded));
  const write = db
    .update(passes)
    .set({ voidedAt: now, voidReason: reason, revision: sql`${passes.revision} + 1` })
    .where(and(allowed, isNull(passes.voidedAt)));
  const { row } = await run(context, id, { allowed, write, kind: "voided", demanded });
  return showPassRow(row, config.publicOrigin, now);
}

/**
 * Makes a voided pass valid again. A pass that is not voided stays as it is.
 * @throws ApiError pass_not_found or precondition_failed; voided_by_content if its own content, its event or its template voids
 *   it, and then nothing changes
 */
export async function unvoidPass(context: Context, id: number, demanded?: DemandedRevisions): Promise<Pass> {
  const { db, now, config } = context;
  const allowed = and(
    livingPass(id),
    hasRevision(passes.revision, demanded),
    not(statusColumns.isVoidedByContent),
  );
  const write = db
    .update(passes)
    .set({ voidedAt: null, voidReason: null, revision: sql`${passes.revision} + 1` })
    .where(and(allowed, isNotNull(passes.voidedAt)));
  const { row, layers } = await run(context, id, { allowed, write, kind: "unvoided", demanded });
  const voidedBy = findVoidingLayer(toStatusLayers(row.pass, layers));
  if (voidedBy !== undefined) throw voidedByContent(row, voidedBy);
  return showPassRow(row, config.publicOrigin, now);
}

interface Change {
  /** SQL: whether the request is accepted, even if it changes nothing. */
  readonly allowed: SQL | undefined;
  readonly write: Statement;
  readonly kind: "voided" | "unvoided";
  readonly demanded: DemandedRevisions;
}

/** Writes and announces the change. @returns the row after it */
async function run(context: Context, id: number, { allowed, write, kind, demanded }: Change) {
  const { db, writeId } = context;
  const { before, change, rows, wasRepeated } = await repeatableBatchOf(db, {
    mark: markRequest(context, id, passes, allowed),
    before: selectBefore(db, id),
    change: recordChange(context, write, { kind: "pass", id }, { kind }),
    rows: db.select(shownColumns).from(passes).where(livingPass(id)),
  });
  const [[row], [layers]] = [rows, before.layers];
  if (row === undefined || layers === undefined) throw passNotFound(id);
  const recorded = recordedChange(change, row.pass);
  if (recorded === undefined) refuseOtherRevision(demanded, row.pass, { writeId, wasRepeated });
  announceIfVisible(context, recorded, row.pass, before);
  return { row, layers };
}

function voidedByContent({ pass, eventId }: ShownRow, voidedBy: LayerName): ApiError {
  const { id, templateId } = pass;
  const where = {
    pass: { name: "its own pass.voided", extra: {} },
    event: { name: `event ${eventId}`, extra: { eventId } },
    template: { name: `template ${templateId}`, extra: { templateId } },
  }[voidedBy];
  return new ApiError(
    "voided_by_content",
    `Pass ${id} is voided by ${where.name}. Remove voided there (null in a PATCH), or set pass.voided of the pass to false.`,
    { extra: { voidedBy, ...where.extra } },
  );
}
