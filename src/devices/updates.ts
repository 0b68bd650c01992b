/**
 * What has changed for a device: the serial numbers of its passes whose effective tag is greater than the tag it holds.
 *
 * Follows Apple's "Get the list of updatable passes": every pass changed since the tag, not only the newest, and
 * lastUpdated is a string.
 */
import { and, eq, isNull, sql } from "drizzle-orm";
import { effectiveTag, tagIn } from "../changes/effective.ts";
import type { Database } from "../db/client.ts";
import { events, passes, registrations, templates } from "../db/schema.ts";

export interface UpdatedSerialNumbers {
  readonly serialNumbers: string[];
  readonly lastUpdated: string;
}

/**
 * One query, which reads that device's registrations, their passes, templates and events, and never more.
 * @param passesUpdatedSince the tag as the device sent it. One that we never gave (no number, or greater than the
 *   last change, as after a restore) is answered with all: to answer nothing would leave the phone behind for ever.
 * @returns undefined when nothing matches
 */
export async function serialNumbersUpdatedSince(
  db: Database,
  device: { passTypeIdentifier: string; deviceLibraryIdentifier: string },
  passesUpdatedSince: string | undefined,
): Promise<UpdatedSerialNumbers | undefined> {
  const tag = tagIn(passesUpdatedSince) ?? 0;
  const known = sql`CASE WHEN ${tag} > (SELECT max(id) FROM changes) THEN 0 ELSE ${tag} END`;
  const rows = await db
    .select({ serialNumber: passes.serialNumber, tag: effectiveTag })
    .from(registrations)
    .innerJoin(passes, eq(passes.id, registrations.passId))
    .innerJoin(templates, eq(templates.id, passes.templateId))
    .leftJoin(events, eq(events.id, passes.eventId))
    .where(
      and(
        eq(registrations.passTypeIdentifier, device.passTypeIdentifier),
        eq(registrations.deviceLibraryIdentifier, device.deviceLibraryIdentifier),
        isNull(passes.deletedAt),
        sql`${effectiveTag} > ${known}`,
      ),
    );
  if (rows.length === 0) return undefined;
  return {
    serialNumbers: rows.map((row) => row.serialNumber),
    lastUpdated: String(Math.max(...rows.map((row) => row.tag))),
  };
}
