/**
 * Undoes a scan that was a mistake: a redeemed pass is active again, and a number is as before. Only the key that made the scan may
 * undo it, only shortly after it, and only if nothing has changed the pass since.
 */
import { eq } from "drizzle-orm";
import { recordedChange } from "../changes/log.ts";
import type { Context } from "../context.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import { scans } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { parseJson } from "../json.ts";
import { demandReach } from "../passes/reach.ts";
import { announceIfVisible, selectBefore } from "../passes/visible.ts";
import { recordReversal } from "./effect.ts";
import { findScan, type StoredScan } from "./find.ts";
import { resultOf, type ScanResult } from "./outcomes.ts";
import { hasEffect, lastUndoAt, UNDO_MINUTES } from "./undoable.ts";
import { selectView, viewOf } from "./view.ts";

/**
 * A scan that was undone already stays undone, with the same answer.
 * @throws ApiError scan_not_found, scan_by_another_key, nothing_to_undo, undo_too_late or changed_since_scan
 */
export async function undoScan(context: Context, scanId: string): Promise<ScanResult> {
  const { db, now } = context;
  const scan = await findScan(db, scanId);
  if (scan === undefined)
    throw new ApiError(
      "scan_not_found",
      `There is no scan "${scanId}". Scans are deleted 90 days after they were made.`,
    );
  if (scan.actor !== context.actor)
    throw new ApiError(
      "scan_by_another_key",
      "Only the key that made the scan can undo it. With another key, unredeem or change the pass instead.",
    );
  const { passId, rule, undoneAt } = scan;
  if (passId !== null) await demandReach(context, { passId });
  if (undoneAt === null) refuseUndo(scan, now);
  if (passId === null) return undoneAt === null ? refuseChanged() : resultOf(scan, undefined);
  const field = rule === null ? undefined : parseJson(rule).field;
  const {
    before,
    change,
    rows,
    view: after,
  } = await repeatableBatchOf(db, {
    before: selectBefore(db, passId),
    change: recordReversal(context, scan, passId, field),
    rows: db.select().from(scans).where(eq(scans.scanId, scanId)),
    view: selectView(context, passId),
  });
  const view = viewOf(after, now);
  const [undone] = rows;
  if (undone === undefined || undone.undoneAt === null) return refuseChanged();
  if (view === undefined) return resultOf(undone, view);
  announceIfVisible(context, recordedChange(change, view.row), view.row, before);
  return resultOf(undone, view);
}

function refuseUndo(scan: StoredScan, now: number): void {
  if (!hasEffect(scan))
    throw new ApiError(
      "nothing_to_undo",
      `The outcome of the scan was ${scan.outcome}, which changed nothing.`,
    );
  if (now > lastUndoAt(scan))
    throw new ApiError(
      "undo_too_late",
      `A scan can be undone for ${UNDO_MINUTES} minutes. Unredeem or change the pass instead.`,
    );
}

function refuseChanged(): never {
  throw new ApiError(
    "changed_since_scan",
    "The pass was changed, scanned again or deleted after the scan, so nothing was undone. Look at the pass, and change it instead.",
  );
}
