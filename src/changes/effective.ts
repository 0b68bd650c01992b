/**
 * What a pass shows is the newest of its own changes, its template's and its event's: SQL for a select from passes
 * joined with templates, and left-joined with events. The one place that says so.
 */
import { sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { changes } from "../db/schema.ts";

/** The id of the last change that the pass shows. */
export const effectiveTag = sql<number>`max(passes.tag, templates.tag, coalesce(events.tag, 0))`;

/** That change's `at`: what becomes Last-Modified. */
export const effectiveModifiedAt = sql<number>`max(passes.modified_at, templates.modified_at, coalesce(events.modified_at, 0))`;

/**
 * The tag that a client sent as passesUpdatedSince, if it is one that was ever given: after a restore a client may
 * hold one from the future, and whoever believed it would tell that client nothing for ever.
 */
export async function knownTag(db: Database, text: string | undefined): Promise<number | undefined> {
  const tag = tagIn(text);
  if (tag === undefined) return undefined;
  const [row] = await db.select({ newest: sql<number | null>`max(${changes.id})` }).from(changes);
  return tag <= (row?.newest ?? 0) ? tag : undefined;
}

/** A tag is digits, and short enough to be an exact number. */
export function tagIn(text: string | undefined): number | undefined {
  return /^\d{1,15}$/.test(text ?? "") ? Number(text) : undefined;
}
