/**
 * Changes what a pass shows: one conditional write and its change row in one batch. So of two changes at the same time both
 * are written, or one of them is refused.
 *
 * `values` are merged by field key inside D1 (json_patch, RFC 7396), so that two changes of two fields at the same time are
 * both written.
 */
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { recorded, recordedChange } from "../changes/log.ts";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { refuseTakenExternalId } from "../db/external-ids.ts";
import { events, passes, passTags, registrations, templates } from "../db/schema.ts";
import { selectInto } from "../db/select-into.ts";
import { ApiError } from "../errors.ts";
import { eventNotFound } from "../events/events.ts";
import { isLivingEvent, livingEvent, livingEventId } from "../events/living-event.ts";
import { parseJson, writeJson } from "../json.ts";
import { fits } from "../pkpass/schema/field-kinds.ts";
import type { FieldPatch, PassOverrides } from "../pkpass/schema/schema.ts";
import type { LintReport } from "../templates/lint.ts";
import type { Images } from "../templates/packs.ts";
import { layerColumns, lintPass } from "./lint.ts";
import { type OwnImages, storeOwnImages } from "./own-images.ts";
import { refuseUnfitValues } from "./refusals.ts";
import { livingPass, type Pass, passNotFound, shownColumns, showPassRow } from "./show.ts";

/** Absent members stay. In `values` null removes; `pass`, `images` and `tags` replace as a whole. */
export interface PassChange {
  readonly externalId?: string | null | undefined;
  readonly values?: Readonly<Record<string, FieldPatch | null>> | undefined;
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
  /** The findings in the pass's own parts. Computed when called. */
  readonly lint: () => LintReport;
}

/**
 * Nothing is pushed if nothing that a phone shows is different.
 * @throws ApiError pass_not_found, event_not_found, unknown_field, value_does_not_fit, invalid_image, missing_icon,
 *   external_id_taken or concurrent_change
 */
export async function changePass(context: Context, id: number, input: PassChange): Promise<ChangedPass> {
  const own = input.images === undefined ? undefined : await storeOwnImages(context.bucket, input.images);
  const { change, rows, layers } = await refuseTakenExternalId(
    batchOf(context.db, statements(context, id, input, own)),
    "Another pass of this pass type",
    input.externalId,
  );
  const [row] = rows;
  if (row === undefined) throw passNotFound(id);
  const [layer] = layers;
  if (layer === undefined) throw new Error("a pass without a template");
  explainRefusal(input, row, parseJson(layer.fields), change.write.meta.changes > 0);
  context.announce(recordedChange(change, row.pass));
  return {
    pass: showPassRow(row, context.config.publicOrigin),
    lint: () => lintPass(row.pass, layer),
  };
}

/**
 * Every statement that writes has the same condition, so a change is written as a whole or not at all. The condition looks
 * at the pack, which only `change` writes: so `change` is the last of them.
 */
function statements(context: Context, id: number, input: PassChange, own: OwnImages | undefined) {
  const { db, now } = context;
  const allowed = and(
    livingPass(id),
    valuesFit(input.values ?? {}),
    typeof input.eventId === "number" ? isLivingEvent(input.eventId) : undefined,
    input.basedOnPack === undefined ? undefined : sql`${passes.pack} IS ${input.basedOnPack}`,
  );
  return {
    registrations: moveRegistrations(db, id, input.eventId, allowed),
    // Phones do not show the externalId: no change row, no push.
    externalId: db
      .update(passes)
      .set({ externalId: input.externalId ?? null, updatedAt: now })
      .where(and(allowed, differsFrom(passes.externalId, input.externalId))),
    ...replaceTags(db, id, input.tags, allowed),
    change: recorded(
      context,
      updateShown(db, input, own, allowed),
      { kind: "pass", id },
      { kind: "changed" },
    ),
    rows: db.select(shownColumns).from(passes).where(livingPass(id)),
    layers: db
      .select({ fields: templates.fields, ...layerColumns })
      .from(passes)
      .innerJoin(templates, eq(templates.id, passes.templateId))
      .leftJoin(events, livingEvent(passes.eventId))
      .where(eq(passes.id, id)),
  };
}

/** Writes what phones show, if any of it is different. */
function updateShown(db: Database, input: PassChange, own: OwnImages | undefined, allowed: SQL | undefined) {
  const values = sql`json_patch(${passes.values}, ${writeJson(input.values ?? {})})`;
  const replaced = input.pass === undefined ? sql`${passes.pass}` : sql`${writeJson(input.pass)}`;
  const pass =
    input.passPatch === undefined ? replaced : sql`json_patch(${replaced}, ${writeJson(input.passPatch)})`;
  const differs = sql`(${values} <> ${passes.values} OR ${passes.pass} <> ${pass}
    OR ${differsFrom(passes.barcodeMessage, input.barcodeMessage)}
    OR ${differsFrom(passes.barcodeAltText, input.barcodeAltText)}
    OR ${movesTo(input.eventId)} OR ${differsFrom(passes.images, own?.images)})`;
  // The same images again keep their pack, and with it the built pass.
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
      // A pass that leaves an event must not be older than that event.
      modifiedAt: sql`max(${passes.modifiedAt}, coalesce((SELECT modified_at FROM events WHERE events.id = passes.event_id), 0))`,
    })
    .where(and(allowed, differs));
}

/** Registrations hold a copy of the event. */
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

/** Two statements that leave exactly these tags; none if there is nothing to replace. */
function replaceTags(
  db: Database,
  id: number,
  tags: readonly string[] | undefined,
  allowed: SQL | undefined,
) {
  if (tags === undefined) return { removedTags: undefined, addedTags: undefined };
  const list = writeJson(tags);
  return {
    removedTags: db.delete(passTags).where(
      sql`${passTags.passId} = ${id} AND ${passTags.tag} NOT IN (SELECT value FROM json_each(${list}))
          AND EXISTS (SELECT 1 FROM ${passes} WHERE ${allowed})`,
    ),
    addedTags: db
      .insert(passTags)
      .select(
        selectInto(
          passTags,
          { passId: passes.id, tag: sql`tag.value` },
          sql`FROM ${passes}, json_each(${list}) AS tag WHERE ${allowed}`,
        ),
      )
      .onConflictDoNothing(),
  };
}

/** Says why nothing was written, if something was refused. @throws ApiError */
function explainRefusal(
  input: PassChange,
  row: { readonly pass: typeof passes.$inferSelect; readonly eventId: number | null },
  fields: Parameters<typeof refuseUnfitValues>[1],
  wrote: boolean,
): void {
  refuseUnfitValues(input.values ?? {}, fields);
  if (typeof input.eventId === "number" && row.eventId !== input.eventId)
    throw eventNotFound(input.eventId, "/eventId");
  if (!wrote && input.basedOnPack !== undefined && row.pass.pack !== input.basedOnPack)
    throw new ApiError(
      "concurrent_change",
      "Another request changed the pass's images at the same time. Send this request again.",
    );
}

/** SQL: whether the column has another value than this one; false where none is given. */
function differsFrom(column: SQLiteColumn, value: string | number | null | undefined): SQL {
  return value === undefined ? sql`0` : sql`${column} IS NOT ${value}`;
}

/** SQL: whether this is another event than the living event that the pass is in. */
function movesTo(eventId: number | null | undefined): SQL {
  if (eventId === undefined) return sql`0`;
  return sql`${livingEventId} IS NOT ${eventId}`;
}

/**
 * SQL: whether each value fits its field in the pass's template. JavaScript determines what each value can be (a date, a
 * number); the template's row has the kind that its field requires. So the check is part of the write, not a read before it.
 */
function valuesFit(values: Readonly<Record<string, FieldPatch | null>>): SQL | undefined {
  const facts = Object.entries(values).flatMap(([key, override]) => {
    if (override === null) return []; // a value can always be removed
    const { value = null } = override;
    const canBe = (kind: "date" | "number") => Number(value === null || fits(kind, value));
    return [{ key, date: canBe("date"), number: canBe("number") }];
  });
  if (facts.length === 0) return undefined;
  return sql`NOT EXISTS (
    SELECT 1 FROM json_each(${writeJson(facts)}) AS fact
    LEFT JOIN json_each((SELECT fields FROM templates WHERE templates.id = passes.template_id)) AS field
      ON field.key = fact.value->>'key'
    WHERE field.key IS NULL OR (field.value = 'date' AND NOT fact.value->>'date')
      OR (field.value = 'number' AND NOT fact.value->>'number'))`;
}
