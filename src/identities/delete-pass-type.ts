/**
 * Deletes a pass type that was never used, with its signing keys, its signing requests and its certificates. APNs keys stay,
 * because they belong to the team.
 */
import { eq, type SQLWrapper, sql } from "drizzle-orm";
import { repeatableBatchOf } from "../db/batch.ts";
import { type Marker, markRequest } from "../db/requests.ts";
import { certificates, passes, passTypes, signingKeys, templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { passTypeNotFound } from "./pass-types.ts";

/** @throws ApiError pass_type_not_found, or pass_type_in_use if it has a template, or ever had a pass */
export async function deletePassType(context: Marker, passTypeIdentifier: string): Promise<void> {
  const { db } = context;
  const hasTemplate = sql`EXISTS (SELECT 1 FROM ${templates}
    WHERE ${templates.passTypeIdentifier} = ${passTypeIdentifier} AND ${templates.deletedAt} IS NULL)`;
  // A deleted pass counts: a serial number is never given out twice within its pass type.
  const hadPass = sql`EXISTS (SELECT 1 FROM ${passes} WHERE ${passes.passTypeIdentifier} = ${passTypeIdentifier})`;
  const allowed = sql`${passTypes.passTypeIdentifier} = ${passTypeIdentifier} AND NOT ${hasTemplate} AND NOT ${hadPass}`;
  const { deleted, left, wasRepeated } = await repeatableBatchOf(db, {
    mark: markRequest(context, passTypeIdentifier, passTypes, allowed),
    deleted: db.delete(passTypes).where(allowed),
    left: db
      .select({ hasTemplate: sql<number>`${hasTemplate}` })
      .from(passTypes)
      .where(eq(passTypes.passTypeIdentifier, passTypeIdentifier)),
    keys: db.delete(signingKeys).where(isGone(signingKeys.passTypeIdentifier, passTypeIdentifier)),
    certificates: db.delete(certificates).where(isGone(certificates.passTypeIdentifier, passTypeIdentifier)),
  });
  const [kept] = left;
  // After a lost answer, a row that is gone counts as deleted by this request: it left nothing that could show whose deletion it was.
  if (deleted.meta.changes > 0 || (wasRepeated && kept === undefined)) return;
  if (kept === undefined) throw passTypeNotFound(passTypeIdentifier);
  throw new ApiError(
    "pass_type_in_use",
    kept.hasTemplate === 1
      ? "Delete its templates first, or keep the pass type: it signs their passes."
      : "Passes were issued with it. Keep it: their serial numbers must not be given out again.",
  );
}

/** SQL: whether a row belongs to this pass type, which is deleted. */
function isGone(column: SQLWrapper, passTypeIdentifier: string) {
  const exists = sql`EXISTS (SELECT 1 FROM ${passTypes} WHERE ${passTypes.passTypeIdentifier} = ${passTypeIdentifier})`;
  return sql`${column} = ${passTypeIdentifier} AND NOT ${exists}`;
}
