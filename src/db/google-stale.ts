/**
 * Marks rows of Google's classes and objects as stale: what they show may have changed since it was sent. This is a part of the batch
 * that handles the change, and costs no call of Google. The next run compares, and sends what differs.
 */
import { type SQL, sql } from "drizzle-orm";
import { writeJson } from "../json.ts";
import type { Database } from "./client.ts";
import { googleClasses } from "./schema.ts";

/**
 * For an UPDATE of either table. A row that waits for a repeat keeps its time: Google is not asked more often because of a change.
 * A row that gave up is tried again.
 */
export function staleColumns(now: number) {
  return {
    generation: sql`generation + 1`,
    sendAt: sql`CASE WHEN send_at IS NOT NULL AND attempts > 0 THEN send_at ELSE min(coalesce(send_at, ${now}), ${now}) END`,
    attempts: sql`iif(gave_up_at IS NULL, attempts, 0)`,
    gaveUpAt: null,
  };
}

/** The same for a row if it is no longer known what Google has. */
export function lostColumns(now: number) {
  return { ...staleColumns(now), sent: writeJson({}) };
}

/** Statement: all classes of a template become stale, of all issuers. For changes that are not in the change log, because iPhones do not show them. */
export function markClassesStale(db: Database, templateId: SQL | number, now: number) {
  return db
    .update(googleClasses)
    .set(staleColumns(now))
    .where(sql`${googleClasses.templateId} = ${templateId}`);
}
