/**
 * Pages of lists. A list is ordered by id, newest first. A page ends at its limit of rows, or earlier if more rows would hold
 * more than PAGE_BYTES: an answer is in memory as a whole, several times. D1 adds the lengths up, so that it loads and sends
 * only the rows of the page. A page has at least one row, which alone may hold as much as D1 allows.
 *
 * An index finds the rows of one filter, newest first. The other filters are checked in these rows. So that a page costs the same
 * however few rows match, it examines at most MAX_EXAMINED of them. Then it has fewer items, perhaps none, and a cursor.
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
  /** The id of the last row that was examined, if rows may match after it although the page is not full. */
  readonly examinedTo?: number | undefined;
}

/** Where a page begins, and the most items that it may have. */
export interface PagePosition {
  /** The last id of the previous page. */
  readonly cursor?: number | undefined;
  readonly limit: number;
}

/** The most rows that one page of a list examines. */
export const MAX_EXAMINED = 2000;

/** SQL: a SELECT of `id` alone, of the rows that an index finds before this cursor, newest first, at most `limit`. */
export type Examine = (cursor: number | undefined, limit: number | SQL) => SQL;

type Listed = SQLiteTable & { readonly id: AnySQLiteColumn<{ data: number; notNull: true }> };

type Columns = Readonly<Record<string, AnySQLiteColumn>>;

interface PageQuery extends PagePosition {
  readonly where?: SQL | undefined;
  /** Which rows are examined; all that match `where`, if it is absent. */
  readonly examine?: Examine | undefined;
  readonly offset?: number | undefined;
  /** How many bytes a row of the page holds, if it has more than the columns of the table. */
  readonly bytes?: SQL<number>;
}

/**
 * The rows of a page as a subquery. Join the table to it by `id`, order by `id` again, and select
 * `candidates` for `toPage`.
 */
export function pageOf(db: Database, table: Listed, query: PageQuery) {
  const { limit } = query;
  const candidates = candidatesOf(db, table, query).as("candidates");
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

/** Statement: the rows that may be on the page, and one more. */
function candidatesOf(
  db: Database,
  table: Listed,
  { where, examine, cursor, limit, offset = 0, bytes = bytesOfColumns(table) }: PageQuery,
) {
  // These names are unqualified where Drizzle writes them, so no table may have such a column.
  const columns = { id: sql<number>`${table.id}`.as("candidate_id"), bytes: bytes.as("bytes") };
  if (examine === undefined)
    return db
      .select(columns)
      .from(table)
      .where(and(where, cursor === undefined ? undefined : lt(table.id, cursor)))
      .orderBy(desc(table.id))
      .limit(limit + 1)
      .offset(offset);
  // SQLite never reorders a CROSS JOIN. It examines row by row, and ends as soon as the page is full.
  return db
    .select(columns)
    .from(sql`(${examine(cursor, MAX_EXAMINED)}) AS examined`)
    .crossJoin(table)
    .where(and(sql`${table.id} = examined.id`, where))
    .orderBy(sql`examined.id DESC`)
    .limit(limit + 1);
}

/**
 * Statement: the last row that the page examined, if it ended there. For the batch of the page, because a write in between
 * could move it.
 */
export function examinedTo(db: Database, table: Listed, query: PageQuery & { readonly examine: Examine }) {
  const { examine, cursor, limit } = query;
  const candidates = candidatesOf(db, table, { ...query, bytes: sql`0` });
  // A condition in WHERE would be checked in each row. This one is evaluated once, before rows are read.
  const unlessFull = sql`(SELECT iif(count(*) <= ${limit}, ${MAX_EXAMINED}, 0) FROM (${candidates}))`;
  return db
    .select({ id: sql<number>`examined.id`.as("id") })
    .from(sql`(${examine(cursor, unlessFull)}) AS examined`)
    .orderBy(sql`examined.id DESC`)
    .limit(1)
    .offset(MAX_EXAMINED - 1);
}

/** The rows of a table that an index finds by this condition, or all of them. */
export function examineBy(table: Listed, indexed?: SQL): Examine {
  return (cursor, limit) => {
    const before = cursor === undefined ? undefined : lt(table.id, cursor);
    const where = and(indexed, before);
    return sql`SELECT ${table.id} AS id FROM ${table} ${where && sql`WHERE ${where}`} ORDER BY ${table.id} DESC LIMIT ${limit}`;
  };
}

/**
 * The page of these rows.
 * @param rows those that were joined to `pageOf`, with its `candidates`: how many rows there are, up to the limit and one more
 * @param ends the result of `examinedTo`
 */
export function toPage<Row extends { readonly candidates: number }, Item>(
  rows: readonly Row[],
  show: (row: Row) => Item,
  ends: readonly { readonly id: number }[] = [],
): Page<Item> {
  const items = rows.map(show);
  if (rows.length < (rows[0]?.candidates ?? 0)) return { items, hasMore: true };
  return { items, hasMore: ends.length > 0, examinedTo: ends[0]?.id };
}

/** SQL: how many bytes the texts in these columns of a row have. */
export function bytesOfColumns(from: SQLiteTable | Columns): SQL<number> {
  const columns = is(from, SQLiteTable) ? getTableColumns(from) : from;
  return bytesInSql(
    Object.values(columns).filter((column) => column.dataType === "string" && column.generated === undefined),
  );
}
