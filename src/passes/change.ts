/**
 * Changes a pass: what it shows, whether it is redeemed, and its end. Each is one conditional write with its change
 * row in one batch, so that two at once both count or one of them learns that it lost.
 *
 * `values` merge by field key inside D1 (json_patch, RFC 7396), so that two changes of two fields at the same moment
 * are both kept. Nothing is pushed here: the caller hands the returned change to the outbox.
 */
import { and, isNull, sql } from "drizzle-orm";
import { passChanged, type RecordedChange, recordedChange } from "../changes/log.ts";
import { type Database, isUniqueViolation } from "../db/client.ts";
import { passes, passTags, templates } from "../db/schema.ts";
import { registrationsEnded } from "../devices/register.ts";
import { ApiError } from "../errors.ts";
import { fits } from "../pkpass/fields.ts";
import type { FieldOverride, PassOverrides } from "../pkpass/schema.ts";
import { removeBundle } from "./bundles.ts";
import { externalIdTaken, refuseFault } from "./issue.ts";
import { livingPass, type Pass, passNotFound, show, shownColumns } from "./show.ts";

/** What is absent stays. In `values` null removes; `pass` and `tags` replace as a whole. */
export interface PassChange {
  readonly externalId?: string | null | undefined;
  readonly values?: Readonly<Record<string, FieldOverride | null>> | undefined;
  readonly pass?: PassOverrides | undefined;
  readonly barcodeMessage?: string | null | undefined;
  readonly tags?: readonly string[] | undefined;
}

export interface Changed {
  readonly pass: Pass;
  /** Undefined if nothing that a phone shows is different: then there is nothing to push. */
  readonly change: RecordedChange | undefined;
}

/** @throws ApiError pass_not_found, unknown_field, value_does_not_fit or external_id_taken */
export async function changePass(
  db: Database,
  publicOrigin: string,
  id: number,
  input: PassChange,
  actor: string,
  now: number,
): Promise<Changed> {
  const values = JSON.stringify(input.values ?? {});
  const pass = input.pass === undefined ? sql`${passes.pass}` : sql`${JSON.stringify(input.pass)}`;
  const message =
    input.barcodeMessage === undefined ? sql`${passes.barcodeMessage}` : sql`${input.barcodeMessage}`;
  const allowed = and(livingPass(id), valuesFit(input.values ?? {}));
  const differs = sql`(json_patch(${passes.values}, ${values}) <> ${passes.values} OR ${passes.pass} <> ${pass}
    OR ${passes.barcodeMessage} IS NOT ${message})`;
  const otherExternalId =
    input.externalId === undefined ? sql`0` : sql`${passes.externalId} IS NOT ${input.externalId}`;
  const tags = JSON.stringify(input.tags ?? []);
  const replaceTags = input.tags === undefined ? sql`0` : sql`1`;
  try {
    const [, inserted, , , , , rows, fields] = await db.batch([
      db
        .update(passes)
        .set({ values: sql`json_patch(${passes.values}, ${values})`, pass, barcodeMessage: message })
        .where(and(allowed, differs)),
      ...passChanged(db, id, { kind: "changed", actor, now }),
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
        .select({ fields: templates.fields })
        .from(templates)
        .where(
          sql`${templates.id} = (SELECT ${passes.templateId} FROM ${passes} WHERE ${passes.id} = ${id})`,
        ),
    ]);
    const [row] = rows;
    if (row === undefined) throw passNotFound(id);
    refuseFault(input.values ?? {}, JSON.parse(fields[0]?.fields ?? "{}"));
    return { pass: show(row, publicOrigin), change: recordedChange(inserted, row.pass) };
  } catch (error) {
    throw isUniqueViolation(error) ? externalIdTaken(input.externalId) : error;
  }
}

/**
 * Redeems a pass, once: of two scanners at the same moment one wins.
 * @param redemptionId the caller's own name of this redemption: sent again, it is answered as the first time
 * @throws ApiError pass_not_found, or already_redeemed with `redeemedAt`
 */
export async function redeemPass(
  db: Database,
  publicOrigin: string,
  id: number,
  redemptionId: string | null,
  actor: string,
  now: number,
): Promise<Changed> {
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
  const again = redemptionId !== null && row.pass.redemptionId === redemptionId;
  if (changed.change !== undefined || again) return changed;
  throw new ApiError("already_redeemed", `Pass ${id} was redeemed at ${changed.pass.redeemedAt}.`, {
    extra: { redeemedAt: changed.pass.redeemedAt },
  });
}

/**
 * Deletes a pass. A tombstone stays, so that its serial number is never given out again and its holder is answered
 * 404; what the pass said, who listens to it and its bundle go.
 * @throws ApiError pass_not_found
 */
export async function deletePass(db: Database, bucket: R2Bucket, id: number, actor: string, now: number) {
  const gone = sql`EXISTS (SELECT 1 FROM passes WHERE passes.id = ${id} AND passes.deleted_at IS NOT NULL)`;
  const [before, deleted] = await db.batch([
    db.select({ bundle: passes.bundle }).from(passes).where(livingPass(id)),
    db
      .update(passes)
      .set({ deletedAt: now, values: "{}", pass: "{}", barcodeMessage: null, externalId: null })
      .where(livingPass(id)),
    ...passChanged(db, id, { kind: "deleted", actor, now }),
    db.delete(passTags).where(sql`${passTags.passId} = ${id} AND ${gone}`),
    ...registrationsEnded(db, id),
  ]);
  if (deleted.meta.changes === 0) throw passNotFound(id);
  await removeBundle(db, bucket, { id, bundle: before[0]?.bundle ?? null });
}

/**
 * SQL: each value fits the field of the pass's template that it is for. JavaScript says what each value could be (a
 * date, a number), the template's row what its field demands: so the check is part of the write, not a read before it.
 */
function valuesFit(values: Readonly<Record<string, FieldOverride | null>>) {
  const facts = Object.entries(values).flatMap(([key, override]) => {
    if (override === null) return []; // removing is always possible
    const { value } = override;
    const could = (kind: "date" | "number") => Number(value === undefined || fits(kind, value));
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
