/**
 * The effective tag of a pass: the newest of its own changes, its template's and its event's. SQL for a select from passes
 * joined with templates and left-joined with events. This rule is only here.
 */
import { sql } from "drizzle-orm";

/** The id of the last change that affects the pass. */
export const effectiveTag = sql<number>`max(passes.tag, templates.tag, coalesce(events.tag, 0))`;

/** The `at` of that change. It becomes Last-Modified. */
export const effectiveModifiedAt = sql<number>`max(passes.modified_at, templates.modified_at, coalesce(events.modified_at, 0))`;

/** A tag consists of digits, and is short enough to be an exact number. */
export function parseTag(text: string | undefined): number | undefined {
  return /^\d{1,15}$/.test(text ?? "") ? Number(text) : undefined;
}
