/**
 * What has waited too long to be sent to Google, for the health report.
 *
 * A change of many passes takes hours at Google's pace. While it makes progress, what waits for it is no finding: the row that is due
 * first is just being sent, or the objects before it in its class were sent in the last minutes.
 */
import { type SQL, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { MINUTE_MS } from "../durations.ts";
import { selectFailureCount } from "./failures.ts";
import { readerNameOf } from "./reader.ts";

const LATE_AFTER_MS = 5 * MINUTE_MS;
/** Repeats after 10 seconds, and then twice as long each time: five of them have lasted for five minutes. */
const LATE_ATTEMPTS = 5;
/** The longest pause between two repeats (repeats.ts), and a little more. */
const REPEATED_WITHIN_MS = 80 * MINUTE_MS;
/** The most rows that are looked at. */
const MAX_COUNTED = 10_000;
/** The rows of a page of the consumer are claimed together, and those before them were sent last. */
const NEAR = 60;

export interface GoogleDelays {
  /** What Google refused for good. */
  readonly failures: number;
  /** Whether something has waited for too long, and nothing is being sent. */
  readonly isBehind: boolean;
  /** How many classes and objects have. At most MAX_COUNTED + 1. */
  readonly late: number;
}

/** One trip. */
export async function findGoogleDelays(db: Database, now: number): Promise<GoogleDelays> {
  const { failures, late } = await batchOf(db, {
    failures: selectFailureCount(db),
    late: db
      .select({
        waiting:
          sql<number>`(${countLate("google_classes", now)}) + (${countLate("google_objects", now)})`.as(
            "waiting",
          ),
        repeated:
          sql<number>`(${countRepeated("google_classes", now)}) + (${countRepeated("google_objects", now)})`.as(
            "repeated",
          ),
        unread: sql<number>`(${hasUnread(now)})`.as("unread"),
        running: sql<number>`(${isRunning(now)})`.as("running"),
      })
      .from(sql`(SELECT 1)`),
  });
  const [{ waiting, repeated, unread, running } = { waiting: 0, repeated: 0, unread: 0, running: 0 }] = late;
  const stopped = running === 1 ? 0 : waiting;
  return {
    failures: failures[0]?.failures ?? 0,
    isBehind: stopped + repeated + unread > 0,
    late: Math.min(stopped + repeated, MAX_COUNTED + 1),
  };
}

type Table = "google_classes" | "google_objects";

/** SQL: rows that are due for too long. */
function countLate(table: Table, now: number): SQL {
  return sql`SELECT count(*) FROM (SELECT 1 FROM google_issuers AS i CROSS JOIN ${sql.raw(table)} AS r
    WHERE r.issuer_id = i.issuer_id AND r.send_at <= ${now - LATE_AFTER_MS} LIMIT ${MAX_COUNTED + 1})`;
}

/** SQL: rows that Google did not take for so long, and that are due later. */
function countRepeated(table: Table, now: number): SQL {
  return sql`SELECT count(CASE WHEN attempts >= ${LATE_ATTEMPTS} THEN 1 END) FROM (SELECT r.attempts AS attempts
    FROM google_issuers AS i CROSS JOIN ${sql.raw(table)} AS r WHERE r.issuer_id = i.issuer_id
    AND r.send_at > ${now - LATE_AFTER_MS} AND r.send_at <= ${now + REPEATED_WITHIN_MS} LIMIT ${MAX_COUNTED + 1})`;
}

/** SQL: whether the log has a change that a reader of Google did not read for too long. */
function hasUnread(now: number): SQL {
  return sql`SELECT EXISTS (SELECT 1 FROM google_issuers AS i JOIN readers AS r ON r.name = ${readerNameOf(sql`i.issuer_id`)}
    WHERE (SELECT c.at FROM changes AS c WHERE c.id > r.cursor ORDER BY c.id LIMIT 1) <= ${now - LATE_AFTER_MS})`;
}

/** SQL: whether what is due first is being sent, or the objects before it in its class were sent a moment ago. */
function isRunning(now: number): SQL {
  const due = sql`SELECT r.class_id, r.pass_id, r.claimed_until FROM google_objects AS r
    WHERE r.issuer_id = i.issuer_id AND r.send_at <= ${now} ORDER BY r.send_at, r.pass_id`;
  const before = sql`SELECT o.sent_at FROM google_objects AS o, (${due} LIMIT 1) AS first
    WHERE o.issuer_id = i.issuer_id AND o.class_id = first.class_id AND o.pass_id < first.pass_id
    ORDER BY o.pass_id DESC LIMIT ${NEAR}`;
  return sql`SELECT EXISTS (SELECT 1 FROM google_issuers AS i
    WHERE EXISTS (SELECT 1 FROM (${due} LIMIT ${NEAR}) AS near WHERE near.claimed_until > ${now})
    OR EXISTS (SELECT 1 FROM (${before}) AS near WHERE near.sent_at > ${now - LATE_AFTER_MS}))`;
}
