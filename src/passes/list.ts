/**
 * The list of passes, by template, event, code, tag and status.
 */
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { bytesOfColumns, type Page, type PagePosition, pageOf, toPage } from "../db/page.ts";
import { passes, passTags } from "../db/schema.ts";
import { isLivingEvent } from "../events/living-event.ts";
import type { Scope } from "../keys/principal.ts";
import { passesWithin } from "../keys/scope.ts";
import { codeBytes, codeColumns, findShowing, mayShow, showsCode } from "./codes.ts";
import { type Pass, type ShownRow, shownColumns, showPassRow } from "./show.ts";
import { hasStatus, type PassStatus } from "./status.ts";

export interface PassFilter {
  readonly templateId?: number | undefined;
  readonly eventId?: number | undefined;
  /** The exact text that a scanner reads from one of its barcodes (codes.ts). */
  readonly code?: string | undefined;
  readonly tag?: string | undefined;
  readonly status?: PassStatus | undefined;
  /** Of the key that asks: only passes that it reaches. */
  readonly scope: Scope | undefined;
}

/** The size of what `showPassRow` shows of a pass. */
const shownBytes = sql<number>`(${bytesOfColumns(passes)} + coalesce(
  (SELECT sum(octet_length(tag)) FROM pass_tags WHERE pass_id = passes.id), 0))`;

/**
 * Newest first. No index knows the status: the newest passes that match the other filters are looked through until the page
 * is full.
 * @param now decides which passes have expired
 */
export async function listPasses(
  db: Database,
  publicOrigin: string,
  filter: PassFilter,
  position: PagePosition,
  now: number,
): Promise<Page<Pass>> {
  const show = (row: ShownRow) => showPassRow(row, publicOrigin, now);
  const { code } = filter;
  const where = and(
    isNull(passes.deletedAt),
    passesWithin(filter.scope),
    filter.templateId === undefined ? undefined : ofTemplate(filter.templateId, code !== undefined),
    filter.eventId === undefined ? undefined : ofEvent(filter.eventId, code !== undefined),
    code === undefined ? undefined : mayShow(code),
    filter.tag === undefined
      ? undefined
      : sql`${passes.id} IN (SELECT ${passTags.passId} FROM ${passTags} WHERE ${passTags.tag} = ${filter.tag})`,
    filter.status === undefined ? undefined : hasStatus(filter.status, now),
  );
  if (code === undefined) {
    const page = pageOf(db, passes, { ...position, where, bytes: shownBytes });
    const rows = await db
      .select({ ...shownColumns, candidates: page.candidates })
      .from(page)
      .innerJoin(passes, eq(passes.id, page.id))
      .orderBy(desc(page.id));
    return toPage(rows, show);
  }
  const found = await findShowing(
    async (from) => {
      const page = pageOf(db, passes, { ...from, where, bytes: sql`(${shownBytes} + ${codeBytes})` });
      const rows = await db
        .select({ ...shownColumns, ...codeColumns, candidates: page.candidates })
        .from(page)
        .innerJoin(passes, eq(passes.id, page.id))
        .orderBy(desc(page.id));
      return toPage(rows, (row) => row);
    },
    (row) => showsCode(row, code),
    position,
  );
  return { ...found, items: found.items.map(show) };
}

/** A deleted event has no passes, although rows of passes still contain its id. */
function ofEvent(eventId: number, hasCode: boolean) {
  const isNamed = hasCode ? sql`+${passes.eventId} = ${eventId}` : eq(passes.eventId, eventId);
  return and(isNamed, isLivingEvent(eventId));
}

/**
 * For a WHERE on passes. With a code, the unary plus prevents the use of this index, so that SQLite uses the index of
 * codes, which finds fewer rows.
 */
export function ofTemplate(templateId: number, hasCode: boolean) {
  return hasCode ? sql`+${passes.templateId} = ${templateId}` : eq(passes.templateId, templateId);
}
