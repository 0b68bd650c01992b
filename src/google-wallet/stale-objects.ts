/**
 * Marks the objects of a class as stale, page by page, after a change of template or event that they may show.
 */
import { and, eq, isNotNull, sql } from "drizzle-orm";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { staleColumns } from "../db/google-stale.ts";
import { googleClasses, googleObjects } from "../db/schema.ts";
import { isClass } from "./send-class.ts";

const PAGE_OBJECTS = 1000;

/**
 * Does so for one page of objects of one class. The cursor moves in the same batch; if it runs twice, two pages are done.
 * @returns false if no class has a page left
 */
export async function markStalePage(db: Database, issuerId: string, now: number): Promise<boolean> {
  const [found] = await db
    .select({
      templateId: googleClasses.templateId,
      eventId: googleClasses.eventId,
      type: googleClasses.type,
      classId: googleClasses.resourceId,
    })
    .from(googleClasses)
    .where(and(eq(googleClasses.issuerId, issuerId), isNotNull(googleClasses.staleThrough)))
    .limit(1);
  if (found === undefined) return false;
  const { classId, ...key } = found;
  const isRow = isClass({ issuerId }, key);
  const through = sql`(SELECT stale_through FROM ${googleClasses} WHERE ${isRow})`;
  const last = sql`(SELECT max(pass_id) FROM (SELECT o.pass_id FROM ${googleObjects} AS o
    WHERE o.issuer_id = ${issuerId} AND o.class_id = ${classId} AND o.pass_id > ${through}
    ORDER BY o.pass_id LIMIT ${PAGE_OBJECTS}))`;
  await repeatableBatchOf(db, {
    stale: db
      .update(googleObjects)
      .set(staleColumns(now))
      .where(
        sql`${googleObjects.issuerId} = ${issuerId} AND ${googleObjects.classId} = ${classId}
          AND ${googleObjects.passId} > ${through} AND ${googleObjects.passId} <= ${last}`,
      ),
    moved: db
      .update(googleClasses)
      .set({ staleThrough: last })
      .where(sql`${isRow} AND stale_through IS NOT NULL`),
  });
  return true;
}
