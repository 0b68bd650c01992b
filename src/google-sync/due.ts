/**
 * What is due at Google.
 */
import { eq, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { bytesOfColumns } from "../db/page.ts";
import {
  changes,
  events,
  googleClasses,
  googleIssuers,
  googleObjects,
  readers,
  templates,
} from "../db/schema.ts";
import { readerNameOf } from "../google-wallet/reader.ts";
import type { ClassKey } from "../google-wallet/send-class.ts";
import { isUnclaimedAt } from "../google-wallet/sync-rows.ts";

const PAGE_CLASSES = 20;

/**
 * A page of classes that are due. It ends at its limit, or earlier if more classes would be rendered from more bytes: several are sent
 * at the same time. It has at least one.
 */
export async function findDueClasses(
  db: Database,
  issuerId: string,
  now: number,
  maxBytes: number,
): Promise<ClassKey[]> {
  const due = await db
    .select({
      templateId: googleClasses.templateId,
      eventId: googleClasses.eventId,
      type: googleClasses.type,
      bytes: sql<number>`${bytesOfColumns(googleClasses)} + ${bytesOfColumns(templates)} + ${bytesOfColumns(events)}`,
    })
    .from(googleClasses)
    .leftJoin(templates, eq(templates.id, googleClasses.templateId))
    .leftJoin(events, eq(events.id, googleClasses.eventId))
    .where(
      sql`${googleClasses.issuerId} = ${issuerId} AND ${googleClasses.sendAt} <= ${now} AND ${isUnclaimedAt(now)}`,
    )
    .orderBy(googleClasses.sendAt)
    .limit(PAGE_CLASSES);
  let through = 0;
  return due.flatMap(({ bytes, ...key }, place) => {
    through += bytes;
    return place === 0 || through <= maxBytes ? [key] : [];
  });
}

/** When something of the issuer can be sent next, or a page of objects has to become stale; undefined if nothing is due. One query. */
export async function findNextAt(db: Database, issuerId: string, now: number): Promise<number | undefined> {
  const next = (table: typeof googleClasses | typeof googleObjects) =>
    sql`(SELECT send_at FROM ${table} WHERE issuer_id = ${issuerId} AND send_at IS NOT NULL AND ${isUnclaimedAt(now)}
      ORDER BY send_at LIMIT 1)`;
  const stalePage = sql`(SELECT 0 FROM ${googleClasses} WHERE issuer_id = ${issuerId} AND stale_through IS NOT NULL LIMIT 1)`;
  const [row] = await db.all<{ next_at: number | null }>(
    sql`SELECT min(at) AS next_at FROM (SELECT ${next(googleClasses)} AS at UNION ALL SELECT ${next(googleObjects)}
      UNION ALL SELECT ${stalePage})`,
  );
  return row?.next_at ?? undefined;
}

/** The issuers that have something to send, pages of objects that have to become stale, or changes that their reader has not read. One query. */
export async function findIssuersWithWork(db: Database, now: number): Promise<string[]> {
  const exists = (table: typeof googleClasses | typeof googleObjects) =>
    sql`EXISTS (SELECT 1 FROM ${table} AS due WHERE due.issuer_id = ${googleIssuers.issuerId}
      AND due.send_at <= ${now})`;
  const rows = await db
    .select({ issuerId: googleIssuers.issuerId })
    .from(googleIssuers)
    .where(
      sql`${exists(googleClasses)} OR ${exists(googleObjects)}
        OR EXISTS (SELECT 1 FROM ${googleClasses} AS due WHERE due.issuer_id = ${googleIssuers.issuerId}
          AND due.stale_through IS NOT NULL)
        OR EXISTS (SELECT 1 FROM ${readers} WHERE ${readers.name} = ${readerNameOf(sql`${googleIssuers.issuerId}`)}
          AND ${readers.cursor} < (SELECT max(${changes.id}) FROM ${changes}))`,
    );
  return rows.map(({ issuerId }) => issuerId);
}
