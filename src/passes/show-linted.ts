/**
 * A stored pass with the findings in its own parts: the answer to a change, without a change.
 */
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { passes } from "../db/schema.ts";
import type { LintReport } from "../templates/lint.ts";
import { lintPass } from "./lint.ts";
import { livingPass, type Pass, passNotFound, shownColumns, showPassRow } from "./show.ts";
import { selectLayers } from "./visible.ts";

/** @throws ApiError pass_not_found */
export async function showLintedPass(
  db: Database,
  publicOrigin: string,
  id: number,
  now: number,
): Promise<Pass & { readonly lint: LintReport }> {
  const { rows, layers } = await batchOf(db, {
    rows: db.select(shownColumns).from(passes).where(livingPass(id)),
    layers: selectLayers(db, id),
  });
  const [[row], [layer]] = [rows, layers];
  if (row === undefined || layer === undefined) throw passNotFound(id);
  return { ...showPassRow(row, publicOrigin, now), lint: lintPass(row.pass, layer) };
}
