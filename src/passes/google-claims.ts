/**
 * Claims rows of Google's objects, and reads in the same batch all that they are rendered from. So a change is either in what was
 * read, or makes the row stale afterwards.
 */
import { eq, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { repeat, repeatable } from "../db/repeat.ts";
import { events, googleClasses, googleObjects, passes, templates } from "../db/schema.ts";
import { selectInto } from "../db/select-into.ts";
import { existsIssuer, type IssuerRow } from "../google-wallet/issuers.ts";
import { type Claim, claimColumns, isFree, NEW_ROW } from "../google-wallet/sync-rows.ts";

export interface ObjectKey {
  readonly passId: number;
  readonly type: string;
}

export interface ObjectIds extends ObjectKey {
  readonly resourceId: string;
  readonly classId: string;
}

/** The object of a pass, with the ids that its row gets if there is none; or those that are due, the oldest first. */
export type WantedObjects = ObjectIds | { readonly atMost: number };

export type ObjectRow = typeof googleObjects.$inferSelect;
/** What a class says about its objects, when one of them was claimed. */
export type OwningClass = Pick<
  typeof googleClasses.$inferSelect,
  "templateId" | "eventId" | "type" | "sent" | "objectBasis" | "shownTexts" | "notifiedAt"
>;
type TemplateRow = typeof templates.$inferSelect;

export interface ClaimedObject {
  readonly row: ObjectRow;
  readonly pass: typeof passes.$inferSelect;
  readonly template: TemplateRow;
  /** Null if it was deleted, too. */
  readonly event: typeof events.$inferSelect | null;
  readonly classes: readonly OwningClass[];
}

export interface ClaimedObjects {
  readonly claimed: readonly ClaimedObject[];
  /** Of the wanted pass, if another has the claim. */
  readonly busy: ObjectRow | undefined;
}

/** One trip. After an error of D1, an own claim is found again. */
export async function claimObjects(
  db: Database,
  issuer: IssuerRow,
  wanted: WantedObjects,
  claim: Claim,
): Promise<ClaimedObjects> {
  const { issuerId } = issuer;
  const result = await repeat("batch", (isRepeat) =>
    batchOf(db, statements(db, issuerId, wanted, claim, isRepeat)),
  );
  const [passesById, eventsById, templatesById] = [
    byId(result.passes),
    byId(result.events),
    byId(result.templates),
  ];
  const claimed = result.claimed.flatMap((row) => {
    const pass = passesById.get(row.passId);
    const template = pass && templatesById.get(pass.templateId);
    if (pass === undefined || template === undefined) return [];
    const event = pass.eventId === null ? undefined : eventsById.get(pass.eventId);
    const classes = result.classes.filter(({ templateId }) => templateId === template.id);
    return [{ row, pass, template, event: event?.deletedAt === null ? event : null, classes }];
  });
  return { claimed, busy: result.claimed.length === 0 ? result.found?.[0] : undefined };
}

function byId<Row extends { readonly id: number }>(rows: readonly Row[]): ReadonlyMap<number, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}

function statements(db: Database, issuerId: string, wanted: WantedObjects, claim: Claim, isRepeat: boolean) {
  const isWanted =
    "passId" in wanted ? isObjectRow(issuerId, wanted) : isPicked(issuerId, wanted.atMost, claim, isRepeat);
  // The claimed rows are few, and the first in the index of what is due.
  const isClaimed =
    "passId" in wanted
      ? sql`${isObjectRow(issuerId, wanted)} AND ${googleObjects.claimedUntil} = ${claim.until}`
      : sql`${googleObjects.issuerId} = ${issuerId} AND ${googleObjects.sendAt} <= ${claim.now}
          AND ${googleObjects.claimedUntil} = ${claim.until}`;
  const ofClaimed = (column: SQLWrapper) => sql`(SELECT ${column} FROM ${googleObjects}
    JOIN ${passes} ON ${passes.id} = ${googleObjects.passId} WHERE ${isClaimed})`;
  return {
    made:
      "passId" in wanted
        ? db
            .insert(googleObjects)
            .select(
              selectInto(
                googleObjects,
                { issuerId, ...wanted, ...NEW_ROW, createdAt: claim.now },
                sql`WHERE ${existsIssuer(issuerId)}`,
              ),
            )
            .onConflictDoNothing()
        : undefined,
    claimed: db
      .update(googleObjects)
      .set(claimColumns(claim))
      .where(sql`${isWanted} AND ${isFree(claim, isRepeat)}`)
      .returning(),
    found:
      "passId" in wanted ? db.select().from(googleObjects).where(isObjectRow(issuerId, wanted)) : undefined,
    // Each table by itself: a batch has one column of a name.
    passes: db
      .select()
      .from(passes)
      .where(sql`${passes.id} IN (SELECT pass_id FROM ${googleObjects} WHERE ${isClaimed})`),
    events: db
      .select()
      .from(events)
      .where(sql`${events.id} IN ${ofClaimed(passes.eventId)}`),
    templates: db
      .select()
      .from(templates)
      .where(sql`${templates.id} IN ${ofClaimed(passes.templateId)}`),
    classes: db
      .selectDistinct({
        templateId: googleClasses.templateId,
        eventId: googleClasses.eventId,
        type: googleClasses.type,
        sent: googleClasses.sent,
        objectBasis: googleClasses.objectBasis,
        shownTexts: googleClasses.shownTexts,
        notifiedAt: googleClasses.notifiedAt,
      })
      .from(googleObjects)
      .innerJoin(passes, eq(passes.id, googleObjects.passId))
      .innerJoin(
        googleClasses,
        sql`${googleClasses.templateId} = ${passes.templateId}
          AND ${googleClasses.eventId} IN (0, coalesce(${passes.eventId}, 0))
          AND ${googleClasses.issuerId} = ${issuerId}`,
      )
      .where(isClaimed),
  };
}

/** Ends what is left of the claim: these rows are due again at once. */
export async function releaseObjects(
  db: Database,
  { issuerId }: Pick<IssuerRow, "issuerId">,
  { until, now }: Claim,
): Promise<void> {
  await repeatable(() =>
    db
      .update(googleObjects)
      .set({ claimedUntil: null })
      .where(
        sql`${googleObjects.issuerId} = ${issuerId} AND ${googleObjects.sendAt} <= ${now}
          AND ${googleObjects.claimedUntil} = ${until}`,
      ),
  );
}

/** SQL on google_objects. */
export function isObjectRow(issuerId: string, { passId, type }: ObjectKey): SQL {
  return sql`${googleObjects.passId} = ${passId} AND ${googleObjects.issuerId} = ${issuerId}
    AND ${googleObjects.type} = ${type}`;
}

function isPicked(issuerId: string, atMost: number, claim: Claim, isRepeat: boolean): SQL {
  return sql`${googleObjects}.rowid IN (SELECT rowid FROM ${googleObjects}
    WHERE issuer_id = ${issuerId} AND send_at <= ${claim.now} AND ${isFree(claim, isRepeat)}
    ORDER BY send_at, pass_id LIMIT ${atMost})`;
}
