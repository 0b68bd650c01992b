/**
 * The effective tag of a pass: the newest of its own changes, its template's and its event's. SQL for a select from passes
 * joined with templates and left-joined with events. This rule is only here.
 */
import { sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { changes } from "../db/schema.ts";

/** The id of the last change that the pass shows. */
export const effectiveTag = sql<number>`max(passes.tag, templates.tag, coalesce(events.tag, 0))`;

/** The `at` of that change. It becomes Last-Modified. */
export const effectiveModifiedAt = sql<number>`max(passes.modified_at, templates.modified_at, coalesce(events.modified_at, 0))`;

/**
 * Parses the tag that a client sent as passesUpdatedSince. Undefined if this database never gave it out: after a restore
 * a client may have a tag from the future, and with it would never get an update again.
 */
export async function knownTag(db: Database, text: string | undefined): Promise<number | undefined> {
  const tag = parseTag(text);
  if (tag === undefined) return undefined;
  const [row] = await db.select({ newest: sql<number | null>`max(${changes.id})` }).from(changes);
  return tag <= (row?.newest ?? 0) ? tag : undefined;
}

/** A tag is digits, and short enough for an exact number. */
export function parseTag(text: string | undefined): number | undefined {
  return /^\d{1,15}$/.test(text ?? "") ? Number(text) : undefined;
}
