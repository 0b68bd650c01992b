/**
 * Marks of executed requests: a row of `requests`, inserted in the batch of the effect. So every accepted request has a
 * mark, even one that changed nothing. A refused request has none, and may be sent again. If a repeat is accepted again, its
 * batch inserts the same mark, which violates the primary key, and the whole batch is rolled back.
 *
 * Without an Idempotency-Key there is no statement and no row.
 */
import { and, eq, getTableName, lt, type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { DAY_MS } from "../durations.ts";
import { type BatchResult, batchOf, repeatableBatchOf, type Statements } from "./batch.ts";
import type { Database } from "./client.ts";
import { requests } from "./schema.ts";
import { selectInto } from "./select-into.ts";

/** A request with an Idempotency-Key. */
export interface KeyedRequest {
  readonly key: string;
  /** SHA-256 of method, path, query and body. */
  readonly bodyHash: string;
  /** The HTTP status of its answer, if it creates nothing with `recordCreation`. */
  readonly status: number;
}

/** The part of a Context that marks a request. */
export interface Marker {
  readonly db: Database;
  readonly actor: string;
  readonly now: number;
  /** Undefined if the request has no key. Then there is no mark. */
  readonly request?: KeyedRequest | undefined;
}

export type Mark = typeof requests.$inferSelect;

const KEPT_MS = DAY_MS;
const PAGE_ROWS = 10_000;
const PAGES = 20;

/**
 * A statement for the batch of the effect: marks the request as executed, if a row of the table matches. If the
 * condition depends on what the batch writes, this statement comes before the write.
 * @param targetId what the route needs to show its answer again
 * @param where SQL: whether the request is accepted; true for one row at most
 */
export function markRequest(
  context: Marker,
  targetId: SQL | number | string,
  table: SQLiteTable,
  where: SQL | undefined,
) {
  return markIf(context, targetId, sql`FROM ${table} WHERE ${where}`);
}

/**
 * The same with any condition. Without one, the request is accepted unless another statement of the batch fails.
 * @param rest of the SELECT that inserts the mark: `WHERE …` or `FROM … WHERE …`
 * @param status of the answer, if it is not that of the route
 */
export function markIf(
  { db, actor, now, request }: Marker,
  targetId: SQL | number | string,
  rest?: SQL,
  status = request?.status,
) {
  if (request === undefined || status === undefined) return undefined;
  const { key, bodyHash } = request;
  const id = typeof targetId === "object" ? sql`CAST(${targetId} AS TEXT)` : String(targetId);
  return db
    .insert(requests)
    .select(selectInto(requests, { actor, key, bodyHash, targetId: id, status, at: now }, rest));
}

/**
 * Runs the batch of an effect that must not happen twice. With a mark in it, it may be repeated: the mark of a second attempt rolls
 * it back.
 * @param mayRunTwice whether it may be repeated without a mark too
 */
export async function batchOfEffect<const Group extends Statements>(
  { db, request }: Pick<Marker, "db" | "request">,
  group: Group,
  mayRunTwice: boolean,
): Promise<BatchResult<Group> & { readonly wasRepeated: boolean }> {
  if (mayRunTwice || request !== undefined) return repeatableBatchOf(db, group);
  return { ...(await batchOf(db, group)), wasRepeated: false };
}

/** The mark of the executed request with this key; undefined if there is none. */
export async function findMark(db: Database, actor: string, key: string): Promise<Mark | undefined> {
  const [mark] = await db
    .select()
    .from(requests)
    .where(and(eq(requests.actor, actor), eq(requests.key, key)));
  return mark;
}

/**
 * Removes marks that are older than a day. Row ids rise with the time, so no index is needed: the oldest rows come first.
 * @returns how many
 */
export async function sweepRequests(db: Database, now: number, pageRows = PAGE_ROWS): Promise<number> {
  const table = sql.raw(getTableName(requests));
  let removed = 0;
  for (let page = 1; page <= PAGES; page++) {
    const { swept } = await repeatableBatchOf(db, {
      swept: db
        .delete(requests)
        .where(
          and(
            sql`rowid IN (SELECT rowid FROM ${table} ORDER BY rowid LIMIT ${pageRows})`,
            lt(requests.at, now - KEPT_MS),
          ),
        ),
    });
    removed += swept.meta.changes;
    if (swept.meta.changes < pageRows) break;
  }
  return removed;
}
