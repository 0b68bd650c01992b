/**
 * Records the pushes that each phone received, so that it is not pushed more often than iOS tolerates: the last change,
 * the time, and how far the pushes are above the rate that iOS allows.
 *
 * iOS has a score for each pass type: a push sooner than two hours after the last one (half an hour, if the phone has
 * many passes of the type) raises the score by the cube of how much sooner, a later push lowers it. A high score delays
 * the phone's requests by minutes, then by an hour. Finally iOS asks the owner to turn the updates of the passes off.
 * The thresholds are not public, so the score that is computed here is only reported to the operator.
 */
import { and, count, eq, gt, isNotNull, type SQL, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { changes, devices } from "../db/schema.ts";
import { writeJson } from "../json.ts";

/** The last push to a token. */
export interface LastPush {
  readonly pushedAt: number;
  /**
   * The newest change at that time. The phone asks for updates after the push, so it gets all changes up to this one.
   */
  readonly pushedThrough: number;
}

/** Less than the minute between two pushes for one target (changes/times.ts), since a queue is not punctual. */
const PAUSE_MS = 45_000;
const ZERO_INTERVAL_MS = 2 * 60 * 60_000;
/** The score of this many pushes at the same time. An index contains the devices above it (db/device-tables.ts). */
const TOO_OFTEN = 10;

/** The last push to each token that had one, and the id of the newest change before the next push. */
export async function lastPushes(db: Database, passTypeIdentifier: string, tokens: readonly string[]) {
  const { newest, last } = await batchOf(db, {
    newest: db.select({ changeId: sql<number>`coalesce(max(${changes.id}), 0)` }).from(changes),
    last: db
      .select({
        pushToken: devices.pushToken,
        pushedAt: sql<number>`${devices.pushedAt}`,
        pushedThrough: sql<number>`${devices.pushedThrough}`,
      })
      .from(sql`json_each(${writeJson(tokens)}) AS token`)
      .crossJoin(devices) // fixes the join order: from each token to its devices, by their index
      .where(
        and(
          eq(devices.passTypeIdentifier, passTypeIdentifier),
          sql`${devices.pushToken} = token.value`,
          isNotNull(devices.pushedAt),
        ),
      ),
  });
  const byToken = new Map<string, LastPush>();
  for (const { pushToken, ...push } of last) {
    // A phone may have several devices of the pass type, and one push reaches them all.
    if (push.pushedThrough > (byToken.get(pushToken)?.pushedThrough ?? -1)) byToken.set(pushToken, push);
  }
  return { newestChangeId: newest[0]?.changeId ?? 0, byToken };
}

/**
 * How long a token has to wait before its next push.
 * @returns milliseconds, 0 for a push now, or "notified" if its last push already covered this change
 */
export function waitBefore(last: LastPush | undefined, throughId: number | undefined, now: number) {
  if (last === undefined) return 0;
  if (throughId !== undefined && last.pushedThrough >= throughId) return "notified" as const;
  const left = last.pushedAt + PAUSE_MS - now;
  // A time in the future comes from the clock of another isolate, and must not cause a long wait.
  return left > 0 && left <= 2 * PAUSE_MS ? left : 0;
}

/**
 * Records the tokens whose push APNs has accepted. It may run twice: a push at the same time does not raise the score
 * again. Without a repeat, the queue would deliver the message again, and all of its phones would be pushed twice.
 */
export async function markPushed(
  db: Database,
  passTypeIdentifier: string,
  tokens: readonly string[],
  newestChangeId: number,
  now: number,
): Promise<void> {
  const sooner = fractionTooSoon(sql`${devices.pushedAt}`, now);
  await repeatable(() =>
    db
      .update(devices)
      .set({
        pushedAt: now,
        pushedThrough: sql`max(coalesce(${devices.pushedThrough}, 0), ${newestChangeId})`,
        // A new token has had no push yet, but the phone still has its old score.
        pushScore: sql`CASE WHEN coalesce(${devices.pushedAt}, ${now}) = ${now} THEN ${devices.pushScore}
          ELSE max(0, ${devices.pushScore} + iif(${sooner} > 0, ${sooner} * ${sooner} * ${sooner}, ${sooner})) END`,
      })
      .where(hasToken(passTypeIdentifier, tokens)),
  );
}

/** How many devices are pushed more often than iOS tolerates, by pass type. Without pushes, a score decreases again. */
export async function countPushedTooOften(db: Database, now: number) {
  // By how much a push now would lower the score. A phone with a new token has had no push since it got the token.
  const sooner = fractionTooSoon(sql`coalesce(${devices.pushedAt}, ${devices.updatedAt})`, now);
  return db
    .select({ passTypeIdentifier: devices.passTypeIdentifier, devices: count() })
    .from(devices)
    .where(
      and(
        gt(devices.pushScore, sql.raw(String(TOO_OFTEN))), // a literal and not a parameter, because the index contains this number
        gt(sql`${devices.pushScore} + min(0, ${sooner})`, TOO_OFTEN),
      ),
    )
    .groupBy(devices.passTypeIdentifier);
}

/** SQL: by which fraction of the interval a push now is too soon after the last one; below 0 if it is late. */
function fractionTooSoon(lastPushedAt: SQL, now: number): SQL {
  return sql`((${lastPushedAt} + ${ZERO_INTERVAL_MS} - ${now}) * 1.0 / ${ZERO_INTERVAL_MS})`;
}

/** SQL: the devices with these tokens. CROSS JOIN fixes the join order: from each token to its devices, by their index. */
function hasToken(passTypeIdentifier: string, tokens: readonly string[]) {
  return sql`devices.rowid IN (SELECT known.rowid FROM json_each(${writeJson(tokens)}) AS token
    CROSS JOIN devices AS known ON known.pass_type_identifier = ${passTypeIdentifier} AND known.push_token = token.value)`;
}
