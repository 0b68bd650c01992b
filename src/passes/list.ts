/**
 * The list of passes, by the filters of filter.ts.
 */
import { desc, eq, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { bytesOfColumns, examinedTo, type Page, type PagePosition, pageOf, toPage } from "../db/page.ts";
import { passes } from "../db/schema.ts";
import { codeBytes, codeColumns, findShowing, showsCode } from "./codes.ts";
import { examineFilter, matchesFilter, type PassFilter } from "./filter.ts";
import { type Pass, shownColumns, showPassRow } from "./show.ts";

/** The most pages that one call reads to find passes that show a code. They are almost always on the first one. */
const MAX_CODE_PAGES = 5;

/** The size of what `showPassRow` shows of a pass. */
const shownBytes = sql<number>`(${bytesOfColumns(passes)} + coalesce(
  (SELECT sum(octet_length(tag)) FROM pass_tags WHERE pass_id = passes.id), 0))`;

/**
 * Newest first.
 * @param now decides which passes have expired
 */
export async function listPasses(
  db: Database,
  publicOrigin: string,
  filter: PassFilter,
  position: PagePosition,
  now: number,
): Promise<Page<Pass>> {
  const { code } = filter;
  const found = { examine: examineFilter(filter), where: matchesFilter(filter, now) };
  if (code === undefined) {
    const query = { ...found, ...position, bytes: shownBytes };
    const page = pageOf(db, passes, query);
    const { rows, ends } = await batchOf(db, {
      rows: db
        .select({ ...shownColumns, candidates: page.candidates })
        .from(page)
        .crossJoin(passes) // SQLite never reorders it
        .where(eq(passes.id, page.id))
        .orderBy(desc(page.id)),
      ends: examinedTo(db, passes, query),
    });
    return toPage(rows, (row) => showPassRow(row, publicOrigin, now), ends);
  }
  const findPage = async (from: PagePosition) => {
    const query = { ...found, ...from, bytes: sql<number>`(${shownBytes} + ${codeBytes})` };
    const page = pageOf(db, passes, query);
    const { rows, ends } = await batchOf(db, {
      rows: db
        .select({ ...shownColumns, ...codeColumns, candidates: page.candidates })
        .from(page)
        .crossJoin(passes) // SQLite never reorders it
        .where(eq(passes.id, page.id))
        .orderBy(desc(page.id)),
      ends: examinedTo(db, passes, query),
    });
    return toPage(rows, (row) => row, ends);
  };
  const page = await findShowing(findPage, (row) => showsCode(row, code), position, MAX_CODE_PAGES);
  return { ...page, items: page.items.map((row) => showPassRow(row, publicOrigin, now)) };
}
