/**
 * Who is to be pushed: the distinct push tokens that listen to a pass or a template, a page at a time; and the end of
 * tokens that APNs has declared dead.
 *
 * Tokens of wallets that are not Apple's are left out: APNs cannot know them.
 */
import { and, asc, eq, gt, inArray, sql } from "drizzle-orm";
import type { ChangeTarget } from "../changes/log.ts";
import type { Database } from "../db/client.ts";
import { devices, registrations } from "../db/schema.ts";
import { withoutRegistration } from "./register.ts";

/**
 * One page of tokens, in order. The keyset is the token itself, so that a page costs its own rows however long the
 * table is.
 * @param after the last token of the page before; "" for the first
 */
export async function pushTokensOf(
  db: Database,
  target: ChangeTarget,
  after: string,
  limit: number,
): Promise<string[]> {
  const listens =
    target.passId !== null
      ? eq(registrations.passId, target.passId)
      : eq(registrations.templateId, target.templateId);
  const rows = await db
    .selectDistinct({ pushToken: registrations.pushToken })
    .from(registrations)
    .where(and(listens, eq(registrations.client, "apple"), gt(registrations.pushToken, after)))
    .orderBy(asc(registrations.pushToken))
    .limit(limit);
  return rows.map((row) => row.pushToken);
}

/**
 * Removes what dead tokens registered, in one pass type.
 * @param dead tokens, each with milliseconds: what the phone made sure of at or after this moment stays, since it came
 *   back to life
 */
export async function forgetPushTokens(
  db: Database,
  passTypeIdentifier: string,
  dead: readonly { readonly pushToken: string; readonly before: number }[],
): Promise<void> {
  const list = JSON.stringify(dead);
  await db.batch([
    // CROSS JOIN keeps the order: from each token to its registrations, along their index.
    db.delete(registrations).where(sql`registrations.rowid IN (
      SELECT stale.rowid FROM json_each(${list}) AS token CROSS JOIN registrations AS stale
        ON stale.pass_type_identifier = ${passTypeIdentifier} AND stale.push_token = token.value->>'pushToken'
          AND stale.registered_at < token.value->>'before')`),
    db
      .delete(devices)
      .where(
        and(
          eq(devices.passTypeIdentifier, passTypeIdentifier),
          inArray(devices.pushToken, sql`(SELECT value->>'pushToken' FROM json_each(${list}))`),
          withoutRegistration,
        ),
      ),
  ]);
}
