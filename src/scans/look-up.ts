/**
 * Looks up a code without a scan: nothing is stored, and nothing changes.
 */
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import { findKnown, isSharedCode } from "./find.ts";
import { type FirstRedemption, type ScannedPass, selectView, viewOf } from "./view.ts";

export const LOOK_UP_OUTCOMES = ["found", "unknown", "shared_code", "several"] as const;

export interface LookUp {
  readonly outcome: (typeof LOOK_UP_OUTCOMES)[number];
  /** Null if no single pass has the code. */
  readonly pass: ScannedPass | null;
  /** Null if it is not redeemed. */
  readonly firstRedemption: FirstRedemption | null;
}

/** The pass that shows the code, of those that the key reaches. */
export async function lookUpCode(
  context: Pick<Context, "db" | "scope" | "now">,
  code: string,
): Promise<LookUp> {
  const { found } = await findKnown(context, [{ scanId: "", code }]);
  const one = found.get(code);
  if (one?.kind === "several") return { outcome: "several", pass: null, firstRedemption: null };
  const view =
    one?.kind === "one"
      ? viewOf(await batchOf(context.db, selectView(context, one.passId)), context.now)
      : undefined;
  if (view !== undefined) return { outcome: "found", pass: view.pass, firstRedemption: view.firstRedemption };
  const outcome = (await isSharedCode(context, code)) ? "shared_code" : "unknown";
  return { outcome, pass: null, firstRedemption: null };
}
