/**
 * The updates of a device: the serial numbers of its passes whose effective tag is greater than the tag it has, and those
 * that its list has to name once (register.ts).
 *
 * Follows Apple's "Get the list of updatable passes": every pass that changed since the tag, not only the newest, and
 * lastUpdated is a string.
 */
import { and, eq, isNull, sql } from "drizzle-orm";
import { effectiveTag, parseTag } from "../changes/effective.ts";
import type { Database } from "../db/client.ts";
import { events, passes, registrations, templates } from "../db/schema.ts";

const listedTag = sql<number>`max(${effectiveTag}, ${registrations.listedFrom})`;

export interface UpdatedSerialNumbers {
  readonly serialNumbers: string[];
  readonly lastUpdated: string;
}

/**
 * One query. It reads only the device's registrations and their passes, templates and events.
 * @param passesUpdatedSince the tag as the device sent it. A tag that this database never returned (not a number, or
 *   greater than the last change, as after a restore) returns all passes: otherwise the phone would never get an update
 *   again.
 * @returns undefined if nothing has changed
 */
export async function serialNumbersUpdatedSince(
  db: Database,
  device: { passTypeIdentifier: string; deviceLibraryIdentifier: string },
  passesUpdatedSince: string | undefined,
): Promise<UpdatedSerialNumbers | undefined> {
  const tag = parseTag(passesUpdatedSince) ?? 0;
  const known = sql`CASE WHEN ${tag} > (SELECT max(id) FROM changes) THEN 0 ELSE ${tag} END`;
  const rows = await db
    .select({ serialNumber: passes.serialNumber, tag: listedTag })
    .from(registrations)
    .innerJoin(passes, eq(passes.id, registrations.passId))
    .innerJoin(templates, eq(templates.id, passes.templateId))
    .leftJoin(events, eq(events.id, passes.eventId))
    .where(
      and(
        eq(registrations.passTypeIdentifier, device.passTypeIdentifier),
        eq(registrations.deviceLibraryIdentifier, device.deviceLibraryIdentifier),
        isNull(passes.deletedAt),
        sql`${listedTag} > ${known}`,
      ),
    );
  if (rows.length === 0) return undefined;
  return {
    serialNumbers: rows.map((row) => row.serialNumber),
    lastUpdated: String(Math.max(...rows.map((row) => row.tag))),
  };
}
