/**
 * What a scan changes in its pass, and the reverse. Each is a conditional write and its change row, for the batch that stores
 * the scan or marks it as undone.
 */
import { and, eq, isNull, sql } from "drizzle-orm";
import { recordChange } from "../changes/log.ts";
import type { Context } from "../context.ts";
import { passes, scans } from "../db/schema.ts";
import { livingPass } from "../passes/show.ts";
import type { AddRule, ScanRule } from "../templates/scan-rule.ts";
import type { Scan } from "./decide.ts";
import type { StoredScan } from "./find.ts";

/** The effect of the scan that was stored before it in the batch. Undefined for a rule that changes nothing. */
export function recordEffect(context: Context, { scanId, at }: Scan, passId: number, rule: ScanRule) {
  if (rule.action === "show") return undefined;
  const { db } = context;
  const isRedemption = rule.action === "redeem";
  const outcomes = isRedemption ? sql`= 'redeemed'` : sql`IN ('added', 'rewarded')`;
  const write = db
    .update(passes)
    .set({
      ...(isRedemption ? { redeemedAt: at, redemptionId: scanId } : { values: withValue(rule, scanId) }),
      revision: sql`${passes.revision} + 1`,
    })
    .where(
      and(
        livingPass(passId),
        sql`EXISTS (SELECT 1 FROM scans WHERE scans.scan_id = ${scanId} AND scans.outcome ${outcomes})`,
      ),
    );
  const note = isRedemption
    ? ({ kind: "redeemed", detail: scanId } as const)
    : ({ kind: "changed" } as const);
  return recordChange(context, write, { kind: "pass", id: passId }, note);
}

/** SQL: the values of the pass with the number that the scan has stored. */
function withValue({ field }: AddRule, scanId: string) {
  return sql`json_patch(${passes.values}, (SELECT json_object(${field}, json_object('value', json(scans.value)))
    FROM scans WHERE scans.scan_id = ${scanId}))`;
}

/** The reverse of a stored scan, and the mark that it was undone, if nothing has changed the pass since. */
export function recordReversal(
  context: Context,
  { scanId, before, revision }: StoredScan,
  passId: number,
  field: string | undefined,
) {
  const { db, now } = context;
  const isDone = and(eq(scans.scanId, scanId), isNull(scans.undoneAt));
  const write = db
    .update(passes)
    .set({
      ...(field === undefined
        ? { redeemedAt: null, redemptionId: null }
        : { values: withoutValue(field, before) }),
      revision: sql`${passes.revision} + 1`,
    })
    .where(
      and(
        livingPass(passId),
        sql`${passes.revision} = ${revision} AND EXISTS (SELECT 1 FROM ${scans} WHERE ${isDone})`,
      ),
    );
  const kind = field === undefined ? "unredeemed" : "changed";
  return recordChange(context, write, { kind: "pass", id: passId }, { kind }, (wrote) =>
    db.update(scans).set({ undoneAt: now }).where(and(isDone, wrote)),
  );
}

/** SQL: the values of the pass with what it had set for the field before the scan. */
function withoutValue(field: string, before: string | null) {
  const removed = sql`json_patch(${passes.values}, json_object(${field}, NULL))`;
  return before === null ? removed : sql`json_patch(${removed}, json_object(${field}, json(${before})))`;
}
