/**
 * The rows of a click whose calls Google did not take: what the link makes when it is opened is expected, and what Google refused is
 * dropped.
 */
import { sql } from "drizzle-orm";
import { repeatableBatchOf } from "../db/batch.ts";
import { repeatable } from "../db/repeat.ts";
import { googleClasses, googleObjects } from "../db/schema.ts";
import type { IssuerRow } from "../google-wallet/issuers.ts";
import { type ClassKey, type GoogleSender, isClass } from "../google-wallet/send-class.ts";
import { isUnclaimedAt, UNSENT, WAS_NEVER_SENT } from "../google-wallet/sync-rows.ts";
import { isObjectRow, type ObjectIds, type ObjectKey } from "./google-claims.ts";

/** An object that a link has all of: Google makes it when the link is opened. Until it is sent, nobody knows what Google has. */
export async function expectObject(
  { db, now }: Pick<GoogleSender, "db" | "now">,
  { issuerId }: IssuerRow,
  ids: ObjectIds,
): Promise<void> {
  const target = [googleObjects.passId, googleObjects.issuerId, googleObjects.type];
  await repeatable(() =>
    db
      .insert(googleObjects)
      .values({
        issuerId,
        ...ids,
        sent: UNSENT.sent,
        sentAt: now,
        createdAt: now,
        generation: 1,
        sendAt: now,
      })
      .onConflictDoUpdate({
        target,
        set: { sentAt: now, sendAt: sql`coalesce(${googleObjects.sendAt}, ${now})` },
        setWhere: sql`sent = ${UNSENT.sent}`,
      }),
  );
}

/** The rows that a refused click has made: there is nothing at Google to keep up to date, unless another request sends them now. */
export async function dropUnsent(
  { db, now }: Pick<GoogleSender, "db" | "now">,
  issuer: IssuerRow,
  ofClass: ClassKey,
  ofObject: ObjectKey,
): Promise<void> {
  const isLeft = sql`${WAS_NEVER_SENT} AND ${isUnclaimedAt(now)}`;
  await repeatableBatchOf(db, {
    classes: db.delete(googleClasses).where(sql`${isClass(issuer, ofClass)} AND ${isLeft}`),
    objects: db.delete(googleObjects).where(sql`${isObjectRow(issuer.issuerId, ofObject)} AND ${isLeft}`),
  });
}
