/**
 * Removes old rows from the change log: those that were dispatched more than AUDIT_DAYS ago. Only the history needs them: the tags
 * of passes, templates and events are in their own rows.
 *
 * These rows stay, however old they are:
 *
 * - what is not dispatched, because the outbox needs it.
 * - the newest row. A phone whose tag is above it has the tag of a lost database (devices/updates.ts, restored.ts).
 * - what a reader has not handled (readers.ts), for READER_DAYS longer. A reader is asked to handle changes every minute. One
 *   that has not handled a change in all that time is dead: it fails each time, or this version does not know it.
 */
import { and, asc, gt, lt, lte, or, type SQL, sql } from "drizzle-orm";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { changes, readers } from "../db/schema.ts";
import { DAY_MS } from "../durations.ts";
import { logEvent } from "../log-events.ts";

/** How much longer a change stays for a reader that has not handled it. */
const READER_DAYS = 30;

/** The maximum that one run looks at. */
export interface PruningLimits {
  readonly pageRows: number;
  readonly pages: number;
}

/** 1,000,000 rows with 201 statements. D1 allows 1,000 for one invocation. */
const LIMITS: PruningLimits = { pageRows: 10_000, pages: 100 };

/**
 * Removes old rows page by page, from the beginning of the log to the first page that ends with a young row. The next run
 * continues what this one does not reach.
 * @returns how many rows
 */
export async function pruneChanges(
  db: Database,
  auditDays: number,
  now: number,
  { pageRows, pages }: PruningLimits = LIMITS,
): Promise<number> {
  const before = now - auditDays * DAY_MS;
  let removed = 0;
  let after = 0;
  for (let page = 1; page <= pages; page++) {
    const pageEnd = db
      .select({ id: changes.id, at: changes.at })
      .from(changes)
      .where(gt(changes.id, after))
      .orderBy(asc(changes.id))
      .limit(1)
      .offset(pageRows - 1);
    const lastId = sql`coalesce((SELECT id FROM changes WHERE id > ${after} ORDER BY id LIMIT 1 OFFSET ${pageRows - 1}),
      (SELECT max(id) FROM changes))`;
    const { ends, pruned } = await repeatableBatchOf(db, {
      ends: pageEnd,
      pruned: db
        .delete(changes)
        .where(and(gt(changes.id, after), sql`${changes.id} <= ${lastId}`, isUnneeded(before))),
    });
    removed += pruned.meta.changes;
    const [end] = ends;
    // Later rows are not older, except after a row whose `at` is ahead of the clock. (It is never behind the clock.)
    if (end === undefined || end.at > before) break;
    after = end.id;
  }
  await reportOvertaken(db);
  return removed;
}

/** For a WHERE on changes. @param before milliseconds: what was dispatched later stays */
function isUnneeded(before: number): SQL | undefined {
  return and(
    lte(changes.dispatchedAt, before),
    lt(changes.id, sql`(SELECT max(id) FROM changes)`),
    or(
      sql`NOT EXISTS (SELECT 1 FROM ${readers})`,
      sql`${changes.id} <= (SELECT min(${readers.cursor}) FROM ${readers})`,
      lte(changes.dispatchedAt, before - READER_DAYS * DAY_MS),
    ),
  );
}

/** Logs the dead readers: the changes after their cursors are gone. */
async function reportOvertaken(db: Database): Promise<void> {
  const overtaken = await db
    .select({ name: readers.name })
    .from(readers)
    .where(sql`${readers.cursor} < (SELECT min(id) FROM changes) - 1`);
  for (const { name } of overtaken) logEvent("reader_overtaken", { reader: name });
}
