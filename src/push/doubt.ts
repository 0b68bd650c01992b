/**
 * Decides whether BadDeviceToken really means a bad token. APNs also sends it for every token if the key or the host
 * belongs to the wrong environment, or if APNs itself is faulty. And a Wallet device registers again only when its
 * owner adds the pass again. So a token is removed only in these cases:
 *
 * | BadDeviceToken for                                                            | then           |
 * |-------------------------------------------------------------------------------|----------------|
 * | a token, while another one of the same message is delivered                   | remove         |
 * | one token alone, ten minutes or more after the first time, no other between   | remove         |
 * | anything else                                                                 | keep and retry |
 *
 * The second row also requires that an earlier push to this pass type with the same key, team and host was delivered.
 * So two dead tokens that fail alternately, each alone in its message, both stay. Each change costs ten pushes and a
 * dead letter for each of them, until one of them is reported twice without the other, or together with a delivered
 * token.
 *
 * The state is in the pass type's row, and is compared and set in one statement, because several isolates deliver
 * messages of one token each at the same time. Each of these statements may run twice: the second time it finds the state
 * that it has set, and leaves it.
 *
 * | doubted_at | doubted_token | meaning                                                             |
 * |------------|---------------|---------------------------------------------------------------------|
 * | null       | any           | no token was reported as bad since the last delivery                |
 * | set        | a token       | since then only this token was reported                             |
 * | set        | null          | since then several tokens were reported                             |
 *
 * Follows Apple's "Handling notification responses from APNs".
 */
import { and, eq, isNotNull, isNull, or, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { passTypes } from "../db/schema.ts";
import type { FoundKey } from "./apns-keys.ts";
import type { PushJob } from "./messages.ts";

/** The responses of APNs for the tokens of one message. */
export interface Answers {
  /** How many tokens it accepted. */
  readonly sent: number;
  /** The tokens that it reported as bad. */
  readonly bad: readonly string[];
}

/** Whether to remove the bad tokens of this message. It also records the new state of the doubt. */
export async function judgeBadTokens(
  db: Database,
  { passTypeIdentifier, doubted }: PushJob,
  { key, provenApns, doubtedAt }: FoundKey,
  apnsOrigin: string,
  { sent, bad }: Answers,
  now: number,
): Promise<boolean> {
  const configuration = `${key.keyId} ${key.teamIdentifier} ${apnsOrigin}`;
  const isProven = provenApns === configuration;
  if (sent > 0) {
    if (!isProven || doubtedAt !== null) await recordDelivery(db, passTypeIdentifier, configuration);
    return true;
  }
  const [first, ...more] = bad;
  if (first === undefined) return false;
  const only = more.length === 0 ? first : null;
  if (only !== null && isProven && doubted && (await isOnlyDoubted(db, passTypeIdentifier, only, now)))
    return true;
  await recordDoubt(db, passTypeIdentifier, only, now);
  return false;
}

/**
 * A push with this configuration was delivered to the pass type, which ends the doubt. `doubted_token` stays: if that
 * token is reported as bad again, the report is credible, because the configuration works.
 */
async function recordDelivery(
  db: Database,
  passTypeIdentifier: string,
  configuration: string,
): Promise<void> {
  await repeatable(() =>
    db
      .update(passTypes)
      .set({ provenApns: configuration, doubtedAt: null })
      .where(eq(passTypes.passTypeIdentifier, passTypeIdentifier)),
  );
}

/**
 * Whether this is the only token in doubt. If it is, the doubt stays open, so that the next bad token is one of
 * several.
 */
async function isOnlyDoubted(
  db: Database,
  passTypeIdentifier: string,
  token: string,
  now: number,
): Promise<boolean> {
  const { meta } = await repeatable(() =>
    db
      .update(passTypes)
      .set({ doubtedAt: sql`coalesce(doubted_at, ${now})` })
      .where(and(eq(passTypes.passTypeIdentifier, passTypeIdentifier), eq(passTypes.doubtedToken, token))),
  );
  return meta.changes > 0;
}

/**
 * Starts the doubt. It records the token if it was the only bad one of its message. Another bad token while the doubt
 * is open means that there are several.
 */
async function recordDoubt(
  db: Database,
  passTypeIdentifier: string,
  only: string | null,
  now: number,
): Promise<void> {
  const isAnother = and(isNotNull(passTypes.doubtedToken), sql`${passTypes.doubtedToken} IS NOT ${only}`);
  await repeatable(() =>
    db
      .update(passTypes)
      .set({
        doubtedAt: sql`coalesce(doubted_at, ${now})`,
        doubtedToken: sql`CASE WHEN doubted_at IS NULL THEN ${only} END`,
      })
      .where(
        and(eq(passTypes.passTypeIdentifier, passTypeIdentifier), or(isNull(passTypes.doubtedAt), isAnother)),
      ),
  );
}
