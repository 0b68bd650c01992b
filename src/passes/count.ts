/**
 * How many passes match the filters of a list. The number is exact up to a limit, so that it costs the same for millions of passes.
 */
import { desc, eq, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { bytesOfColumns, examinedTo, MAX_EXAMINED, pageOf, toPage } from "../db/page.ts";
import { passes } from "../db/schema.ts";
import { codeBytes, codeColumns, ownBarcodes, showsCode } from "./codes.ts";
import { examineFilter, matchesFilter, type PassFilter } from "./filter.ts";

/** The most passes that are examined, and so the largest count. */
const MAX_COUNTED = 10_000;

/** What is verified of a pass that may show a code. */
const verified = {
  id: passes.id,
  serialNumber: passes.serialNumber,
  barcodeMessage: passes.barcodeMessage,
  barcodeAltText: passes.barcodeAltText,
  without: passes.without,
};
const verifiedBytes = sql<number>`(${bytesOfColumns({ ...verified, pass: passes.pass })} + ${codeBytes})`;
/** The most pages that are read of passes that may show a code. Their texts may end a page early. */
const MAX_CODE_PAGES = 20;

export interface PassCount {
  readonly count: number;
  /** If false, there may be more: only the newest passes that the index finds were counted. */
  readonly isExact: boolean;
}

/** @param now decides which passes have expired */
export async function countPasses(
  db: Database,
  filter: PassFilter,
  now: number,
  maxCounted = MAX_COUNTED,
): Promise<PassCount> {
  if (filter.code !== undefined) return countShowing(db, filter, filter.code, now, maxCounted);
  const examined = sql`(${examineFilter(filter)(undefined, maxCounted + 1)}) AS examined`;
  const [{ examined: size, matching } = { examined: 0, matching: 0 }] = await db
    .select({
      examined: sql<number>`count(*)`.as("examined_count"),
      matching: sql<number>`count(CASE WHEN ${matchesFilter(filter, now)} THEN 1 END)`.as("matching"),
    })
    .from(examined)
    .crossJoin(passes)
    .where(sql`${passes.id} = examined.id`);
  return { count: Math.min(matching, maxCounted), isExact: size <= maxCounted };
}

/** The template and the event decide what a pass shows, so each pass that may show the code is read. */
async function countShowing(
  db: Database,
  filter: PassFilter,
  code: string,
  now: number,
  maxCounted: number,
): Promise<PassCount> {
  const found = { examine: examineFilter(filter), where: matchesFilter(filter, now), bytes: verifiedBytes };
  let count = 0;
  let cursor: number | undefined;
  for (let pages = 0; pages < MAX_CODE_PAGES; pages++) {
    const query = { ...found, cursor, limit: MAX_EXAMINED };
    const page = pageOf(db, passes, query);
    const { rows, ends } = await batchOf(db, {
      rows: db
        .select({ pass: { ...verified, pass: ownBarcodes }, ...codeColumns, candidates: page.candidates })
        .from(page)
        .crossJoin(passes) // SQLite never reorders it
        .where(eq(passes.id, page.id))
        .orderBy(desc(page.id)),
      ends: examinedTo(db, passes, query),
    });
    const { items, hasMore, examinedTo: end } = toPage(rows, (row) => row, ends);
    count += items.filter((row) => showsCode(row, code)).length;
    if (count > maxCounted) break;
    if (!hasMore) return { count, isExact: true };
    cursor = end ?? items.at(-1)?.pass.id;
  }
  return { count: Math.min(count, maxCounted), isExact: false };
}
