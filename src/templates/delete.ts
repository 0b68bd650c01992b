/**
 * Deletes a template that has no passes. Its row stays.
 */
import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import { markRequest } from "../db/requests.ts";
import { type DemandedRevisions, hasRevision, isOwnWrite, refuseOtherRevision } from "../db/revisions.ts";
import { templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { dropObjects } from "../objects/uses.ts";
import { userOfFiles } from "./files.ts";
import { livingTemplate, templateNotFound } from "./show.ts";

/**
 * @param demanded the template must have one of these revisions
 * @throws ApiError template_not_found, precondition_failed or template_in_use
 */
export async function deleteTemplate(
  context: Context,
  id: number,
  demanded?: DemandedRevisions,
): Promise<void> {
  const { db, now, writeId } = context;
  const inUse = sql`EXISTS (SELECT 1 FROM passes WHERE passes.template_id = ${id} AND passes.deleted_at IS NULL)`;
  const allowed = and(livingTemplate(id), hasRevision(templates.revision, demanded), sql`NOT ${inUse}`);
  const { deleted, rows, wasRepeated } = await repeatableBatchOf(db, {
    mark: markRequest(context, id, templates, allowed),
    deleted: db
      .update(templates)
      .set({ deletedAt: now, externalId: null, updatedAt: now, writeId })
      .where(allowed),
    objects: dropObjects(db, userOfFiles(and(eq(templates.id, id), isNotNull(templates.deletedAt))), now),
    rows: db
      .select({
        deletedAt: templates.deletedAt,
        revision: templates.revision,
        writeId: templates.writeId,
      })
      .from(templates)
      .where(eq(templates.id, id)),
  });
  const [row] = rows;
  const attempt = { writeId, wasRepeated };
  if (deleted.meta.changes > 0 || isOwnWrite(row, attempt)) return;
  if (row === undefined || row.deletedAt !== null) throw templateNotFound(id);
  refuseOtherRevision(demanded, row, attempt);
  throw new ApiError(
    "template_in_use",
    "Delete its passes first, or keep the template: installed passes are rendered from it.",
  );
}
