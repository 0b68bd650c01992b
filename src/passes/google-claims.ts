/**
 * Claims rows of Google's objects, and reads in the same batch all that they are rendered from. So a change is either in what was
 * read, or makes the row stale afterwards.
 */
import { eq, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { bytesOfColumns } from "../db/page.ts";
import { repeat, repeatable } from "../db/repeat.ts";
import { events, googleClasses, googleObjects, passes, templates } from "../db/schema.ts";
import { selectInto } from "../db/select-into.ts";
import { existsIssuer, type IssuerRow } from "../google-wallet/issuers.ts";
import { type Claim, claimColumns, isFree, NEW_ROW, UNSENT } from "../google-wallet/sync-rows.ts";

export interface ObjectKey {
  readonly passId: number;
  readonly type: string;
}

export interface ObjectIds extends ObjectKey {
  readonly resourceId: string;
  readonly classId: string;
}

/** The object of a pass, with the ids that its row gets if there is none; or a page of those that are due, the oldest first. */
export type WantedObjects = ObjectIds | ObjectPage;

export interface ObjectPage {
  readonly atMost: number;
  /** Of the rows, with what they are rendered from. One object may have more. */
  readonly maxBytes: number;
}

export type ObjectRow = typeof googleObjects.$inferSelect;
/** What a class says about its objects, when one of them was claimed. */
export type OwningClass = Pick<
  typeof googleClasses.$inferSelect,
  "templateId" | "eventId" | "type" | "objectBasis" | "shownTexts" | "notifiedAt"
> & {
  /** 1, or 0 if Google does not have it, or nobody knows what Google has of it. */
  readonly isSent: number;
};
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
    "passId" in wanted ? isObjectRow(issuerId, wanted) : isPicked(issuerId, wanted, claim, isRepeat);
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
        isSent: sql<number>`(${googleClasses.sent} <> ${UNSENT.sent})`.as("is_sent"),
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

/**
 * SQL: whether the row is on the page of those that are due. The page ends at its limit of rows, or earlier if more rows would hold
 * more than its bytes with what they are rendered from. It has at least one row. What several objects share counts once.
 */
function isPicked(issuerId: string, page: ObjectPage, claim: Claim, isRepeat: boolean): SQL {
  const inOrder = sql`ORDER BY due.send_at, due.pass_id`;
  const once = (by: SQL, bytes: SQL) =>
    sql`iif(row_number() OVER (PARTITION BY ${by} ${inOrder}) = 1, ${bytes}, 0)`;
  const ofClasses = sql`(SELECT coalesce(sum(octet_length(shown_texts)), 0) FROM ${googleClasses}
    WHERE template_id = ${passes.templateId} AND event_id IN (0, coalesce(${passes.eventId}, 0)) AND issuer_id = ${issuerId})`;
  const due = sql`SELECT rowid AS row_id, send_at, pass_id, ${bytesOfColumns(googleObjects)} AS own_bytes
    FROM ${googleObjects} WHERE issuer_id = ${issuerId} AND send_at <= ${claim.now} AND ${isFree(claim, isRepeat)}
    ORDER BY send_at, pass_id LIMIT ${page.atMost}`;
  const measured = sql`SELECT due.row_id, row_number() OVER (${inOrder}) AS place,
      own_bytes + ${bytesOfColumns(passes)} + ${once(sql`${templates.id}`, bytesOfColumns(templates))}
      + ${once(sql`${events.id}`, bytesOfColumns(events))}
      + ${once(sql`${passes.templateId}, ${passes.eventId}`, ofClasses)} AS bytes
    FROM (${due}) AS due LEFT JOIN ${passes} ON ${passes.id} = due.pass_id
    LEFT JOIN ${templates} ON ${templates.id} = ${passes.templateId}
    LEFT JOIN ${events} ON ${events.id} = ${passes.eventId}`;
  const placed = sql`SELECT row_id, place, sum(bytes) OVER (ORDER BY place) AS through FROM (${measured})`;
  return sql`${googleObjects}.rowid IN
    (SELECT row_id FROM (${placed}) WHERE place = 1 OR through <= ${page.maxBytes})`;
}
