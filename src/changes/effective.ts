/**
 * What a pass shows is the newest of its own changes, its template's and its event's: SQL for a select from passes
 * joined with templates, and left-joined with events. The one place that says so.
 */
import { sql } from "drizzle-orm";

/** The id of the last change that the pass shows. */
export const effectiveTag = sql<number>`max(passes.tag, templates.tag, coalesce(events.tag, 0))`;

/** That change's `at`: what becomes Last-Modified. */
export const effectiveModifiedAt = sql<number>`max(passes.modified_at, templates.modified_at, coalesce(events.modified_at, 0))`;

/** A tag is digits, and short enough to be an exact number. */
export function tagIn(text: string | undefined): number | undefined {
  return /^\d{1,15}$/.test(text ?? "") ? Number(text) : undefined;
}
