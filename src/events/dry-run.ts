/**
 * A dry run of a change of an event. The content after the change is computed by the SQL of the change, in a SELECT, and the
 * change is refused by the function that refuses it (change.ts). Nothing is written.
 */
import { eq, getTableColumns } from "drizzle-orm";
import { type DryRun, listDifferences } from "../changes/dry-run.ts";
import { selectPhones, selectSavedPasses, toPhones } from "../changes/phones.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { externalIdTaken, selectTaken } from "../db/external-ids.ts";
import { googleIssuerColumn } from "../db/has-google-issuer.ts";
import type { DemandedRevisions } from "../db/revisions.ts";
import { events } from "../db/schema.ts";
import { columnsOf } from "../db/select-into.ts";
import { type ChangedEvent, type EventChange, eventContentAfter, refuseEventChange } from "./change.ts";
import { type Event, type EventRow, eventNotFound, livingEventIn, showEventRow } from "./events.ts";
import { selectExample } from "./example.ts";
import { lintEvent } from "./lint.ts";
import { sizesInSql } from "./size.ts";
import { shownEvent } from "./visible.ts";

export interface EventDryRun {
  /** The event as it is, because nothing is written. */
  readonly event: Event;
  readonly change: Omit<ChangedEvent, "event">;
  /** Without the notifications, because only a pass has fields (passes/event-notifications.ts). */
  readonly report: Omit<DryRun, "notifications">;
}

/** @throws ApiError as changeEvent does */
export async function dryRunEventChange(
  { db }: { readonly db: Database },
  projectId: number,
  id: number,
  input: EventChange,
  demanded?: DemandedRevisions,
): Promise<EventDryRun> {
  const found = await batchOf(db, {
    rows: db
      .select({ ...getTableColumns(events), ...googleIssuerColumn })
      .from(events)
      .where(livingEventIn(projectId, id)),
    content: db.select(contentColumns(input)).from(events).where(livingEventIn(projectId, id)),
    example: selectExample(db, id),
    phones: selectPhones(db, { kind: "event", id }),
    saved: selectSavedPasses(db, { kind: "event", id }),
    taken: selectTaken(db, events, {
      id,
      externalId: input.externalId,
      among: eq(events.projectId, projectId),
    }),
  });
  const [[before], [content], [example]] = [found.rows, found.content, found.example];
  if (before === undefined || content === undefined) throw eventNotFound(id);
  const { bytes, passCharacters, ...columns } = content;
  const after = { ...before, ...columns };
  refuseEventChange(input, { before, after, sizes: { bytes, passCharacters } }, demanded);
  if (found.taken?.length) throw externalIdTaken("Another event of this project", input.externalId);
  return {
    event: showEventRow(before),
    change: { before, after, example, hasGoogleIssuer: before.hasGoogleIssuer === 1 },
    report: {
      dryRun: true,
      ...listDifferences(shownEvent(before), shownEvent(after)),
      phones: toPhones(found.phones, found.saved),
      lint: lintEvent(showEventRow(after), example),
    },
  };
}

/** Every column that the change computes in SQL, and the sizes. */
function contentColumns(input: EventChange) {
  const content = eventContentAfter(input);
  const { bytes, passCharacters } = sizesInSql(content);
  return {
    ...columnsOf<EventRow, keyof typeof content>(content),
    bytes: bytes.as("bytes"),
    passCharacters: passCharacters.as("pass_characters"),
  };
}
