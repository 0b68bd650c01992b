/**
 * Changes a pass: one conditional write and its change row in one batch. So two changes at the same time are both written,
 * or one of them is refused.
 *
 * `values` and `pass` are merged by key inside D1 (json_patch, RFC 7396), so that changes of different keys at the same time
 * are both written. Numbers are added inside D1 too (additions.ts).
 */
import { and, sql } from "drizzle-orm";
import { recordChange, recordedChange } from "../changes/log.ts";
import { notificationsOfPass } from "../changes/notifications.ts";
import { markIfInvisible } from "../changes/visible.ts";
import type { Context } from "../context.ts";
import { refuseTakenExternalId } from "../db/external-ids.ts";
import { areWhole, refusePartial } from "../db/overrides.ts";
import { batchOfEffect, markRequest } from "../db/requests.ts";
import { type DemandedRevisions, hasRevision, refuseOtherRevision } from "../db/revisions.ts";
import { passes } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { eventNotFound } from "../events/events.ts";
import { isLivingEvent } from "../events/living-event.ts";
import { parseJson, writeJson } from "../json.ts";
import { MAX_STORED_BYTES } from "../limits.ts";
import type { Notification } from "../pkpass/notifications.ts";
import type { FieldPatch } from "../pkpass/schema/schema.ts";
import type { LintReport } from "../templates/lint.ts";
import { additionsInSql, refuseAdditions } from "./additions.ts";
import {
  changeUnseen,
  contentAfter,
  moveRegistrations,
  type PassChange,
  selectReplaced,
  showsDifferent,
  updateShown,
  usePack,
} from "./change-statements.ts";
import { refuseUnfitValues, valuesFit } from "./field-values.ts";
import { type GoogleChange, googleChangeOfPass } from "./google-change.ts";
import { lintPass } from "./lint.ts";
import { type OwnImages, storeOwnImages } from "./own-images.ts";
import { livingPass, type Pass, passNotFound, shownColumns, showPassRow } from "./show.ts";
import { passBytesInSql, passTooLarge, refuseLargePass } from "./size.ts";
import { replaceTags } from "./tags.ts";
import { selectLayers, shownPass } from "./visible.ts";

/** A pass that was written. */
export interface WrittenPass {
  readonly pass: Pass;
  /** Returns the findings in the pass's own parts. They are computed when it is called. */
  readonly lint: () => LintReport;
}

export interface ChangedPass extends WrittenPass {
  /** Returns what its phones show on the lock screen. */
  readonly notifications: () => readonly Notification[];
  /** Returns what its holders see in Google Wallet. It costs a round trip if there is an issuer. */
  readonly google: () => Promise<GoogleChange>;
}

/**
 * There is no push if a phone shows the same as before (changes/visible.ts), unless the pass leaves an event.
 * @param demanded the pass must have one of these revisions
 * @throws ApiError pass_not_found, precondition_failed, event_not_found, invalid_pass, unknown_field, value_does_not_fit, value_not_a_number,
 *   value_out_of_range, invalid_image, missing_icon, content_too_large, external_id_taken or changed_meanwhile
 */
export async function changePass(
  context: Context,
  id: number,
  input: PassChange,
  demanded?: DemandedRevisions,
): Promise<ChangedPass> {
  refuseLargeChange(input);
  const own = input.images === undefined ? undefined : await storeOwnImages(context, input.images);
  const { before, change, rows, layers, wasRepeated } = await refuseTakenExternalId(
    // An addition that is repeated would count twice.
    batchOfEffect(context, statements(context, id, input, own, demanded), input.additions === undefined),
    "Another pass of this pass type",
    input.externalId,
  );
  const [row] = rows;
  if (row === undefined) throw passNotFound(id);
  const [layer] = layers;
  if (layer === undefined) throw new Error("a pass without a template");
  const [found] = before.rows;
  if (found === undefined) throw new Error("a pass that did not exist before its change");
  refuseOtherRevision(demanded, found.pass, { writeId: context.writeId, wasRepeated });
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
  const notifications = () => notificationsOfPass(shown.before(), shown.after(), row.registrations);
  return {
    pass: showPassRow(row, context.config.publicOrigin, context.now),
    lint: () => lintPass(row.pass, layer),
    notifications,
    google: () =>
      googleChangeOfPass(
        context,
        { before: old, after: row.pass },
        {
          hasGoogleIssuer: found.hasGoogleIssuer === 1,
          isDryRun: false,
          notifications: notifications(),
        },
      ),
  };
}

/** D1 could not merge a larger change, even if the result were smaller. @throws ApiError content_too_large */
export function refuseLargeChange(input: PassChange): void {
  refuseLargePass({
    values: input.values && writeJson(input.values),
    pass: input.pass && writeJson(input.pass),
  });
}

/**
 * All writing statements have the same condition, so a change is written completely or not at all. The condition reads
 * the pack and the revision, and `change` writes them, so `change` must be the last statement.
 */
function statements(
  context: Context,
  id: number,
  input: PassChange,
  own: OwnImages | undefined,
  demanded: DemandedRevisions,
) {
  const { db, now } = context;
  const additions = additionsInSql(input.additions ?? {});
  const content = contentAfter(input, additions);
  const allowed = and(
    livingPass(id),
    hasRevision(passes.revision, demanded),
    sql`${passBytesInSql(content)} <= ${MAX_STORED_BYTES.pass}`,
    valuesFit(allValues(input)),
    areWhole(content.pass, input.pass),
    additions?.areAllowed,
    typeof input.eventId === "number" ? isLivingEvent(input.eventId) : undefined,
    input.basedOnPack === undefined ? undefined : sql`${passes.pack} IS ${input.basedOnPack}`,
  );
  const differs = showsDifferent(input, content, own);
  return {
    mark: markRequest(context, id, passes, allowed),
    before: selectReplaced(db, id, input),
    registrations: moveRegistrations(db, id, input.eventId, allowed),
    ...replaceTags(db, id, input.tags, allowed),
    unseen: changeUnseen(db, input, context, differs, allowed),
    change: recordChange(
      context,
      updateShown(db, input, content, own, and(allowed, differs)),
      { kind: "pass", id },
      { kind: "changed" },
    ),
    objects: own && usePack(db, id, own.pack, now),
    rows: db.select(shownColumns).from(passes).where(livingPass(id)),
    layers: selectLayers(db, id),
  };
}

/** The values of the change, and a number for each addition. They must fit the fields. */
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
export function explainRefusal(
  input: PassChange,
  own: OwnImages | undefined,
  row: ChangedRow,
  fields: Parameters<typeof refuseUnfitValues>[1],
  wrote: boolean,
): void {
  refuseUnfitValues(allValues(input), fields);
  refusePartial(row.pass.pass, input.pass);
  if (row.sums !== undefined) refuseAdditions(row.sums, input.additions ?? {});
  if (typeof input.eventId === "number" && row.eventId !== input.eventId)
    throw eventNotFound(input.eventId, "/eventId");
  if (row.bytes > MAX_STORED_BYTES.pass) throw passTooLarge(row.bytes);
  // The new pack is in the row if an earlier attempt of this batch has written it.
  const isReplaced = row.pass.pack !== input.basedOnPack && row.pass.pack !== own?.pack;
  if (!wrote && input.basedOnPack !== undefined && isReplaced)
    throw new ApiError(
      "changed_meanwhile",
      "Another request changed the pass's images at the same time. Send this request again.",
    );
}
