/**
 * Marks the objects of a class, page by page, after a change of template or event that may show in them.
 */
import { and, eq, isNotNull, sql } from "drizzle-orm";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { markColumns } from "../db/google-marks.ts";
import { googleClasses, googleObjects } from "../db/schema.ts";
import { isClass } from "./send-class.ts";

const PAGE_OBJECTS = 1000;

/**
 * Marks one page of objects of one class. The cursor moves in the same batch; if it runs twice, it marks two pages.
 * @returns false if no class has objects to be marked
 */
export async function markObjectPage(db: Database, issuerId: string, now: number): Promise<boolean> {
  const [found] = await db
    .select({
      templateId: googleClasses.templateId,
      eventId: googleClasses.eventId,
      type: googleClasses.type,
      classId: googleClasses.resourceId,
    })
    .from(googleClasses)
    .where(and(eq(googleClasses.issuerId, issuerId), isNotNull(googleClasses.markedThrough)))
    .limit(1);
  if (found === undefined) return false;
  const { classId, ...key } = found;
  const isRow = isClass({ issuerId }, key);
  const through = sql`(SELECT marked_through FROM ${googleClasses} WHERE ${isRow})`;
  const last = sql`(SELECT max(pass_id) FROM (SELECT o.pass_id FROM ${googleObjects} AS o
    WHERE o.issuer_id = ${issuerId} AND o.class_id = ${classId} AND o.pass_id > ${through}
    ORDER BY o.pass_id LIMIT ${PAGE_OBJECTS}))`;
  await repeatableBatchOf(db, {
    marked: db
      .update(googleObjects)
      .set(markColumns(now))
      .where(
        sql`${googleObjects.issuerId} = ${issuerId} AND ${googleObjects.classId} = ${classId}
          AND ${googleObjects.passId} > ${through} AND ${googleObjects.passId} <= ${last}`,
      ),
    moved: db
      .update(googleClasses)
      .set({ markedThrough: last })
      .where(sql`${isRow} AND marked_through IS NOT NULL`),
  });
  return true;
}
