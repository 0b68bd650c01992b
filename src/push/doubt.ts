/**
 * Whether BadDeviceToken speaks of the token. A key or a host of the wrong environment, or APNs on a bad day, says it of
 * every token, and a Wallet device registers again only when its owner adds the pass again.
 *
 * It is believed beside a push that was delivered. Of a token alone it is believed the second time, ten minutes later,
 * where this very configuration has delivered, and no other token was called bad in between without a delivery after it.
 * So of two dead tokens that are called bad in turn, each alone, neither is believed: each change costs them ten pushes
 * and a dead letter, until one is called bad twice without the other, or beside a delivery.
 * What is doubted lies in the pass type's row and is compared and set in one statement: messages of one token each are
 * worked off at once, in several isolates. Follows Apple's "Handling notification responses from APNs".
 */
import { and, eq, isNotNull, isNull, or, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { passTypes } from "../db/schema.ts";
import type { FoundKey } from "./apns-keys.ts";
import type { PushJob } from "./messages.ts";

/** What APNs said to the tokens of one message. */
export interface Answers {
  /** How many it delivered to. */
  readonly sent: number;
  /** The tokens that it called bad. */
  readonly bad: readonly string[];
}

/** Whether the bad tokens of this message are bad; and writes down what that message has shown. */
export async function isBelieved(
  db: Database,
  { passTypeIdentifier, doubted }: PushJob,
  { key, provenApns, doubtedAt }: FoundKey,
  apnsOrigin: string,
  { sent, bad }: Answers,
  now: number,
): Promise<boolean> {
  const configuration = `${key.keyId} ${key.teamIdentifier} ${apnsOrigin}`;
  const proven = provenApns === configuration;
  if (sent > 0) {
    if (!proven || doubtedAt !== null) await rememberProven(db, passTypeIdentifier, configuration);
    return true;
  }
  const [first, ...more] = bad;
  if (first === undefined) return false;
  const alone = more.length === 0 ? first : null;
  if (alone !== null && proven && doubted && (await isDoubtedAlone(db, passTypeIdentifier, alone, now)))
    return true;
  await rememberDoubt(db, passTypeIdentifier, alone, now);
  return false;
}

/**
 * This configuration delivered to the pass type: the doubt is over. Which token was doubted alone stays: it is called
 * bad by a configuration that delivers, if it is called so again.
 */
async function rememberProven(db: Database, passTypeIdentifier: string, proven: string): Promise<void> {
  await db
    .update(passTypes)
    .set({ provenApns: proven, doubtedAt: null })
    .where(eq(passTypes.passTypeIdentifier, passTypeIdentifier));
}

/** Whether this token is the only one of the last doubt. That goes on then: who comes next is one of several. */
async function isDoubtedAlone(
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

/** The first doubt names its token, if it is one alone. Another token while it stands: then there are several. */
async function rememberDoubt(
  db: Database,
  passTypeIdentifier: string,
  alone: string | null,
  now: number,
): Promise<void> {
  const isAnother = and(isNotNull(passTypes.doubtedToken), sql`${passTypes.doubtedToken} IS NOT ${alone}`);
  await db
    .update(passTypes)
    .set({
      doubtedAt: sql`coalesce(doubted_at, ${now})`,
      doubtedToken: sql`CASE WHEN doubted_at IS NULL THEN ${alone} END`,
    })
    .where(
      and(eq(passTypes.passTypeIdentifier, passTypeIdentifier), or(isNull(passTypes.doubtedAt), isAnother)),
    );
}
