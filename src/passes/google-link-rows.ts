/**
 * The rows of a click whose calls Google did not take: what the link makes when it is opened is expected, and what Google refused is
 * dropped.
 */
import { eq, sql } from "drizzle-orm";
import { repeatableBatchOf } from "../db/batch.ts";
import { googleClasses, googleIssuers, googleObjects } from "../db/schema.ts";
import { selectInto } from "../db/select-into.ts";
import { existsIssuer, type IssuerRow } from "../google-wallet/issuers.ts";
import { type ClassKey, type GoogleSender, isClass } from "../google-wallet/send-class.ts";
import { NEW_ROW, UNSENT, WAS_NEVER_SENT } from "../google-wallet/sync-rows.ts";
import { isObjectRow, type ObjectIds, type ObjectKey } from "./google-claims.ts";

/**
 * An object that a link has all of: Google makes it when the link is opened. Until it is sent, nobody knows what Google has.
 * @returns whether it has a row now. It has none if its issuer was deleted meanwhile: the link must not be given then
 */
export async function expectObject(
  { db, now }: Pick<GoogleSender, "db" | "now">,
  { issuerId }: IssuerRow,
  ids: ObjectIds,
): Promise<boolean> {
  const target = [googleObjects.passId, googleObjects.issuerId, googleObjects.type];
  const row = { issuerId, ...ids, ...NEW_ROW, sentAt: now, createdAt: now, generation: 1, sendAt: now };
  const { issuers } = await repeatableBatchOf(db, {
    expected: db
      .insert(googleObjects)
      .select(selectInto(googleObjects, row, sql`WHERE ${existsIssuer(issuerId)}`))
      .onConflictDoUpdate({
        target,
        set: { sentAt: now, sendAt: sql`coalesce(${googleObjects.sendAt}, ${now})` },
        setWhere: sql`sent = ${UNSENT.sent}`,
      }),
    issuers: db
      .select({ issuerId: googleIssuers.issuerId })
      .from(googleIssuers)
      .where(eq(googleIssuers.issuerId, issuerId)),
  });
  return issuers.length > 0;
}

/**
 * The rows that a refused click has made: there is nothing at Google to keep up to date, unless another request sends them now, or has
 * crashed.
 */
export async function dropUnsent(
  { db }: Pick<GoogleSender, "db">,
  issuer: IssuerRow,
  ofClass: ClassKey,
  ofObject: ObjectKey,
): Promise<void> {
  const isLeft = sql`${WAS_NEVER_SENT} AND claimed_until IS NULL`;
  await repeatableBatchOf(db, {
    classes: db.delete(googleClasses).where(sql`${isClass(issuer, ofClass)} AND ${isLeft}`),
    objects: db.delete(googleObjects).where(sql`${isObjectRow(issuer.issuerId, ofObject)} AND ${isLeft}`),
  });
}
