/**
 * Changes a pass: what it shows, whether it is redeemed, and its end. Each is one conditional write with its change
 * row in one batch, so that two at once both count or one of them learns that it lost.
 *
 * `values` merge by field key inside D1 (json_patch, RFC 7396), so that two changes of two fields at the same moment
 * are both kept. Nothing is pushed here: the caller hands the returned change to the outbox.
 */
import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { passChanged, type RecordedChange, recordedChange } from "../changes/log.ts";
import { type Database, isUniqueViolation } from "../db/client.ts";
import { events, passes, passTags, registrations, templates } from "../db/schema.ts";
import { infoRemoved } from "../devices/personal-data.ts";
import { registrationsEnded } from "../devices/register.ts";
import { ApiError } from "../errors.ts";
import { eventNotFound } from "../events/events.ts";
import { fits } from "../pkpass/fields.ts";
import type { FieldPatch, PassOverrides } from "../pkpass/schema.ts";
import type { Report } from "../templates/lint.ts";
import type { Images } from "../templates/packs.ts";
import { removeBundle } from "./bundles.ts";
import { eventLives, externalIdTaken, type Parts, refuseFault } from "./issue.ts";
import { beneath, livingEvent, reportOn } from "./lint.ts";
import { storeOwnImages } from "./own-images.ts";
import { livingPass, type Pass, passNotFound, show, shownColumns } from "./show.ts";

/** What is absent stays. In `values` null removes; `pass`, `images` and `tags` replace as a whole. */
export interface PassChange {
  readonly externalId?: string | null | undefined;
  readonly values?: Readonly<Record<string, FieldPatch | null>> | undefined;
  readonly pass?: PassOverrides | undefined;
  /** Merged into `pass` by key (RFC 7396): for who changes one key and does not know the others. */
  readonly passPatch?: Readonly<Record<string, unknown>> | undefined;
  readonly barcodeMessage?: string | null | undefined;
  readonly barcodeAltText?: string | null | undefined;
  readonly images?: Images | undefined;
  /** The pack of own images that `images` were made from: if it is another one by then, nothing is written. */
  readonly basedOnPack?: string | null | undefined;
  readonly eventId?: number | null | undefined;
  readonly tags?: readonly string[] | undefined;
}

export interface Changed {
  readonly pass: Pass;
  /** Undefined if nothing that a phone shows is different: then there is nothing to push. */
  readonly change: RecordedChange | undefined;
}

export interface Linted {
  /** What a phone would find of what the pass brings. */
  readonly report: () => Report;
}

/** @throws ApiError pass_not_found, event_not_found, unknown_field, value_does_not_fit, invalid_image or external_id_taken */
export async function changePass(
  { db, bucket, config: { publicOrigin } }: Parts,
  id: number,
  input: PassChange,
  actor: string,
  now: number,
): Promise<Changed & Linted> {
  const values = JSON.stringify(input.values ?? {});
  const whole = input.pass === undefined ? sql`${passes.pass}` : sql`${JSON.stringify(input.pass)}`;
  const pass =
    input.passPatch === undefined ? whole : sql`json_patch(${whole}, ${JSON.stringify(input.passPatch)})`;
  const orAsItIs = (given: string | number | null | undefined, column: SQLiteColumn) =>
    given === undefined ? sql`${column}` : sql`${given}`;
  const message = orAsItIs(input.barcodeMessage, passes.barcodeMessage);
  const altText = orAsItIs(input.barcodeAltText, passes.barcodeAltText);
  const eventId = orAsItIs(input.eventId, passes.eventId);
  const own = input.images === undefined ? undefined : await storeOwnImages(bucket, input.images);
  const images = orAsItIs(own?.images, passes.images);
  const unmoved = input.basedOnPack === undefined ? undefined : sql`${passes.pack} IS ${input.basedOnPack}`;
  const allowed = and(livingPass(id), valuesFit(input.values ?? {}), eventLives(input.eventId), unmoved);
  const differs = sql`(json_patch(${passes.values}, ${values}) <> ${passes.values} OR ${passes.pass} <> ${pass}
    OR ${passes.barcodeMessage} IS NOT ${message} OR ${passes.barcodeAltText} IS NOT ${altText}
    OR ${movesTo(input.eventId)} OR ${passes.images} <> ${images})`;
  const otherExternalId =
    input.externalId === undefined ? sql`0` : sql`${passes.externalId} IS NOT ${input.externalId}`;
  const tags = JSON.stringify(input.tags ?? []);
  const replaceTags = input.tags === undefined ? sql`0` : sql`1`;
  try {
    const [, inserted, , , , , , rows, under] = await db.batch([
      db
        .update(passes)
        .set({
          values: sql`json_patch(${passes.values}, ${values})`,
          pass,
          barcodeMessage: message,
          barcodeAltText: altText,
          images,
          // The same images again keep their pack, and with it what is built of it.
          pack:
            own === undefined
              ? sql`pack`
              : sql`CASE WHEN ${passes.images} = ${images} THEN pack ELSE ${own.pack} END`,
          eventId,
          // Last-Modified rises also over the event that the pass leaves.
          modifiedAt: sql`max(${passes.modifiedAt}, coalesce((SELECT modified_at FROM events WHERE events.id = passes.event_id), 0))`,
        })
        .where(and(allowed, differs)),
      ...passChanged(db, id, { kind: "changed", actor, now }),
      db
        .update(registrations)
        .set({ eventId: input.eventId ?? null })
        .where(
          sql`${registrations.passId} = ${id} AND ${input.eventId === undefined ? sql`0` : sql`1`}
            AND ${registrations.eventId} IS NOT ${input.eventId ?? null}
            AND EXISTS (SELECT 1 FROM ${passes} WHERE ${allowed})`,
        ),
      // What phones do not show: no change row, no push.
      db
        .update(passes)
        .set({ externalId: input.externalId ?? null, updatedAt: now })
        .where(and(allowed, otherExternalId)),
      db.delete(passTags).where(
        sql`${passTags.passId} = ${id} AND ${replaceTags} AND ${passTags.tag} NOT IN (SELECT value FROM json_each(${tags}))
            AND EXISTS (SELECT 1 FROM ${passes} WHERE ${allowed})`,
      ),
      db
        .insert(passTags)
        .select(
          sql`SELECT ${passes.id}, tag.value FROM ${passes}, json_each(${tags}) AS tag WHERE ${allowed}`,
        )
        .onConflictDoNothing(),
      db.select(shownColumns).from(passes).where(livingPass(id)),
      db
        .select({ fields: templates.fields, ...beneath })
        .from(passes)
        .innerJoin(templates, eq(templates.id, passes.templateId))
        .leftJoin(events, livingEvent(passes.eventId))
        .where(eq(passes.id, id)),
    ]);
    const [row] = rows;
    if (row === undefined) throw passNotFound(id);
    const [template] = under;
    if (template === undefined) throw new Error("a pass without a template");
    refuseFault(input.values ?? {}, JSON.parse(template.fields));
    if (typeof input.eventId === "number" && row.eventId !== input.eventId)
      throw eventNotFound(input.eventId, "/eventId");
    if (own !== undefined && row.pass.images !== own.images)
      throw new ApiError("changed_meanwhile", "Its images were changed at the same moment. Send this again.");
    return {
      pass: show(row, publicOrigin),
      change: recordedChange(inserted, row.pass),
      report: () => reportOn(row.pass, template),
    };
  } catch (error) {
    throw isUniqueViolation(error) ? externalIdTaken(input.externalId) : error;
  }
}

/** SQL: whether the pass goes to another event than the living one that it is in. */
function movesTo(eventId: number | null | undefined) {
  if (eventId === undefined) return sql`0`;
  const living = sql`(SELECT events.id FROM events WHERE events.id = passes.event_id AND events.deleted_at IS NULL)`;
  return sql`${living} IS NOT ${eventId}`;
}

/** A redemption: won, or lost to an earlier one. `again`: it is the earlier one, by its redemptionId. */
export interface Redeemed extends Changed {
  readonly outcome: "redeemed" | "again" | "already_redeemed";
}

/**
 * Redeems a pass, once: of two scanners at the same moment one wins. The time of the first redemption stays.
 * @param redemptionId the caller's own name of this redemption
 * @throws ApiError pass_not_found
 */
export async function redeemPass(
  db: Database,
  publicOrigin: string,
  id: number,
  redemptionId: string | null,
  actor: string,
  now: number,
): Promise<Redeemed> {
  const [, inserted, , rows] = await db.batch([
    db
      .update(passes)
      .set({ redeemedAt: now, redemptionId })
      .where(and(livingPass(id), isNull(passes.redeemedAt))),
    ...passChanged(db, id, { kind: "redeemed", actor, detail: redemptionId ?? undefined, now }),
    db.select(shownColumns).from(passes).where(livingPass(id)),
  ]);
  const [row] = rows;
  if (row === undefined) throw passNotFound(id);
  const changed = { pass: show(row, publicOrigin), change: recordedChange(inserted, row.pass) };
  if (changed.change !== undefined) return { outcome: "redeemed", ...changed };
  const again = redemptionId !== null && row.pass.redemptionId === redemptionId;
  return { outcome: again ? "again" : "already_redeemed", ...changed };
}

/**
 * Takes a redemption back. A pass that is not redeemed stays as it is.
 * @param redemptionId only this redemption: a repetition that comes late leaves the next one alone; null for any
 * @throws ApiError pass_not_found or another_redemption
 */
export async function unredeemPass(
  db: Database,
  publicOrigin: string,
  id: number,
  redemptionId: string | null,
  actor: string,
  now: number,
): Promise<Changed> {
  const named = redemptionId === null ? undefined : eq(passes.redemptionId, redemptionId);
  const [, inserted, , rows] = await db.batch([
    db
      .update(passes)
      .set({ redeemedAt: null, redemptionId: null })
      .where(and(livingPass(id), isNotNull(passes.redeemedAt), named)),
    ...passChanged(db, id, { kind: "unredeemed", actor, now }),
    db.select(shownColumns).from(passes).where(livingPass(id)),
  ]);
  const [row] = rows;
  if (row === undefined) throw passNotFound(id);
  const { redeemedAt } = row.pass;
  if (redeemedAt !== null)
    throw new ApiError("another_redemption", `Pass ${id} was redeemed, and not by this redemptionId.`);
  return { pass: show(row, publicOrigin), change: recordedChange(inserted, row.pass) };
}

/**
 * Deletes a pass. A tombstone stays, so that its serial number is never given out again and its holder is answered
 * 404; what the pass said, what its holder said of himself, who listens to it and its bundle go.
 * @throws ApiError pass_not_found
 */
export async function deletePass(db: Database, bucket: R2Bucket, id: number, actor: string, now: number) {
  const gone = sql`EXISTS (SELECT 1 FROM passes WHERE passes.id = ${id} AND passes.deleted_at IS NOT NULL)`;
  const [before, deleted] = await db.batch([
    db.select({ bundle: passes.bundle }).from(passes).where(livingPass(id)),
    db
      .update(passes)
      .set({
        deletedAt: now,
        values: "{}",
        pass: "{}",
        barcodeMessage: null,
        barcodeAltText: null,
        images: "{}",
        pack: null,
        externalId: null,
      })
      .where(livingPass(id)),
    ...passChanged(db, id, { kind: "deleted", actor, now }),
    db.delete(passTags).where(sql`${passTags.passId} = ${id} AND ${gone}`),
    infoRemoved(db, id, gone),
    ...registrationsEnded(db, id),
  ]);
  if (deleted.meta.changes === 0) throw passNotFound(id);
  await removeBundle(db, bucket, { id, bundle: before[0]?.bundle ?? null });
}

/**
 * SQL: each value fits the field of the pass's template that it is for. JavaScript says what each value could be (a
 * date, a number), the template's row what its field demands: so the check is part of the write, not a read before it.
 */
function valuesFit(values: Readonly<Record<string, FieldPatch | null>>) {
  const facts = Object.entries(values).flatMap(([key, override]) => {
    if (override === null) return []; // removing is always possible
    const { value = null } = override;
    const could = (kind: "date" | "number") => Number(value === null || fits(kind, value));
    return [{ key, date: could("date"), number: could("number") }];
  });
  if (facts.length === 0) return undefined;
  return sql`NOT EXISTS (
    SELECT 1 FROM json_each(${JSON.stringify(facts)}) AS fact
    LEFT JOIN json_each((SELECT fields FROM templates WHERE templates.id = passes.template_id)) AS field
      ON field.key = fact.value->>'key'
    WHERE field.key IS NULL OR (field.value = 'date' AND NOT fact.value->>'date')
      OR (field.value = 'number' AND NOT fact.value->>'number'))`;
}
