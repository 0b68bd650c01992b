/**
 * Marks rows of Google's classes and objects: what they show may have changed, so they have to be checked. The marks are
 * part of the batch that handles the change, and cost no call of Google.
 */
import { type SQL, sql } from "drizzle-orm";
import { writeJson } from "../json.ts";
import type { Database } from "./client.ts";
import { googleClasses } from "./schema.ts";

/**
 * For an UPDATE of either table. A row that waits for a repeat keeps its time: Google is not asked more often because of a change.
 * A row that gave up is tried again.
 */
export function markColumns(now: number) {
  return {
    marks: sql`marks + 1`,
    sendAt: sql`CASE WHEN send_at IS NOT NULL AND attempts > 0 THEN send_at ELSE min(coalesce(send_at, ${now}), ${now}) END`,
    attempts: sql`iif(gave_up_at IS NULL, attempts, 0)`,
    gaveUpAt: null,
  };
}

/** The same for a row if it is no longer known what Google has. */
export function markLostColumns(now: number) {
  return { ...markColumns(now), sent: writeJson({}) };
}

/** Statement: marks the classes of a template, of all issuers. For changes that iPhones do not show. */
export function markClassesOfTemplate(db: Database, templateId: SQL | number, now: number) {
  return db
    .update(googleClasses)
    .set(markColumns(now))
    .where(sql`${googleClasses.templateId} = ${templateId}`);
}
