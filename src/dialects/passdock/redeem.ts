/**
 * Redeems a pass as Passdock's API does: a second redemption is no error. A voided or expired pass is refused with 400,
 * because Passdock's API reference has no such passes.
 */
import type { Context } from "../../context.ts";
import { ApiError } from "../../errors.ts";
import type { PassRows } from "../../passes/content.ts";
import { redeemPass, unredeemPass } from "../../passes/redeem.ts";
import { statusFacts, statusOf } from "../../passes/status.ts";

const REFUSALS = {
  pass_voided: "The pass is voided, so it cannot be redeemed.",
  pass_expired: "The pass has expired, so it cannot be redeemed.",
} as const;

/**
 * An already redeemed pass keeps the time of its first redemption.
 * @throws ApiError pass_not_found, pass_voided or pass_expired
 */
export async function setRedeemed(context: Context, id: number, redeemed: boolean): Promise<void> {
  if (!redeemed) {
    await unredeemPass(context, id, null);
    return;
  }
  const { outcome } = await redeemPass(context, id, { redemptionId: null, force: false });
  switch (outcome) {
    case "pass_voided":
    case "pass_expired":
      throw new ApiError(outcome, REFUSALS[outcome]);
    case "redeemed":
    case "again":
    case "already_redeemed":
  }
}

/**
 * Refuses what `setRedeemed` would refuse, before the rest of an update is written. If the pass is voided in between, the
 * rest is written, and the answer is the same.
 * @throws ApiError pass_voided or pass_expired
 */
export function demandRedeemable(rows: PassRows, now: number): void {
  if (rows.pass.redeemedAt !== null) return;
  const status = statusOf(statusFacts(rows.pass, rows), now);
  if (status === "voided") throw new ApiError("pass_voided", REFUSALS.pass_voided);
  if (status === "expired") throw new ApiError("pass_expired", REFUSALS.pass_expired);
}
