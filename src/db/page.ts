/**
 * Pages of lists. A list is ordered by id, newest first. A page ends at its limit of rows, or earlier if more rows would hold
 * more than PAGE_BYTES: an answer is in memory as a whole, several times. D1 adds the lengths up, so that it loads and sends
 * only the rows of the page. A page has at least one row, which alone may hold as much as D1 allows.
 */
import { and, desc, getTableColumns, is, lt, type SQL, sql } from "drizzle-orm";
import { type AnySQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { PAGE_BYTES } from "../memory.ts";
import { bytesInSql } from "./bytes.ts";
import type { Database } from "./client.ts";

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Whether rows follow after the last item. */
  readonly hasMore: boolean;
}

/** Where a page begins, and the most items that it may have. */
export interface PagePosition {
  /** The last id of the previous page. */
  readonly cursor?: number | undefined;
  readonly limit: number;
}

type Listed = SQLiteTable & { readonly id: AnySQLiteColumn<{ data: number; notNull: true }> };

type Columns = Readonly<Record<string, AnySQLiteColumn>>;

interface PageQuery extends PagePosition {
  readonly where?: SQL | undefined;
  readonly offset?: number | undefined;
  /** How many bytes a row of the page holds, if it is not a row of the table alone. */
  readonly bytes?: SQL<number>;
}

/**
 * The rows of a page as a subquery. Join the table to it by `id`, order by `id` again, and select
 * `candidates` for `toPage`.
 */
export function pageOf(
  db: Database,
  table: Listed,
  { where, cursor, limit, offset = 0, bytes = bytesOfColumns(table) }: PageQuery,
) {
  // These names are unqualified where Drizzle writes them, so no table may have such a column.
  const candidates = db
    .select({ id: sql<number>`${table.id}`.as("candidate_id"), bytes: bytes.as("bytes") })
    .from(table)
    .where(and(where, cursor === undefined ? undefined : lt(table.id, cursor)))
    .orderBy(desc(table.id))
    .limit(limit + 1)
    .offset(offset)
    .as("candidates");
  const newestFirst = sql`OVER (ORDER BY ${candidates.id} DESC)`;
  const placed = db
    .select({
      id: candidates.id,
      place: sql<number>`row_number() ${newestFirst}`.as("place"),
      through: sql<number>`sum(${candidates.bytes}) ${newestFirst}`.as("through"),
      candidates: sql<number>`count(*) OVER ()`.as("candidate_count"),
    })
    .from(candidates)
    .as("placed");
  return db
    .select({ id: placed.id, candidates: placed.candidates })
    .from(placed)
    .where(sql`${placed.place} = 1 OR (${placed.place} <= ${limit} AND ${placed.through} <= ${PAGE_BYTES})`)
    .as("page");
}

/**
 * The page of these rows.
 * @param rows those that were joined to `pageOf`, with its `candidates`: how many rows there are, up to the limit and one more
 */
export function toPage<Row extends { readonly candidates: number }, Item>(
  rows: readonly Row[],
  show: (row: Row) => Item,
): Page<Item> {
  return { items: rows.map(show), hasMore: rows.length < (rows[0]?.candidates ?? 0) };
}

/** SQL: how many bytes the texts in these columns of a row have. */
export function bytesOfColumns(from: SQLiteTable | Columns): SQL<number> {
  const columns = is(from, SQLiteTable) ? getTableColumns(from) : from;
  return bytesInSql(
    Object.values(columns).filter((column) => column.dataType === "string" && column.generated === undefined),
  );
}
