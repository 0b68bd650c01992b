/**
 * What each phone was pushed, so that it is pushed no more often than it bears: which change its last push told of, when
 * that was, and how far its pushes are ahead of the pace that iOS allows.
 *
 * iOS keeps a score for each pass type: a push that comes sooner than two hours after the last one (half an hour, if the
 * phone holds many passes of the type) raises it by the cube of how much sooner, one that comes later lowers it. A high
 * score delays the phone's requests by minutes, then by an hour; in the end the owner is asked to switch the passes'
 * updates off. The thresholds are not public, so what is counted here is shown to the operator and acted upon by nobody.
 */
import { and, count, eq, gt, isNotNull, type SQL, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { changes, devices } from "../db/schema.ts";

/** What a token was last pushed. */
export interface LastPush {
  readonly pushedAt: number;
  /** The newest change at that time: the phone lists after the push, and is told of all up to this one. */
  readonly pushedThrough: number;
}

/** Less than the minute between two pushes of one change's target: a queue is not punctual. */
const PAUSE_MS = 45_000;
const ZERO_INTERVAL_MS = 2 * 60 * 60_000;
/** As many pushes at once beyond the pace: an index holds the devices above it (db/schema.ts). */
const TOO_OFTEN = 10;

/** The last push to each token that had one, and the newest change of all as it is before the next push. */
export async function lastPushes(db: Database, passTypeIdentifier: string, tokens: readonly string[]) {
  const [newest, rows] = await db.batch([
    db.select({ changeId: sql<number>`coalesce(max(${changes.id}), 0)` }).from(changes),
    db
      .select({
        pushToken: devices.pushToken,
        pushedAt: sql<number>`${devices.pushedAt}`,
        pushedThrough: sql<number>`${devices.pushedThrough}`,
      })
      .from(sql`json_each(${JSON.stringify(tokens)}) AS token`)
      .crossJoin(devices) // which keeps the order: from each token to its devices, along their index
      .where(
        and(
          eq(devices.passTypeIdentifier, passTypeIdentifier),
          sql`${devices.pushToken} = token.value`,
          isNotNull(devices.pushedAt),
        ),
      ),
  ]);
  const byToken = new Map<string, LastPush>();
  for (const { pushToken, ...last } of rows) {
    // A phone may be several devices of the pass type; its push was one.
    if (last.pushedThrough > (byToken.get(pushToken)?.pushedThrough ?? -1)) byToken.set(pushToken, last);
  }
  return { newestChangeId: newest[0]?.changeId ?? 0, byToken };
}

/** What to do for a token: nothing, if its last push told of this change; wait some milliseconds; or push. */
export function waitBefore(last: LastPush | undefined, throughId: number | undefined, now: number) {
  if (last === undefined) return 0;
  if (throughId !== undefined && last.pushedThrough >= throughId) return "told" as const;
  const left = last.pushedAt + PAUSE_MS - now;
  // A time from the future is another isolate's clock, and no reason to wait long.
  return left > 0 && left <= 2 * PAUSE_MS ? left : 0;
}

/** Remembers what APNs took. */
export async function markPushed(
  db: Database,
  passTypeIdentifier: string,
  tokens: readonly string[],
  newestChangeId: number,
  now: number,
): Promise<void> {
  const sooner = soonerThanBorne(sql`${devices.pushedAt}`, now);
  await db
    .update(devices)
    .set({
      pushedAt: now,
      pushedThrough: sql`max(coalesce(${devices.pushedThrough}, 0), ${newestChangeId})`,
      // A new token has no last push, and the phone has its score all the same.
      pushScore: sql`CASE WHEN ${devices.pushedAt} IS NULL THEN ${devices.pushScore}
        ELSE max(0, ${devices.pushScore} + iif(${sooner} > 0, ${sooner} * ${sooner} * ${sooner}, ${sooner})) END`,
    })
    .where(areThese(passTypeIdentifier, tokens));
}

/** How many devices are pushed more often than iOS bears, by pass type. A phone that is left in peace recovers. */
export async function pushedTooOften(db: Database, now: number) {
  // What a push at this moment would lower the score by. A new token's phone has had no push since it came.
  const sooner = soonerThanBorne(sql`coalesce(${devices.pushedAt}, ${devices.updatedAt})`, now);
  return db
    .select({ passTypeIdentifier: devices.passTypeIdentifier, devices: count() })
    .from(devices)
    .where(
      and(
        gt(devices.pushScore, sql.raw(String(TOO_OFTEN))), // not a parameter: the index is for this very number
        gt(sql`${devices.pushScore} + min(0, ${sooner})`, TOO_OFTEN),
      ),
    )
    .groupBy(devices.passTypeIdentifier);
}

/** SQL: how much of the interval a push at this moment comes too soon after the last one; below 0 if it is late. */
function soonerThanBorne(lastPushedAt: SQL, now: number): SQL {
  return sql`((${lastPushedAt} + ${ZERO_INTERVAL_MS} - ${now}) * 1.0 / ${ZERO_INTERVAL_MS})`;
}

/** SQL: the devices with these tokens. CROSS JOIN keeps the order: from each token to its devices, along their index. */
function areThese(passTypeIdentifier: string, tokens: readonly string[]) {
  return sql`devices.rowid IN (SELECT known.rowid FROM json_each(${JSON.stringify(tokens)}) AS token
    CROSS JOIN devices AS known ON known.pass_type_identifier = ${passTypeIdentifier} AND known.push_token = token.value)`;
}
