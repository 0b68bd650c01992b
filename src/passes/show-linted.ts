/**
 * A stored pass with the findings in its own parts: the answer to a request that was executed before.
 */
import { eq } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { passes, templates } from "../db/schema.ts";
import { certificateTimes } from "../identities/active-certificate.ts";
import type { LintReport } from "../templates/lint.ts";
import { offeredWallets } from "../templates/offered-wallets.ts";
import { lintIssuedPass, lintPass } from "./lint.ts";
import { livingPass, type Pass, passNotFound, shownColumns, showPassRow } from "./show.ts";
import { selectLayers } from "./visible.ts";

/**
 * @param isIssued whether the findings are those of issuing the pass, with those about its certificates
 * @throws ApiError pass_not_found
 */
export async function showLintedPass(
  db: Database,
  publicOrigin: string,
  id: number,
  { now, isIssued }: { readonly now: number; readonly isIssued: boolean },
): Promise<Pass & { readonly lint: LintReport }> {
  const { rows, layers, times } = await batchOf(db, {
    rows: db.select(shownColumns).from(passes).where(livingPass(id)),
    layers: selectLayers(db, id),
    times: isIssued
      ? db
          .select({
            certificates: certificateTimes("passes").as("certificates"),
            wallets: offeredWallets.as("offered"),
          })
          .from(passes)
          .innerJoin(templates, eq(templates.id, passes.templateId))
          .where(livingPass(id))
      : undefined,
  });
  const [[row], [layer], [signing]] = [rows, layers, times ?? []];
  if (row === undefined || layer === undefined) throw passNotFound(id);
  const { passTypeIdentifier } = row.pass;
  return {
    ...showPassRow(row, publicOrigin, now),
    lint:
      signing === undefined
        ? lintPass(row.pass, layer)
        : lintIssuedPass(row.pass, { ...layer, ...signing, passTypeIdentifier }, now),
  };
}
