/**
 * Redemption. Each function is one conditional write and its change row: if two scanners redeem a pass at the same
 * time, one succeeds and the other learns that the pass was already redeemed.
 *
 * With a redemptionId, the batch may run twice: the row shows whose redemption it is. Without one, a repeat could not tell its own
 * redemption from that of another scanner, and could undo a later one.
 */
import { and, eq, isNotNull, isNull, or, sql } from "drizzle-orm";
import { recordChange, recordedChange } from "../changes/log.ts";
import type { Context } from "../context.ts";
import { batchOfEffect, markRequest } from "../db/requests.ts";
import { type DemandedRevisions, hasRevision, refuseOtherRevision } from "../db/revisions.ts";
import { passes } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import {
  livingPass,
  type Pass,
  passNotFound,
  type ShownRow,
  shownColumns,
  showPassRow,
  statusOfRow,
} from "./show.ts";
import { hasStatus } from "./status.ts";
import { announceIfVisible, selectBefore } from "./visible.ts";

export interface RedemptionRequest {
  /** The caller's own id for this redemption. */
  readonly redemptionId: string | null;
  /** Whether to redeem the pass even if it is voided or has expired. */
  readonly force: boolean;
  /** The pass must have one of these revisions, unless it was redeemed with the same redemptionId. */
  readonly demanded?: DemandedRevisions;
}

/** `again`: the pass was already redeemed with the same redemptionId. */
export interface Redemption {
  readonly outcome: "redeemed" | "again" | RefusedOutcome;
  readonly pass: Pass;
}

type RefusedOutcome = "already_redeemed" | "pass_voided" | "pass_expired";

/**
 * Redeems a pass, once. The time of the first redemption stays.
 * @throws ApiError pass_not_found or precondition_failed
 */
export async function redeemPass(
  context: Context,
  id: number,
  { redemptionId, force, demanded }: RedemptionRequest,
): Promise<Redemption> {
  const { db, now, config } = context;
  const allowed = and(
    livingPass(id),
    hasRevision(passes.revision, demanded),
    force ? isNull(passes.redeemedAt) : hasStatus("active", now),
  );
  const isAgain = redemptionId === null ? undefined : eq(passes.redemptionId, redemptionId);
  const write = db
    .update(passes)
    .set({ redeemedAt: now, redemptionId, revision: sql`${passes.revision} + 1` })
    .where(allowed);
  const note = { kind: "redeemed", detail: redemptionId ?? undefined } as const;
  const { before, change, rows } = await batchOfEffect(
    context,
    {
      mark: markRequest(context, id, passes, or(allowed, isAgain && and(livingPass(id), isAgain))),
      before: selectBefore(db, id),
      change: recordChange(context, write, { kind: "pass", id }, note),
      rows: db.select(shownColumns).from(passes).where(livingPass(id)),
    },
    redemptionId !== null,
  );
  const [row] = rows;
  if (row === undefined) throw passNotFound(id);
  const redemption = recordedChange(change, row.pass);
  announceIfVisible(context, redemption, row.pass, before);
  const outcome = redemption === undefined ? whyNotRedeemed(row, redemptionId, now) : "redeemed";
  if (redemption === undefined && outcome !== "again") refuseOtherRevision(demanded, row.pass);
  return { outcome, pass: showPassRow(row, config.publicOrigin, now) };
}

/** A redeemed pass stays redeemed when it is voided or expires, so this comes first. */
function whyNotRedeemed(row: ShownRow, redemptionId: string | null, now: number) {
  if (row.pass.redeemedAt !== null) {
    const isSame = redemptionId !== null && row.pass.redemptionId === redemptionId;
    return isSame ? "again" : "already_redeemed";
  }
  return statusOfRow(row, now) === "expired" ? "pass_expired" : "pass_voided";
}

/** The error for a redemption that was refused. */
export function refusedRedemption(outcome: RefusedOutcome, pass: Pass): ApiError {
  const { id, redeemedAt, voidedAt, voidReason, expiresAt } = pass;
  const cure = "To redeem it anyway, send force: true.";
  switch (outcome) {
    case "already_redeemed":
      return new ApiError(outcome, `Pass ${id} was redeemed at ${redeemedAt}.`, { extra: { redeemedAt } });
    case "pass_voided": {
      const when = voidedAt === null ? "is voided by its content" : `was voided at ${voidedAt}`;
      return new ApiError(outcome, `Pass ${id} ${when}. ${cure}`, { extra: { voidedAt, voidReason } });
    }
    case "pass_expired":
      return new ApiError(outcome, `Pass ${id} expired at ${expiresAt}. ${cure}`, { extra: { expiresAt } });
  }
}

/**
 * Undoes a redemption. A pass that is not redeemed stays as it is.
 * @param redemptionId undo only this redemption, so that a late retry does not undo a newer one; null for any
 * redemption
 * @param demanded the pass must have one of these revisions
 * @throws ApiError pass_not_found, precondition_failed or redemption_id_mismatch
 */
export async function unredeemPass(
  context: Context,
  id: number,
  redemptionId: string | null,
  demanded?: DemandedRevisions,
): Promise<Pass> {
  const { db, config, now, writeId } = context;
  const named = redemptionId === null ? undefined : eq(passes.redemptionId, redemptionId);
  const allowed = and(livingPass(id), hasRevision(passes.revision, demanded));
  const write = db
    .update(passes)
    .set({ redeemedAt: null, redemptionId: null, revision: sql`${passes.revision} + 1` })
    .where(and(allowed, isNotNull(passes.redeemedAt), named));
  const { before, change, rows, wasRepeated } = await batchOfEffect(
    context,
    {
      mark: markRequest(context, id, passes, and(allowed, or(isNull(passes.redeemedAt), named ?? sql`1`))),
      before: selectBefore(db, id),
      change: recordChange(context, write, { kind: "pass", id }, { kind: "unredeemed" }),
      rows: db.select(shownColumns).from(passes).where(livingPass(id)),
    },
    redemptionId !== null,
  );
  const [row] = rows;
  if (row === undefined) throw passNotFound(id);
  refuseOtherRevision(demanded, before.pass[0] ?? row.pass, { writeId, wasRepeated });
  if (row.pass.redeemedAt !== null)
    throw new ApiError("redemption_id_mismatch", `Pass ${id} was redeemed with another redemptionId.`);
  announceIfVisible(context, recordedChange(change, row.pass), row.pass, before);
  return showPassRow(row, config.publicOrigin, now);
}
