/**
 * The pass with an externalId. It is unique within its pass type only, so without a pass type there may be several.
 */
import { and, asc, isNull } from "drizzle-orm";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import { passes } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { passesWithin } from "../keys/scope.ts";
import { hasExternalId } from "./filter.ts";
import { type Pass, shownColumns, showPassRow } from "./show.ts";

/** The most pass types that a refusal names. */
const MAX_NAMED = 20;

/**
 * @param passTypeIdentifier if it is undefined, only one pass type may have such a pass
 * @throws ApiError pass_not_found or external_id_ambiguous
 */
export async function showPassByExternalId(
  { db, config, now, scope }: Pick<Context, "db" | "config" | "now" | "scope">,
  externalId: string,
  passTypeIdentifier: string | undefined,
): Promise<Pass> {
  const matching = and(
    hasExternalId(externalId, { passTypeIdentifier }),
    isNull(passes.deletedAt),
    passesWithin(scope),
  );
  const { owners, rows } = await batchOf(db, {
    owners: db
      .select({ passTypeIdentifier: passes.passTypeIdentifier })
      .from(passes)
      .where(matching)
      .orderBy(asc(passes.passTypeIdentifier))
      .limit(MAX_NAMED),
    rows: db.select(shownColumns).from(passes).where(matching).limit(1),
  });
  const [row] = rows;
  if (row === undefined) {
    const where = passTypeIdentifier === undefined ? "" : ` of ${passTypeIdentifier}`;
    throw new ApiError("pass_not_found", `There is no pass${where} with the externalId "${externalId}".`);
  }
  if (owners.length > 1) {
    const passTypeIdentifiers = owners.map((owner) => owner.passTypeIdentifier);
    const detail = `Passes of several pass types have the externalId "${externalId}": ${passTypeIdentifiers.join(", ")}. Send passTypeIdentifier.`;
    throw new ApiError("external_id_ambiguous", detail, {
      pointer: "/passTypeIdentifier",
      extra: { passTypeIdentifiers },
    });
  }
  return showPassRow(row, config.publicOrigin, now);
}
