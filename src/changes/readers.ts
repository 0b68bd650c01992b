/**
 * Readers of the change log with a cursor: all readers except APNs, which uses `dispatchedAt` (outbox.ts). A webhook
 * endpoint or a Google issuer reads the log in pages, and its row in `readers` has the id of the last change that it
 * has handled.
 *
 * Ids rise in commit order (db/schema.ts), so "all changes above the cursor" skips none. A page's statements and the
 * move of the cursor are one batch, so a page is handled completely or not at all. The batch of a change needs no
 * additional statements, and without a reader there are no queries: statements that run anyway return the names of the readers. The
 * table of readers is in src/scheduled.ts.
 *
 * Old changes stay in the log until every reader has handled them, but not forever (prune.ts). A reader that did not run for
 * that long continues with the oldest change that is left.
 */

import { asc, eq, gt, sql } from "drizzle-orm";
import { repeatableBatchOf, type Statements } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { messageOf } from "../db/d1-errors.ts";
import { changes, readers } from "../db/schema.ts";
import { parseJson } from "../json.ts";
import { logEvent } from "../log-events.ts";

/** A row of the change log. */
export type LoggedChange = typeof changes.$inferSelect;

export interface Reader {
  /** The name of its row: a kind, or `kind:id` where there are several of a kind. */
  readonly name: string;
  readonly handle: HandlePage;
}

/**
 * Turns a page of changes (at least one, in order) into the statements that handle it. They are written in the batch
 * that moves the cursor. It may be called again with the same changes, if that batch fails or another run is faster. So
 * it must have no effects except its statements. It must not throw for a change that it cannot handle, because the same
 * page would come again each minute. It has to skip or record that change.
 */
export type HandlePage = (
  page: readonly LoggedChange[],
  reader: { readonly db: Database; readonly name: string; readonly now: number },
) => Promise<Statements> | Statements;

/** The maximum that one run reads. */
export interface ReaderLimits {
  readonly pageChanges: number;
  readonly pages: number;
}

const LIMITS: ReaderLimits = { pageChanges: 100, pages: 10 };

/**
 * Adds a reader, which reads every change after this moment. It is not repeated after an error of D1: a repeat could not
 * tell its own row from that of another.
 * @returns false if the name is in use
 */
export async function addReader(db: Database, name: string): Promise<boolean> {
  const { meta } = await insertReader(db, name);
  return meta.changes > 0;
}

/** The same as a statement, for the batch that creates the endpoint or the issuer of the reader. */
export function insertReader(db: Database, name: string) {
  const newest = sql`(SELECT coalesce(max(${changes.id}), 0) FROM ${changes})`;
  return db.insert(readers).values({ name, cursor: newest }).onConflictDoNothing();
}

/**
 * Removes a reader. A run that is still handling a page writes nothing after this. Like `addReader`, it is not repeated.
 * @returns false if there is none
 */
export async function removeReader(db: Database, name: string): Promise<boolean> {
  const { meta } = await db.delete(readers).where(eq(readers.name, name));
  return meta.changes > 0;
}

/**
 * Reads the changes above the reader's cursor, page by page, and handles them. Two runs at the same time are harmless:
 * if another run was faster with a page, the slower one writes nothing for that page and ends. The next run handles the
 * changes that this run does not reach.
 * @returns how many changes it has handled
 * @throws what `handle` or D1 throws; the cursor is then still before the page
 */
export async function runReader(
  db: Database,
  { name, handle }: Reader,
  now: number,
  { pageChanges, pages }: ReaderLimits = LIMITS,
): Promise<number> {
  let handled = 0;
  for (let page = 1; page <= pages; page++) {
    const rows = await db
      .select({ cursor: readers.cursor, change: changes })
      .from(readers)
      .innerJoin(changes, gt(changes.id, readers.cursor))
      .where(eq(readers.name, name))
      .orderBy(asc(changes.id))
      .limit(pageChanges);
    const [first, last] = [rows.at(0), rows.at(-1)];
    if (first === undefined || last === undefined) break;
    const statements = await handle(
      rows.map(({ change }) => change),
      { db, name, now },
    );
    if (!(await writePage(db, name, first.cursor, last.change.id, statements))) break;
    handled += rows.length;
    if (rows.length < pageChanges) break;
  }
  return handled;
}

/**
 * Moves the cursor and writes the statements of a page, in one batch, if the cursor is still where the page began.
 *
 * A conditional UPDATE that changes no row would not stop the other statements of the batch. So the cursor is moved by
 * an upsert whose value is null if the row does not exist or has another cursor. Null violates NOT NULL, and D1 rolls
 * back the whole batch.
 * It may run twice, because the cursor of a page that is written has moved.
 * @returns false if another run has moved the cursor, or the reader was removed; nothing is written then. Also false if a
 *   repeat finds that an earlier attempt has written the page: the next run continues
 */
async function writePage(
  db: Database,
  name: string,
  from: number,
  to: number,
  statements: Statements,
): Promise<boolean> {
  const cursor = sql`(SELECT ${to} FROM readers WHERE name = ${name} AND cursor = ${from})`;
  const moved = db
    .insert(readers)
    .values({ name, cursor })
    .onConflictDoUpdate({ target: readers.name, set: { cursor: sql`excluded.cursor` } });
  try {
    await repeatableBatchOf(db, { moved, statements });
    return true;
  } catch (error) {
    if (isCursorViolation(error)) return false;
    throw error;
  }
}

function isCursorViolation(error: unknown): boolean {
  return messageOf(error).includes("NOT NULL constraint failed: readers.cursor");
}

/** SQL: the names of all readers, as a JSON array. For a statement that runs anyway. */
export const READER_NAMES = sql<string>`(SELECT json_group_array(name) FROM readers WHERE name > '')`;

/** @param names as `READER_NAMES` */
export function parseReaderNames(names: string): string[] {
  const parsed = parseJson(names);
  return Array.isArray(parsed) ? parsed.filter((name) => typeof name === "string") : [];
}

/**
 * Runs the readers with these rows. A reader that fails is logged (event `reader_failed`) and does not stop the others: its
 * next run starts with the same page.
 * @param names of the rows. Without any there is no query
 * @param handlers by kind, which is the name up to ":"
 */
export async function runReaders(
  db: Database,
  names: readonly string[],
  handlers: Readonly<Record<string, HandlePage>>,
  now: number,
): Promise<void> {
  for (const name of names) {
    try {
      const kind = name.split(":")[0] ?? name;
      const handle = Object.hasOwn(handlers, kind) ? handlers[kind] : undefined;
      if (handle === undefined) throw new Error(`this version has no reader of the kind "${kind}"`);
      await runReader(db, { name, handle }, now);
    } catch (error) {
      logEvent("reader_failed", { reader: name, error });
    }
  }
}
