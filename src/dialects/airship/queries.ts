/**
 * The passes of one event, page by page, by whether they are installed. For who lists an event's guests.
 *
 * An event's passes are counted and sorted for each page: that reads as many rows as the event has passes.
 */
import { and, asc, count, desc, eq, isNotNull, isNull, type SQL } from "drizzle-orm";
import type { Database } from "../../db/client.ts";
import { events, passes } from "../../db/schema.ts";
import type { InstallStatus } from "../../passes/show.ts";

export interface EventPassesQuery {
  readonly status?: InstallStatus | "been_installed" | undefined;
  readonly order: "id" | "createdAt" | "updatedAt";
  readonly direction: "asc" | "desc";
  readonly start: number;
  readonly limit: number;
}

/** @returns how many there are in all, and this page of them; undefined if the project has no such event */
export async function passesOfEvent(
  db: Database,
  projectId: number,
  eventId: number,
  { status, order, direction, start, limit }: EventPassesQuery,
) {
  const matching = and(eq(passes.eventId, eventId), isNull(passes.deletedAt), withStatus(status));
  const by = direction === "asc" ? asc : desc;
  const [event, [counted], page] = await db.batch([
    db
      .select({ id: events.id })
      .from(events)
      .where(and(eq(events.id, eventId), eq(events.projectId, projectId), isNull(events.deletedAt))),
    db.select({ count: count() }).from(passes).where(matching),
    // The id decides among equals, so that no pass stands on two pages.
    db
      .select()
      .from(passes)
      .where(matching)
      .orderBy(by(passes[order]), by(passes.id))
      .limit(limit)
      .offset(start),
  ]);
  return event.length === 0 ? undefined : { count: counted?.count ?? 0, passes: page };
}

function withStatus(status: EventPassesQuery["status"]): SQL | undefined {
  switch (status) {
    case undefined:
      return undefined;
    case "installed":
      return and(isNotNull(passes.installedAt), isNull(passes.uninstalledAt));
    case "uninstalled":
      return and(isNotNull(passes.installedAt), isNotNull(passes.uninstalledAt));
    case "been_installed":
      return isNotNull(passes.installedAt);
    case "not_been_installed":
      return isNull(passes.installedAt);
  }
}
