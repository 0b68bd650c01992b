/**
 * Changes what a pass shows: one conditional write and its change row in one batch. So two changes at the same time are
 * both written, or one of them is refused.
 *
 * `values` are merged by field key inside D1 (json_patch, RFC 7396), so that two changes of two fields at the same time are
 * both written. Numbers are added inside D1 too (additions.ts).
 */
import { and, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { recordChange, recordedChange } from "../changes/log.ts";
import { markIfInvisible } from "../changes/visible.ts";
import type { Context } from "../context.ts";
import { batchOf, repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { refuseTakenExternalId } from "../db/external-ids.ts";
import { passes, registrations } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { eventNotFound } from "../events/events.ts";
import { isLivingEvent, livingEventId } from "../events/living-event.ts";
import { parseJson, writeJson } from "../json.ts";
import { MAX_STORED_BYTES } from "../limits.ts";
import { dropObjects, nameObjects } from "../objects/uses.ts";
import type { FieldPatch, PassOverrides } from "../pkpass/schema/schema.ts";
import type { LintReport } from "../templates/lint.ts";
import type { Images } from "../templates/packs.ts";
import { type Additions, type AdditionsInSql, additionsInSql, refuseAdditions } from "./additions.ts";
import { refuseUnfitValues, valuesFit } from "./field-values.ts";
import { lintPass } from "./lint.ts";
import { type OwnImages, storeOwnImages, userOfPack } from "./own-images.ts";
import { livingPass, type Pass, passNotFound, shownColumns, showPassRow } from "./show.ts";
import { passBytesInSql, passTooLarge, refuseLargePass } from "./size.ts";
import { replaceTags } from "./tags.ts";
import { selectLayers, shownPass } from "./visible.ts";

/**
 * Absent members stay unchanged. In `values`, null removes a value. `pass`, `images` and `tags` replace the stored ones
 * completely.
 */
export interface PassChange {
  readonly externalId?: string | null | undefined;
  readonly values?: Readonly<Record<string, FieldPatch | null>> | undefined;
  /** What is added to the numbers in fields. Such a change is not repeated after a lost answer. */
  readonly additions?: Additions | undefined;
  readonly pass?: PassOverrides | undefined;
  /** Merged into `pass` by key (RFC 7396), to change one key without reading the others. */
  readonly passPatch?: Readonly<Record<string, unknown>> | undefined;
  readonly barcodeMessage?: string | null | undefined;
  readonly barcodeAltText?: string | null | undefined;
  readonly images?: Images | undefined;
  /** The pack of own images that `images` were computed from. If the pass has another pack now, nothing is written. */
  readonly basedOnPack?: string | null;
  readonly eventId?: number | null | undefined;
  readonly tags?: readonly string[] | undefined;
}

export interface ChangedPass {
  readonly pass: Pass;
  /** Returns the findings in the pass's own parts. They are computed when it is called. */
  readonly lint: () => LintReport;
}

/**
 * There is no push if a phone shows the same as before (changes/visible.ts), unless the pass leaves an event.
 * @throws ApiError pass_not_found, event_not_found, unknown_field, value_does_not_fit, value_not_a_number,
 *   value_out_of_range, invalid_image, missing_icon, content_too_large, external_id_taken or concurrent_change
 */
export async function changePass(context: Context, id: number, input: PassChange): Promise<ChangedPass> {
  // D1 could not merge a larger change, even if the result were smaller.
  refuseLargePass({
    values: input.values && writeJson(input.values),
    pass: input.pass && writeJson(input.pass),
  });
  refuseLargePass({ pass: input.passPatch && writeJson(input.passPatch) });
  const own = input.images === undefined ? undefined : await storeOwnImages(context, input.images);
  const { before, change, rows, layers } = await refuseTakenExternalId(
    runOf(input)(context.db, statements(context, id, input, own)),
    "Another pass of this pass type",
    input.externalId,
  );
  const [row] = rows;
  if (row === undefined) throw passNotFound(id);
  const [layer] = layers;
  if (layer === undefined) throw new Error("a pass without a template");
  const [found] = before.rows;
  if (found === undefined) throw new Error("a pass that did not exist before its change");
  explainRefusal(input, own, { ...found, ...row }, parseJson(layer.fields), change.write.meta.changes > 0);
  const old = found.pass;
  // Only a pass that moves to another event has another event before the change.
  const [oldLayer = layer] = before.layers ?? [];
  const shown = { before: () => shownPass(old, oldLayer), after: () => shownPass(row.pass, layer) };
  const target = { kind: "pass", id, pushAtBefore: old.pushAt } as const;
  const recorded = recordedChange(change, row.pass);
  // A change of the old event may still wait for its push, and that push no longer reaches the phones of this pass.
  const leavesEvent = old.eventId !== null && old.eventId !== row.pass.eventId;
  context.announce(leavesEvent ? recorded : markIfInvisible(recorded, target, shown));
  return {
    pass: showPassRow(row, context.config.publicOrigin, context.now),
    lint: () => lintPass(row.pass, layer),
  };
}

/** Repeated additions would count twice. */
function runOf({ additions }: PassChange): typeof batchOf {
  return additions === undefined ? repeatableBatchOf : batchOf;
}

/**
 * All writing statements have the same condition, so a change is written completely or not at all. The condition reads
 * the pack, and `change` writes the pack, so `change` must be the last statement.
 */
function statements(context: Context, id: number, input: PassChange, own: OwnImages | undefined) {
  const { db, now } = context;
  const additions = additionsInSql(input.additions ?? {});
  const content = contentAfter(input, additions);
  const bytes = passBytesInSql(content);
  const allowed = and(
    livingPass(id),
    sql`${bytes} <= ${MAX_STORED_BYTES.pass}`,
    valuesFit(allValues(input)),
    additions?.areAllowed,
    typeof input.eventId === "number" ? isLivingEvent(input.eventId) : undefined,
    input.basedOnPack === undefined ? undefined : sql`${passes.pack} IS ${input.basedOnPack}`,
  );
  return {
    before: {
      rows: db
        .select({ pass: passes, bytes, ...(additions && { sums: additions.sums }) })
        .from(passes)
        .where(livingPass(id)),
      layers: input.eventId === undefined ? undefined : selectLayers(db, id),
    },
    registrations: moveRegistrations(db, id, input.eventId, allowed),
    // Phones do not show the externalId, so there is no change row and no push.
    externalId: db
      .update(passes)
      .set({ externalId: input.externalId ?? null, updatedAt: now })
      .where(and(allowed, differsFrom(passes.externalId, input.externalId))),
    ...replaceTags(db, id, input.tags, allowed),
    change: recordChange(
      context,
      updateShown(db, input, content, own, allowed),
      { kind: "pass", id },
      { kind: "changed" },
    ),
    objects: own && usePack(db, id, own.pack, now),
    rows: db.select(shownColumns).from(passes).where(livingPass(id)),
    layers: selectLayers(db, id),
  };
}

/**
 * SQL: the content of the pass after the change. Without additions, the same change once more gives the same content, so it
 * may run twice.
 */
function contentAfter(input: PassChange, additions: AdditionsInSql | undefined) {
  const replaced = input.pass === undefined ? sql`${passes.pass}` : sql`${writeJson(input.pass)}`;
  const column = (column: SQLiteColumn, value: string | null | undefined) =>
    value === undefined ? column : sql`${value}`;
  const values = sql`json_patch(${passes.values}, ${writeJson(input.values ?? {})})`;
  return {
    values: additions === undefined ? values : sql`json_patch(${values}, ${additions.patch})`,
    pass:
      input.passPatch === undefined ? replaced : sql`json_patch(${replaced}, ${writeJson(input.passPatch)})`,
    barcodeMessage: column(passes.barcodeMessage, input.barcodeMessage),
    barcodeAltText: column(passes.barcodeAltText, input.barcodeAltText),
  };
}

/** Writes the columns that phones show, if at least one of them has changed. */
function updateShown(
  db: Database,
  input: PassChange,
  { values, pass }: ReturnType<typeof contentAfter>,
  own: OwnImages | undefined,
  allowed: SQL | undefined,
) {
  // The sum of an addition is not computed again only for this.
  const adds = input.additions === undefined ? sql`0` : sql`1`;
  const differs = sql`(${adds} OR ${values} <> ${passes.values} OR ${passes.pass} <> ${pass}
    OR ${differsFrom(passes.barcodeMessage, input.barcodeMessage)}
    OR ${differsFrom(passes.barcodeAltText, input.barcodeAltText)}
    OR ${movesTo(input.eventId)} OR ${differsFrom(passes.images, own?.images)})`;
  // If the same images are sent again, the pack does not change, and so the built pass stays valid.
  const pack = own && sql`CASE WHEN ${passes.images} = ${own.images} THEN pack ELSE ${own.pack} END`;
  return db
    .update(passes)
    .set({
      values,
      pass,
      barcodeMessage: input.barcodeMessage,
      barcodeAltText: input.barcodeAltText,
      images: own?.images,
      pack,
      eventId: input.eventId,
      // A pass that leaves an event must not get an older time than that event.
      modifiedAt: sql`max(${passes.modifiedAt}, coalesce((SELECT modified_at FROM events WHERE events.id = passes.event_id), 0))`,
    })
    .where(and(allowed, differs));
}

/**
 * Statements: the pass uses this pack, and no other. They do nothing if the pass has another one, because the change was refused or
 * the same images were sent again.
 */
function usePack(db: Database, id: number, pack: string | null, now: number) {
  const user = userOfPack(and(livingPass(id), sql`${passes.pack} IS ${pack}`));
  const keys = pack === null ? [] : [pack];
  return {
    named: pack === null ? undefined : nameObjects(db, user, keys),
    ...dropObjects(db, user, now, keys),
  };
}

/** Registrations contain a copy of the event's id. */
function moveRegistrations(
  db: Database,
  id: number,
  eventId: number | null | undefined,
  allowed: SQL | undefined,
) {
  return db
    .update(registrations)
    .set({ eventId: eventId ?? null })
    .where(
      sql`${registrations.passId} = ${id} AND ${differsFrom(registrations.eventId, eventId)}
        AND EXISTS (SELECT 1 FROM ${passes} WHERE ${allowed})`,
    );
}

/** The values of the change, with a number for each addition: what the fields must be able to take. */
function allValues({ values, additions = {} }: PassChange): Readonly<Record<string, FieldPatch | null>> {
  const summands = Object.entries(additions).map(([key, { add }]) => [key, { ...values?.[key], value: add }]);
  return { ...values, ...Object.fromEntries(summands) };
}

interface ChangedRow {
  readonly pass: typeof passes.$inferSelect;
  readonly eventId: number | null;
  /** Computed before the change, because a second addition could have another result. */
  readonly bytes: number;
  readonly sums?: Parameters<typeof refuseAdditions>[0];
}

/** Throws the reason if the write was refused. @throws ApiError */
function explainRefusal(
  input: PassChange,
  own: OwnImages | undefined,
  row: ChangedRow,
  fields: Parameters<typeof refuseUnfitValues>[1],
  wrote: boolean,
): void {
  refuseUnfitValues(allValues(input), fields);
  if (row.sums !== undefined) refuseAdditions(row.sums, input.additions ?? {});
  if (typeof input.eventId === "number" && row.eventId !== input.eventId)
    throw eventNotFound(input.eventId, "/eventId");
  if (row.bytes > MAX_STORED_BYTES.pass) throw passTooLarge(row.bytes);
  // The new pack is in the row if an earlier attempt of this batch has written it.
  const isReplaced = row.pass.pack !== input.basedOnPack && row.pass.pack !== own?.pack;
  if (!wrote && input.basedOnPack !== undefined && isReplaced)
    throw new ApiError(
      "concurrent_change",
      "Another request changed the pass's images at the same time. Send this request again.",
    );
}

/** SQL: whether the column has a different value than this one; false if no value is given. */
function differsFrom(column: SQLiteColumn, value: string | number | null | undefined): SQL {
  return value === undefined ? sql`0` : sql`${column} IS NOT ${value}`;
}

/** SQL: whether this event is different from the living event of the pass. */
function movesTo(eventId: number | null | undefined): SQL {
  if (eventId === undefined) return sql`0`;
  return sql`${livingEventId} IS NOT ${eventId}`;
}
