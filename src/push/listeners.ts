/**
 * Listeners: the distinct push tokens that are registered for a pass, a template or an event, in pages; and the removal of
 * tokens that APNs has declared dead.
 *
 * Tokens of other wallets are left out, because APNs does not know them.
 */
import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { ChangeTarget } from "../changes/targets.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { devices, passes, registrations } from "../db/schema.ts";
import { hasNoRegistration } from "../devices/unregister.ts";
import { writeJson } from "../json.ts";

/** A push token with the pass type that is its topic: the passes of an event may be of several pass types. */
export interface Listener {
  readonly passTypeIdentifier: string;
  readonly pushToken: string;
}

/**
 * One page of listeners, sorted. The keyset is the listener itself, so a page reads only its own rows, however long the
 * table is.
 * @param after the last listener of the previous page; undefined for the first page
 */
export async function listListeners(
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
 * Removes the registrations of dead tokens, for one pass type.
 * @param dead tokens, each with milliseconds: a registration that the phone made or repeated at or after this time
 *   stays, because the token is valid again. So it may run twice
 * @returns those of the tokens that are still registered
 */
export async function forgetPushTokens(
  db: Database,
  passTypeIdentifier: string,
  dead: readonly { readonly pushToken: string; readonly before: number }[],
  now: number,
): Promise<Set<string>> {
  const list = writeJson(dead);
  // CROSS JOIN fixes the join order: from each token to its registrations, by their index.
  const stale = sql`FROM json_each(${list}) AS token CROSS JOIN registrations AS stale
    ON stale.pass_type_identifier = ${passTypeIdentifier} AND stale.push_token = token.value->>'pushToken'
      AND stale.registered_at < token.value->>'before'`;
  const { registered } = await repeatableBatchOf(db, {
    // Passes that lose all their registrations. This comes first, because it reads the registrations.
    uninstalled: db
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
    deleted: db.delete(registrations).where(sql`registrations.rowid IN (SELECT stale.rowid ${stale})`),
    devices: db
      .delete(devices)
      .where(
        and(
          eq(devices.passTypeIdentifier, passTypeIdentifier),
          inArray(devices.pushToken, sql`(SELECT value->>'pushToken' FROM json_each(${list}))`),
          hasNoRegistration,
        ),
      ),
    registered: db
      .selectDistinct({ pushToken: registrations.pushToken })
      .from(sql`json_each(${list}) AS token`)
      .crossJoin(registrations)
      .where(
        and(
          eq(registrations.passTypeIdentifier, passTypeIdentifier),
          sql`${registrations.pushToken} = token.value->>'pushToken'`,
        ),
      ),
  });
  return new Set(registered.map(({ pushToken }) => pushToken));
}
