/**
 * Deletes a pass. Its row stays, so that its serial number is never reused and its holder gets 404. Its content, its
 * holder's personal data, its registrations and its built pass are deleted.
 */
import { and, eq, sql } from "drizzle-orm";
import { recordChange } from "../changes/log.ts";
import type { Context } from "../context.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import { markRequest } from "../db/requests.ts";
import { type DemandedRevisions, hasRevision, isOwnWrite, refuseOtherRevision } from "../db/revisions.ts";
import { passes, passTags, scans } from "../db/schema.ts";
import { deleteRegistrations } from "../devices/unregister.ts";
import { writeJson } from "../json.ts";
import { logEvent } from "../log-events.ts";
import { emptyFolder } from "../objects/delete-unused.ts";
import { dropFolder, dropObjects } from "../objects/uses.ts";
import { builtFolder } from "./built-passes.ts";
import { userOfPack } from "./own-images.ts";
import { deletePersonalData } from "./personal-data.ts";
import { livingPass, passNotFound } from "./show.ts";

/**
 * @param demanded the pass must have one of these revisions
 * @throws ApiError pass_not_found or precondition_failed
 */
export async function deletePass(context: Context, id: number, demanded?: DemandedRevisions): Promise<void> {
  const { db, bucket, now, writeId } = context;
  const isDeleted = sql`EXISTS (SELECT 1 FROM passes WHERE passes.id = ${id} AND passes.deleted_at IS NOT NULL)`;
  const allowed = and(livingPass(id), hasRevision(passes.revision, demanded));
  const write = db
    .update(passes)
    .set({
      deletedAt: now,
      values: writeJson({}),
      pass: writeJson({}),
      without: writeJson([]),
      barcodeMessage: null,
      barcodeAltText: null,
      images: writeJson({}),
      pack: null,
      builtEtag: null,
      externalId: null,
      voidReason: null,
    })
    .where(allowed);
  const user = userOfPack(sql`${passes.id} = ${id} AND ${passes.deletedAt} IS NOT NULL`);
  const { change, rows, wasRepeated } = await repeatableBatchOf(db, {
    mark: markRequest(context, id, passes, allowed),
    change: recordChange(context, write, { kind: "pass", id }, { kind: "deleted" }),
    tags: db.delete(passTags).where(sql`${passTags.passId} = ${id} AND ${isDeleted}`),
    // The scans still count, but no longer name a pass.
    scans: db
      .update(scans)
      .set({ passId: null, codeHash: null, before: null })
      .where(sql`${scans.passId} = ${id} AND ${isDeleted}`),
    personalData: deletePersonalData(db, id, isDeleted),
    registrations: deleteRegistrations(db, id, isDeleted),
    objects: dropObjects(db, user, now),
    // The hourly job looks once more, because a fetch that began before the deletion may store a built pass after it.
    built: dropFolder(db, user, builtFolder(id), now),
    rows: db
      .select({ deletedAt: passes.deletedAt, revision: passes.revision, writeId: passes.writeId })
      .from(passes)
      .where(eq(passes.id, id)),
  });
  const [row] = rows;
  const attempt = { writeId, wasRepeated };
  const wasDeletedBefore = isOwnWrite(row, attempt);
  if (row !== undefined && row.deletedAt === null) refuseOtherRevision(demanded, row, attempt);
  if (row === undefined || (change.write.meta.changes === 0 && !wasDeletedBefore)) throw passNotFound(id);
  try {
    await emptyFolder(bucket, builtFolder(id));
  } catch (error) {
    logEvent("built_pass_deletion_postponed", { error });
  }
}
