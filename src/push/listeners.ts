/**
 * Who is to be pushed: the distinct push tokens that listen to a pass, a template or an event, a page at a time; and
 * the end of tokens that APNs has declared dead.
 *
 * Tokens of wallets that are not Apple's are left out: APNs cannot know them.
 */
import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { ChangeTarget } from "../changes/log.ts";
import type { Database } from "../db/client.ts";
import { devices, passes, registrations } from "../db/schema.ts";
import { withoutRegistration } from "../devices/register.ts";

/** A push token, and the pass type that is its topic: an event's passes may be of several. */
export interface Listener {
  readonly passTypeIdentifier: string;
  readonly pushToken: string;
}

/**
 * One page of listeners, in order. The keyset is the listener itself, so that a page costs its own rows however long
 * the table is.
 * @param after the last listener of the page before; undefined for the first page
 */
export async function listenersOf(
  db: Database,
  target: ChangeTarget,
  after: Listener | undefined,
  limit: number,
): Promise<Listener[]> {
  const { passTypeIdentifier, pushToken } = registrations;
  const beyond =
    after === undefined
      ? undefined
      : sql`(${passTypeIdentifier}, ${pushToken}) > (${after.passTypeIdentifier}, ${after.pushToken})`;
  return db
    .selectDistinct({ passTypeIdentifier, pushToken })
    .from(registrations)
    .where(and(listensTo(target), eq(registrations.client, "apple"), beyond))
    .orderBy(asc(passTypeIdentifier), asc(pushToken))
    .limit(limit);
}

function listensTo({ passId, templateId, eventId }: ChangeTarget) {
  if (passId !== null) return eq(registrations.passId, passId);
  if (templateId !== null) return eq(registrations.templateId, templateId);
  return eq(registrations.eventId, eventId ?? 0);
}

/**
 * Removes what dead tokens registered, in one pass type.
 * @param dead tokens, each with milliseconds: what the phone made sure of at or after this moment stays, since it came
 *   back to life
 * @returns the tokens among them that are registered still
 */
export async function forgetPushTokens(
  db: Database,
  passTypeIdentifier: string,
  dead: readonly { readonly pushToken: string; readonly before: number }[],
  now: number,
): Promise<Set<string>> {
  const list = JSON.stringify(dead);
  // CROSS JOIN keeps the order: from each token to its registrations, along their index.
  const stale = sql`FROM json_each(${list}) AS token CROSS JOIN registrations AS stale
    ON stale.pass_type_identifier = ${passTypeIdentifier} AND stale.push_token = token.value->>'pushToken'
      AND stale.registered_at < token.value->>'before'`;
  const [, , , alive] = await db.batch([
    // Whose registrations all go: asked while they are still there.
    db
      .update(passes)
      .set({ uninstalledAt: now })
      .where(
        and(
          sql`${passes.id} IN (SELECT stale.pass_id ${stale})`,
          isNull(passes.uninstalledAt),
          sql`NOT EXISTS (SELECT 1 FROM registrations AS live WHERE live.pass_id = passes.id
            AND live.rowid NOT IN (SELECT stale.rowid ${stale}))`,
        ),
      ),
    db.delete(registrations).where(sql`registrations.rowid IN (SELECT stale.rowid ${stale})`),
    db
      .delete(devices)
      .where(
        and(
          eq(devices.passTypeIdentifier, passTypeIdentifier),
          inArray(devices.pushToken, sql`(SELECT value->>'pushToken' FROM json_each(${list}))`),
          withoutRegistration,
        ),
      ),
    db
      .selectDistinct({ pushToken: registrations.pushToken })
      .from(sql`json_each(${list}) AS token`)
      .crossJoin(registrations)
      .where(
        and(
          eq(registrations.passTypeIdentifier, passTypeIdentifier),
          sql`${registrations.pushToken} = token.value->>'pushToken'`,
        ),
      ),
  ]);
  return new Set(alive.map(({ pushToken }) => pushToken));
}
