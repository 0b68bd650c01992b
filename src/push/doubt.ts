/**
 * Decides whether BadDeviceToken really means a bad token. APNs also sends it for every token if the key or the host is of
 * the wrong environment, or if APNs has a fault; and a Wallet device registers again only when its owner adds the pass
 * again. So a token is removed only after this:
 *
 * | BadDeviceToken for                                                            | then           |
 * |-------------------------------------------------------------------------------|----------------|
 * | a token, while another one of the same message is delivered                   | remove         |
 * | one token alone, ten minutes or more after the first time, no other between   | remove         |
 * | anything else                                                                 | keep and retry |
 *
 * The second row also requires that the same key, team and host have delivered to this pass type before.
 * So two dead tokens in turn, each alone in its message, both stay: each change costs them ten pushes and a dead letter,
 * until one of them is called bad twice without the other, or while another token is delivered.
 *
 * The state is in the pass type's row, and is compared and set in one statement, since messages of one token each are
 * delivered at the same time in several isolates:
 *
 * | doubted_at | doubted_token | meaning                                                             |
 * |------------|---------------|---------------------------------------------------------------------|
 * | null       | any           | no token has been called bad since the last delivery                |
 * | set        | a token       | since then this is the only one                                     |
 * | set        | null          | since then several were                                             |
 *
 * Follows Apple's "Handling notification responses from APNs".
 */
import { and, eq, isNotNull, isNull, or, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { passTypes } from "../db/schema.ts";
import type { FoundKey } from "./apns-keys.ts";
import type { PushJob } from "./messages.ts";

/** What APNs answered to the tokens of one message. */
export interface Answers {
  /** How many it delivered to. */
  readonly sent: number;
  /** The tokens that it called bad. */
  readonly bad: readonly string[];
}

/** Whether the bad tokens of this message are to be removed. Also records what the message has shown. */
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
 * This configuration delivered to the pass type, which ends the doubt. `doubted_token` stays: if that token is called bad
 * again, it is by a configuration that delivers.
 */
async function recordDelivery(
  db: Database,
  passTypeIdentifier: string,
  configuration: string,
): Promise<void> {
  await db
    .update(passTypes)
    .set({ provenApns: configuration, doubtedAt: null })
    .where(eq(passTypes.passTypeIdentifier, passTypeIdentifier));
}

/** Whether this is the only token in doubt. If so, the doubt stays open: the next bad token is one of several. */
async function isOnlyDoubted(
  db: Database,
  passTypeIdentifier: string,
  token: string,
  now: number,
): Promise<boolean> {
  const { meta } = await db
    .update(passTypes)
    .set({ doubtedAt: sql`coalesce(doubted_at, ${now})` })
    .where(and(eq(passTypes.passTypeIdentifier, passTypeIdentifier), eq(passTypes.doubtedToken, token)));
  return meta.changes > 0;
}

/**
 * Opens the doubt. It names its token if that was the only bad one of its message. Another bad token while the doubt is
 * open means that there are several.
 */
async function recordDoubt(
  db: Database,
  passTypeIdentifier: string,
  only: string | null,
  now: number,
): Promise<void> {
  const isAnother = and(isNotNull(passTypes.doubtedToken), sql`${passTypes.doubtedToken} IS NOT ${only}`);
  await db
    .update(passTypes)
    .set({
      doubtedAt: sql`coalesce(doubted_at, ${now})`,
      doubtedToken: sql`CASE WHEN doubted_at IS NULL THEN ${only} END`,
    })
    .where(
      and(eq(passTypes.passTypeIdentifier, passTypeIdentifier), or(isNull(passTypes.doubtedAt), isAnother)),
    );
}
