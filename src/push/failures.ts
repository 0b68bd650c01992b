/**
 * Whether the pushes of a pass type get out, in its row: the reason and the time of the newest message without one
 * success, and the time of the first one. A success clears them, so a deployment that works writes nothing here.
 *
 * A message that only had answers about its tokens (a token of another app or environment) says nothing about other
 * pushes, except a 410: APNs looks at the token last, and it was valid for this topic, so other pushes get out. Without
 * that, the failure of a pass type whose last phone is gone would stay. A failed message is delivered again, so the row is
 * cleared within a retry after the cause has ended.
 */
import { and, asc, eq, isNull, lte, or, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { devices, passTypes } from "../db/schema.ts";
import { isAboutToken, needsOperator, UNREADABLE_KEY, type Verdict } from "./verdict.ts";

/** A failure of messages is recorded at most this often. */
const RECORDED_EVERY_MS = 60_000;

/** The state of the row when the work on the message started. */
export interface KnownFailure {
  readonly pushFailedAt: number | null;
}

/** Records whether pushes get out: the verdicts of a message. @param now milliseconds */
export async function recordOutcome(
  db: Database,
  passTypeIdentifier: string,
  { pushFailedAt }: KnownFailure,
  verdicts: readonly Verdict[],
  now: number,
): Promise<void> {
  const has = (wanted: Verdict["outcome"]) => verdicts.some(({ outcome }) => outcome === wanted);
  const reason = findFailure(verdicts);
  if (has("sent") || (reason === undefined && has("unregistered"))) {
    if (pushFailedAt !== null) await clearFailure(db, passTypeIdentifier);
    return;
  }
  const isRecent = pushFailedAt !== null && Math.abs(now - pushFailedAt) < RECORDED_EVERY_MS;
  if (reason !== undefined && !isRecent) await recordFailure(db, passTypeIdentifier, reason, now);
}

/** Records that nothing can be sent, because the key cannot be decrypted. */
export async function recordUnreadableKey(
  db: Database,
  passTypeIdentifier: string,
  now: number,
): Promise<void> {
  await recordFailure(db, passTypeIdentifier, UNREADABLE_KEY, now);
}

/** Records why a check failed, at once: the operator may have corrected the reason that is known, and checks again. */
export async function recordFailedCheck(
  db: Database,
  passTypeIdentifier: string,
  reason: string,
  now: number,
): Promise<void> {
  await recordFailure(db, passTypeIdentifier, reason, now, 0);
}

/** Clears the failure: pushes get out again. */
export async function clearFailure(db: Database, passTypeIdentifier: string): Promise<void> {
  await repeatable(() =>
    db
      .update(passTypes)
      .set({ pushFirstFailedAt: null, pushFailedAt: null, pushFailure: null })
      .where(eq(passTypes.passTypeIdentifier, passTypeIdentifier)),
  );
}

/** Why the pushes failed, without the answers about a token alone. A reason that the operator has to cure comes first. */
function findFailure(verdicts: readonly Verdict[]): string | undefined {
  const reasons = verdicts.flatMap((verdict) =>
    verdict.outcome === "sent" || isAboutToken(verdict) ? [] : [verdict.reason],
  );
  return reasons.find(needsOperator) ?? reasons[0];
}

/** Several messages of a batch fail at the same time. So the condition is part of the statement. */
async function recordFailure(
  db: Database,
  passTypeIdentifier: string,
  reason: string,
  now: number,
  everyMs = RECORDED_EVERY_MS,
): Promise<void> {
  const isDue = and(
    eq(passTypes.passTypeIdentifier, passTypeIdentifier),
    or(isNull(passTypes.pushFailedAt), lte(passTypes.pushFailedAt, now - everyMs)),
  );
  const failure = {
    pushFirstFailedAt: sql`coalesce(${passTypes.pushFirstFailedAt}, ${now})`,
    pushFailedAt: now,
    pushFailure: reason,
  };
  await repeatable(() => db.update(passTypes).set(failure).where(isDue));
}

/** What the health report says about the pushes of each pass type. */
export async function listPushStates(db: Database) {
  return db
    .select({
      passTypeIdentifier: passTypes.passTypeIdentifier,
      firstFailedAt: passTypes.pushFirstFailedAt,
      failedAt: passTypes.pushFailedAt,
      failure: passTypes.pushFailure,
      checkedAt: passTypes.pushCheckedAt,
      /** Since when APNs calls several tokens bad and has accepted no push (doubt.ts); null if it does not. */
      doubtedAt: sql<
        number | null
      >`CASE WHEN ${passTypes.doubtedToken} IS NULL THEN ${passTypes.doubtedAt} END`,
      /** Whether a push was ever delivered. */
      isProven: sql<boolean>`${passTypes.provenApns} IS NOT NULL`.mapWith(Boolean),
      /** Whether phones wait for pushes. */
      hasPhones: sql<boolean>`EXISTS (SELECT 1 FROM ${devices}
        WHERE ${devices.passTypeIdentifier} = ${passTypes.passTypeIdentifier} AND ${devices.client} = 'apple')`.mapWith(
        Boolean,
      ),
    })
    .from(passTypes)
    .orderBy(asc(passTypes.passTypeIdentifier));
}
