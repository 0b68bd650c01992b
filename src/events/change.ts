/**
 * Changes an event: one conditional write and its change row in one batch. dry-run.ts takes the same content and the same
 * refusals.
 */
import { and, getTableColumns, sql } from "drizzle-orm";
import { recordChange, recordedChange } from "../changes/log.ts";
import type { Context } from "../context.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import { refuseTakenExternalId } from "../db/external-ids.ts";
import { googleIssuerColumn } from "../db/has-google-issuer.ts";
import { areWhole, patchedOverrides, refusePartial } from "../db/overrides.ts";
import { markRequest } from "../db/requests.ts";
import { type DemandedRevisions, hasRevision, refuseOtherRevision } from "../db/revisions.ts";
import { events } from "../db/schema.ts";
import { writeJson } from "../json.ts";
import type { FieldPatch, PassPatch } from "../pkpass/schema/schema.ts";
import { type Event, type EventRow, eventNotFound, livingEventIn, showEventRow } from "./events.ts";
import { type ExamplePass, selectExample } from "./example.ts";
import { fitsInSql, refuseLargeEvent, sizesInSql } from "./size.ts";
import { announceEventIfVisible } from "./visible.ts";

/**
 * Absent members stay unchanged. `values` and `pass` are merged into those of the event (RFC 7396). `without` replaces the
 * stored one completely.
 */
export interface EventChange {
  readonly name?: string | undefined;
  readonly externalId?: string | null | undefined;
  readonly values?: Readonly<Record<string, FieldPatch | null>> | undefined;
  readonly pass?: PassPatch | undefined;
  readonly without?: readonly string[] | undefined;
}

export interface ChangedEvent {
  readonly event: Event;
  readonly before: EventRow;
  readonly after: EventRow;
  /** One of its passes, as an example of what phones show. Undefined if it has none. */
  readonly example: ExamplePass | undefined;
  readonly hasGoogleIssuer: boolean;
}

/**
 * @param demanded the event must have one of these revisions
 * @throws ApiError event_not_found, precondition_failed, external_id_taken, invalid_pass or content_too_large
 */
export async function changeEvent(
  context: Context,
  projectId: number,
  id: number,
  input: EventChange,
  demanded?: DemandedRevisions,
): Promise<ChangedEvent> {
  const { db, now, writeId } = context;
  const { values, pass, without } = eventContentAfter(input);
  const sizes = sizesInSql({ values, pass });
  const differs = sql`(${values} <> ${events.values} OR ${events.pass} <> ${pass} OR ${events.without} <> ${without})`;
  const { name = sql`name` } = input;
  const externalId = input.externalId === undefined ? sql`external_id` : input.externalId;
  const isRenamed = sql`(${events.name} <> ${name} OR ${events.externalId} IS NOT ${externalId})`;
  const allowed = and(
    livingEventIn(projectId, id),
    hasRevision(events.revision, demanded),
    fitsInSql(sizes),
    areWhole(pass, input.pass),
  );
  const write = db
    .update(events)
    .set({ values, pass, without, revision: sql`${events.revision} + 1` })
    .where(and(allowed, differs));
  const { before, change, rows, example, wasRepeated } = await refuseTakenExternalId(
    repeatableBatchOf(db, {
      mark: markRequest(context, id, events, allowed),
      before: db.select().from(events).where(livingEventIn(projectId, id)),
      // Phones do not show these columns, so there is no change row and no push. It raises the revision if `write` does not.
      renamed: db
        .update(events)
        .set({
          name,
          externalId,
          updatedAt: now,
          writeId,
          revision: sql`${events.revision} + NOT ${differs}`,
        })
        .where(and(allowed, isRenamed)),
      change: recordChange(context, write, { kind: "event", id }, { kind: "changed" }),
      rows: db
        .select({ ...getTableColumns(events), ...sizes, ...googleIssuerColumn })
        .from(events)
        .where(livingEventIn(projectId, id)),
      example: selectExample(db, id),
    }),
    "Another event of this project",
    input.externalId,
  );
  const [row] = rows;
  if (row === undefined) throw eventNotFound(id);
  const [old] = before;
  if (old === undefined) throw new Error("an event that did not exist before its change");
  announceEventIfVisible(context, recordedChange(change, row), old, row);
  refuseEventChange(input, { before: old, after: row, sizes: row }, demanded, { writeId, wasRepeated });
  const hasGoogleIssuer = row.hasGoogleIssuer === 1;
  return { event: showEventRow(row), before: old, after: row, example: example[0], hasGoogleIssuer };
}

/** SQL: the columns of the event after the change. Repeating the change gives the same columns. */
export function eventContentAfter(input: EventChange) {
  return {
    values: sql`json_patch(${events.values}, ${writeJson(input.values ?? {})})`,
    pass: patchedOverrides(events.pass, input.pass),
    without: input.without === undefined ? sql`${events.without}` : sql`${writeJson(input.without)}`,
  };
}

/**
 * Throws the reason if the change is refused.
 * @param rows `sizes`: those after the change
 * @throws ApiError precondition_failed, invalid_pass or content_too_large
 */
export function refuseEventChange(
  input: EventChange,
  rows: {
    readonly before: EventRow;
    readonly after: EventRow;
    readonly sizes: Parameters<typeof refuseLargeEvent>[0];
  },
  demanded: DemandedRevisions,
  attempt?: Parameters<typeof refuseOtherRevision>[2],
): void {
  refuseOtherRevision(demanded, rows.before, attempt);
  refusePartial(rows.after.pass, input.pass);
  refuseLargeEvent(rows.sizes);
}
