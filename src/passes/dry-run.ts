/**
 * A dry run of a change of a pass. The content after the change is computed by the SQL of the change, in a SELECT, and the change
 * is refused by the function that explains its refusal (change.ts). Nothing is written.
 */
import { type SQL, sql } from "drizzle-orm";
import { type DryRun, listDifferences } from "../changes/dry-run.ts";
import { notificationsOfPass } from "../changes/notifications.ts";
import { selectPhones, selectSavedPasses, toPhones } from "../changes/phones.ts";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import { externalIdTaken, selectTaken } from "../db/external-ids.ts";
import { type DemandedRevisions, refuseOtherRevision } from "../db/revisions.ts";
import { passes } from "../db/schema.ts";
import { columnsOf } from "../db/select-into.ts";
import { parseJson } from "../json.ts";
import { additionsInSql } from "./additions.ts";
import { explainRefusal, refuseLargeChange } from "./change.ts";
import { contentAfter, type PassChange, selectReplaced } from "./change-statements.ts";
import { type GoogleChange, googleChangeOfPass } from "./google-change.ts";
import { lintPass } from "./lint.ts";
import { describeOwnImages } from "./own-images.ts";
import { livingPass, type Pass, passNotFound, shownColumns, showPassRow } from "./show.ts";
import { selectLayers, shownPass } from "./visible.ts";

export interface PassDryRun {
  /** The pass as it is, because nothing is written. */
  readonly pass: Pass;
  readonly report: DryRun & GoogleChange;
}

type Row = typeof passes.$inferSelect;

/** @throws ApiError as changePass does */
export async function dryRunPassChange(
  context: Context,
  id: number,
  input: PassChange,
  demanded?: DemandedRevisions,
): Promise<PassDryRun> {
  const { db, now, config } = context;
  refuseLargeChange(input);
  const own = input.images === undefined ? undefined : await describeOwnImages(input.images);
  const content = contentAfter(input, additionsInSql(input.additions ?? {}));
  const found = await batchOf(db, {
    before: selectReplaced(db, id, input),
    shown: db.select(shownColumns).from(passes).where(livingPass(id)),
    content: db.select(columnsOf<Row, keyof typeof content>(content)).from(passes).where(livingPass(id)),
    layers: selectLayers(db, id, input.eventId),
    phones: selectPhones(db, { kind: "pass", id }),
    saved: selectSavedPasses(db, { kind: "pass", id }),
    taken: selectTaken(db, passes, { id, externalId: input.externalId, among: isOfPassTypeOf(id) }),
  });
  const [before] = found.before.rows;
  const [row] = found.shown;
  const [computed] = found.content;
  const [layer] = found.layers;
  if (before === undefined || row === undefined || computed === undefined || layer === undefined)
    throw passNotFound(id);
  const { pass: old } = before;
  refuseOtherRevision(demanded, old);
  const { eventId = old.eventId } = input;
  const pass: typeof old = { ...old, ...computed, ...own, eventId };
  const after = { ...before, pass, eventId: layer.eventValues === null ? null : eventId };
  explainRefusal(input, own, after, parseJson(layer.fields), true);
  if (found.taken?.length) throw externalIdTaken("Another pass of this pass type", input.externalId);
  const [oldLayer = layer] = found.before.layers ?? [];
  const shown = { before: shownPass(old, oldLayer), after: shownPass(pass, layer) };
  const phones = toPhones(found.phones, found.saved);
  const notifications = notificationsOfPass(shown.before, shown.after, phones.count);
  const google = await googleChangeOfPass(
    context,
    { before: old, after: pass },
    { hasGoogleIssuer: before.hasGoogleIssuer === 1, isDryRun: true, notifications },
  );
  return {
    pass: showPassRow(row, config.publicOrigin, now),
    report: {
      dryRun: true,
      ...listDifferences(shown.before, shown.after),
      notifications,
      ...google,
      phones,
      lint: lintPass(pass, layer),
    },
  };
}

/** SQL on passes: those of the same pass type as this pass. */
function isOfPassTypeOf(id: number): SQL {
  return sql`${passes.passTypeIdentifier} = (SELECT pass_type_identifier FROM passes AS changed WHERE changed.id = ${id})`;
}
