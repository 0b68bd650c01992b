/**
 * The two times of a change: its `at`, which becomes Last-Modified, and its `pushAt`.
 *
 * Last-Modified is in whole seconds, and phones send it back unchanged. So each change's `at` is a whole second, later than
 * the `at` of everything that it overrides, and never earlier than now. Then Last-Modified rises with the tag.
 */
import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";

/** iPhones throttle a pass type that pushes more often, and in the end ask their owner to switch it off. */
const PUSH_INTERVAL_MS = 60_000;
const SECOND_MS = 1000;

/** SQL: `at` of a change now that overrides others: a second later than each of these times that is not null. */
export function laterThan(now: number, overridden: readonly (SQLiteColumn | SQL)[]): SQL {
  return notEarlierThan(
    now,
    overridden.map((at) => sql`${at} + ${SECOND_MS}`),
  );
}

/** SQL: `at` of a change now: in whole seconds, and not earlier than each of these times that is not null. */
export function notEarlierThan(now: number, others: readonly (SQLiteColumn | SQL)[]): SQL {
  const at = Math.ceil(now / SECOND_MS) * SECOND_MS;
  if (others.length === 0) return sql`${at}`; // max of one value would be an aggregate
  return sql`max(${at}, ${sql.join(
    others.map((other) => sql`coalesce(${other}, 0)`),
    sql`, `,
  )})`;
}

/**
 * SQL: when to push. A push that is already planned covers this change too. Otherwise now, but at least a minute after the
 * last push.
 * @param pushAt when the last push of the target was or will be sent; 0 if there was none
 */
export function nextPushAt(pushAt: SQLiteColumn, now: number): SQL {
  return sql`CASE WHEN ${pushAt} > ${now} THEN ${pushAt} WHEN ${pushAt} = 0 THEN ${now} ELSE max(${now}, ${pushAt} + ${PUSH_INTERVAL_MS}) END`;
}
