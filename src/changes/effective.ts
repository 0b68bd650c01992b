/**
 * What a pass shows is the newest of its own changes and its template's: SQL for a select from passes joined with
 * templates. The one place that says so.
 */
import { sql } from "drizzle-orm";

/** The id of the last change that the pass shows. */
export const effectiveTag = sql<number>`max(passes.tag, templates.tag)`;

/** That change's `at`: what becomes Last-Modified. */
export const effectiveModifiedAt = sql<number>`max(passes.modified_at, templates.modified_at)`;
