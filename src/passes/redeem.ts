/**
 * Redemption. Each function is one conditional write and its change row: if two scanners redeem a pass at the same
 * time, one succeeds and the other learns that the pass was already redeemed.
 */
import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { recordChange, recordedChange } from "../changes/log.ts";
import { markIfInvisible } from "../changes/visible.ts";
import type { Context, RecordedChange } from "../context.ts";
import { type BatchResult, batchOf, repeatableBatchOf, type Statements } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { type DemandedRevisions, hasRevision, refuseOtherRevision } from "../db/revisions.ts";
import { passes } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { livingPass, type Pass, passNotFound, shownColumns, showPassRow } from "./show.ts";
import { selectLayers, shownPass } from "./visible.ts";

/** `again`: the pass was already redeemed with the same redemptionId. */
export interface Redemption {
  readonly outcome: "redeemed" | "again" | "already_redeemed";
  readonly pass: Pass;
}

/**
 * Redeems a pass, once. The time of the first redemption stays.
 * @param redemptionId the caller's own id for this redemption
 * @param demanded the revisions of which the pass must have one, unless it was redeemed with the same redemptionId
 * @throws ApiError pass_not_found or precondition_failed
 */
export async function redeemPass(
  context: Context,
  id: number,
  redemptionId: string | null,
  demanded?: DemandedRevisions,
): Promise<Redemption> {
  const { db, now, config } = context;
  const write = db
    .update(passes)
    .set({ redeemedAt: now, redemptionId, revision: sql`${passes.revision} + 1` })
    .where(and(livingPass(id), hasRevision(passes.revision, demanded), isNull(passes.redeemedAt)));
  const note = { kind: "redeemed", detail: redemptionId ?? undefined } as const;
  const { before, change, rows } = await batchFor(redemptionId, db, {
    before: selectBefore(db, id),
    change: recordChange(context, write, { kind: "pass", id }, note),
    rows: db.select(shownColumns).from(passes).where(livingPass(id)),
  });
  const [row] = rows;
  if (row === undefined) throw passNotFound(id);
  const pass = showPassRow(row, config.publicOrigin);
  const redemption = recordedChange(change, row.pass);
  announceIfVisible(context, redemption, row.pass, before);
  if (redemption !== undefined) return { outcome: "redeemed", pass };
  const isSame = redemptionId !== null && row.pass.redemptionId === redemptionId;
  if (!isSame) refuseOtherRevision(demanded, row.pass, { now, wasRepeated: false });
  return { outcome: isSame ? "again" : "already_redeemed", pass };
}

/**
 * Undoes a redemption. A pass that is not redeemed stays as it is.
 * @param redemptionId undo only this redemption, so that a late retry does not undo a newer one; null for any
 * redemption
 * @param demanded the revisions of which the pass must have one
 * @throws ApiError pass_not_found, precondition_failed or redemption_id_mismatch
 */
export async function unredeemPass(
  context: Context,
  id: number,
  redemptionId: string | null,
  demanded?: DemandedRevisions,
): Promise<Pass> {
  const { db, now, config } = context;
  const named = redemptionId === null ? undefined : eq(passes.redemptionId, redemptionId);
  const write = db
    .update(passes)
    .set({ redeemedAt: null, redemptionId: null, revision: sql`${passes.revision} + 1` })
    .where(and(livingPass(id), hasRevision(passes.revision, demanded), isNotNull(passes.redeemedAt), named));
  const { before, change, rows, wasRepeated } = await batchFor(redemptionId, db, {
    before: selectBefore(db, id),
    change: recordChange(context, write, { kind: "pass", id }, { kind: "unredeemed" }),
    rows: db.select(shownColumns).from(passes).where(livingPass(id)),
  });
  const [row] = rows;
  if (row === undefined) throw passNotFound(id);
  refuseOtherRevision(demanded, before.pass[0] ?? row.pass, { now, wasRepeated: wasRepeated === true });
  if (row.pass.redeemedAt !== null)
    throw new ApiError("redemption_id_mismatch", `Pass ${id} was redeemed with another redemptionId.`);
  announceIfVisible(context, recordedChange(change, row.pass), row.pass, before);
  return showPassRow(row, config.publicOrigin);
}

/**
 * Runs the batch of a redemption. With a redemptionId it may run twice: the row shows whose redemption it is. Without one, a
 * repeat could not tell its own redemption from that of another scanner, and could undo a later one.
 */
function batchFor<const Group extends Statements>(
  redemptionId: string | null,
  db: Database,
  group: Group,
): Promise<BatchResult<Group> & { readonly wasRepeated?: boolean }> {
  return redemptionId === null ? batchOf(db, group) : repeatableBatchOf(db, group);
}

/** The pass, and the template and the event under it. */
function selectBefore(db: Database, id: number) {
  return {
    pass: db.select().from(passes).where(livingPass(id)),
    layers: selectLayers(db, id),
  };
}

/** Phones show a redeemed pass as voided, so they see no redemption of a pass that is voided anyway. */
function announceIfVisible(
  context: Context,
  change: RecordedChange | undefined,
  row: typeof passes.$inferSelect,
  before: BatchResult<ReturnType<typeof selectBefore>>,
): void {
  const [[old], [layers]] = [before.pass, before.layers];
  if (old === undefined || layers === undefined) throw new Error("a pass without a template");
  const shown = { before: () => shownPass(old, layers), after: () => shownPass(row, layers) };
  context.announce(markIfInvisible(change, { kind: "pass", id: row.id, pushAtBefore: old.pushAt }, shown));
}
