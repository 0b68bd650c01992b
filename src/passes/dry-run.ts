/**
 * A dry run of a change of a pass. The content after the change is computed by the SQL of the change, in a SELECT, and the change
 * is refused by the function that explains its refusal (change.ts). Nothing is written.
 */
import { and, eq, ne, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { type DryRun, listDifferences } from "../changes/dry-run.ts";
import { notificationsOfPass } from "../changes/notifications.ts";
import { selectPhones, toPhones } from "../changes/phones.ts";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { externalIdTaken } from "../db/external-ids.ts";
import { type DemandedRevisions, refuseOtherRevision } from "../db/revisions.ts";
import { passes } from "../db/schema.ts";
import { parseJson } from "../json.ts";
import { additionsInSql } from "./additions.ts";
import { explainRefusal, refuseLargeChange, statements } from "./change.ts";
import { contentAfter, type PassChange } from "./change-statements.ts";
import { lintPass } from "./lint.ts";
import { describeOwnImages } from "./own-images.ts";
import { livingPass, type Pass, passNotFound, shownColumns, showPassRow } from "./show.ts";
import { selectLayers, shownPass } from "./visible.ts";

export interface PassDryRun {
  /** As it is, because nothing is written. */
  readonly pass: Pass;
  readonly report: DryRun;
}

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
  const found = await batchOf(db, {
    before: statements(context, id, input, own, demanded).before,
    shown: db.select(shownColumns).from(passes).where(livingPass(id)),
    content: db.select(contentColumns(input)).from(passes).where(livingPass(id)),
    layers: selectLayers(db, id, input.eventId),
    phones: selectPhones(db, { kind: "pass", id }),
    taken: selectTaken(db, id, input.externalId),
  });
  const [before] = found.before.rows;
  const [row] = found.shown;
  const [content] = found.content;
  const [layer] = found.layers;
  if (before === undefined || row === undefined || content === undefined || layer === undefined)
    throw passNotFound(id);
  const { pass: old } = before;
  refuseOtherRevision(demanded, old, { now, wasRepeated: false });
  const { eventId = old.eventId } = input;
  const pass: typeof old = { ...old, ...content, ...own, eventId };
  const after = { ...before, pass, eventId: layer.eventValues === null ? null : eventId };
  explainRefusal(input, own, after, parseJson(layer.fields), true);
  if (found.taken?.length) throw externalIdTaken("Another pass of this pass type", input.externalId);
  const [oldLayer = layer] = found.before.layers ?? [];
  const shown = { before: shownPass(old, oldLayer), after: shownPass(pass, layer) };
  const phones = toPhones(found.phones);
  return {
    pass: showPassRow(row, config.publicOrigin, now),
    report: {
      dryRun: true,
      ...listDifferences(shown.before, shown.after),
      notifications: notificationsOfPass(shown.before, shown.after, phones.count),
      phones,
      lint: lintPass(pass, layer),
    },
  };
}

/** Every column that the change computes in SQL, under its own name. */
function contentColumns(input: PassChange) {
  const content = contentAfter(input, additionsInSql(input.additions ?? {}));
  type Name = keyof typeof content;
  const columns = Object.entries<SQLWrapper>(content).map(([name, value]) => [name, sql`${value}`.as(name)]);
  return Object.fromEntries(columns) as {
    [Column in Name]: SQL.Aliased<(typeof passes.$inferSelect)[Column]>;
  };
}

/** Another pass of the pass type that has the externalId. */
function selectTaken(db: Database, id: number, externalId: string | null | undefined) {
  if (typeof externalId !== "string") return undefined;
  const passType = sql`(SELECT pass_type_identifier FROM passes WHERE passes.id = ${id})`;
  return db
    .select({ id: passes.id })
    .from(passes)
    .where(
      and(
        sql`${passes.passTypeIdentifier} = ${passType}`,
        eq(passes.externalId, externalId),
        ne(passes.id, id),
      ),
    );
}
