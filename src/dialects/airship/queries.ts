/**
 * Lists the passes of one event, page by page and by install status.
 *
 * Each page counts and sorts all passes of the event: the database reads as many rows as the event has passes.
 */
import { and, asc, count, desc, eq, isNull, type SQL } from "drizzle-orm";
import { batchOf } from "../../db/batch.ts";
import type { Database } from "../../db/client.ts";
import { events, passes } from "../../db/schema.ts";
import { hasInstallStatus, type InstallStatus, WAS_INSTALLED } from "../../passes/install-status.ts";

export interface EventPassesQuery {
  readonly status?: InstallStatus | "been_installed" | undefined;
  readonly order: "id" | "createdAt" | "updatedAt";
  readonly direction: "asc" | "desc";
  readonly start: number;
  readonly limit: number;
}

/** Without the content of a pass: a page has up to 1000 passes. */
const listed = {
  id: passes.id,
  templateId: passes.templateId,
  serialNumber: passes.serialNumber,
  createdAt: passes.createdAt,
  updatedAt: passes.updatedAt,
  installedAt: passes.installedAt,
  uninstalledAt: passes.uninstalledAt,
  googleInstalledAt: passes.googleInstalledAt,
  googleUninstalledAt: passes.googleUninstalledAt,
};

/** @returns how many passes match, and one page of them; undefined if the project has no such event */
export async function listEventPasses(
  db: Database,
  projectId: number,
  eventId: number,
  { status, order, direction, start, limit }: EventPassesQuery,
) {
  const matches = and(eq(passes.eventId, eventId), isNull(passes.deletedAt), hasStatus(status));
  const by = direction === "asc" ? asc : desc;
  const { event, counted, page } = await batchOf(db, {
    event: db
      .select({ id: events.id })
      .from(events)
      .where(and(eq(events.id, eventId), eq(events.projectId, projectId), isNull(events.deletedAt))),
    counted: db.select({ count: count() }).from(passes).where(matches),
    // Rows with equal values are ordered by id, so that no pass is on two pages.
    page: db
      .select(listed)
      .from(passes)
      .where(matches)
      .orderBy(by(passes[order]), by(passes.id))
      .limit(limit)
      .offset(start),
  });
  return event.length === 0 ? undefined : { count: counted[0]?.count ?? 0, passes: page };
}

function hasStatus(status: EventPassesQuery["status"]): SQL | undefined {
  if (status === undefined) return undefined;
  return status === "been_installed" ? WAS_INSTALLED : hasInstallStatus(status);
}
