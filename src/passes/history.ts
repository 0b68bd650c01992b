/**
 * The changes of a pass: its own, and those of its template and its event since it was issued, newest first.
 *
 * The template of a pass never changes. The log does not say when a pass moved to another event. So the list has all changes
 * of the event that the pass has now, even those from before it moved there, and none of an event that it has left. Old
 * changes are removed from the log (changes/prune.ts).
 */
import { desc, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { ChangeKind } from "../changes/log.ts";
import { type PushState, pushDueAt, pushStateOf } from "../changes/push-state.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import type { Page, PagePosition } from "../db/page.ts";
import { changes, events, passes, templates } from "../db/schema.ts";
import type { Scope } from "../keys/principal.ts";
import { eventsWithin, templatesWithin } from "../keys/scope.ts";
import { instantOf, passNotFound } from "./show.ts";

/** How many of the newest changes are searched for one that was pushed. Almost always, one of them was. */
export const SEARCHED_CHANGES = 20;

/** A line of the change log. One of the three ids is set. */
export interface LoggedChange {
  readonly id: number;
  readonly kind: ChangeKind;
  readonly passId: number | null;
  readonly templateId: number | null;
  readonly eventId: number | null;
  readonly actor: string;
  readonly redemptionId: string | null;
  readonly at: string;
  readonly push: PushState;
  /** When its next push job is due. Null if it has none any more. */
  readonly dueAt: string | null;
  /** When the last of its push messages was given to the queue. Null if none was, or not yet. */
  readonly dispatchedAt: string | null;
}

export interface PassChanges extends Page<LoggedChange> {
  /** When it was last saved in Google Wallet, and removed. It is no line of the log, which would wake all readers. */
  readonly google: { readonly installedAt: string | null; readonly uninstalledAt: string | null };
}

/**
 * A deleted pass still has its changes. A page reads at most three times its limit: up to the limit from the pass, from the
 * template and from the event.
 * @param scope of the requesting key: a template or an event outside of it is left out
 * @throws ApiError pass_not_found if there never was such a pass
 */
export async function listPassChanges(
  db: Database,
  id: number,
  { cursor, limit }: PagePosition,
  scope: Scope | undefined,
): Promise<PassChanges> {
  const { googleInstalledAt, googleUninstalledAt } = passes;
  const { pass, rows } = await batchOf(db, {
    pass: db.select({ googleInstalledAt, googleUninstalledAt }).from(passes).where(eq(passes.id, id)),
    rows: selectNewestChanges(db, id, { cursor, limit: limit + 1 }, scope),
  });
  const [row] = pass;
  if (row === undefined) throw passNotFound(id);
  const items = rows.slice(0, limit).map(showChange);
  const google = {
    installedAt: instantOf(row.googleInstalledAt),
    uninstalledAt: instantOf(row.googleUninstalledAt),
  };
  return { items, hasMore: rows.length > limit, google };
}

/** Statement: the newest changes that concern the pass. */
export function selectNewestChanges(
  db: Database,
  id: number,
  position: PagePosition,
  scope: Scope | undefined,
) {
  return db
    .select(getTableColumns(changes))
    .from(sql`(${newestChanges(id, position, scope)}) AS listed`)
    .crossJoin(changes) // SQLite never reorders it
    .where(eq(changes.id, sql`listed.id`))
    .orderBy(desc(changes.id));
}

/** SQL: their ids. */
function newestChanges(id: number, { cursor, limit }: PagePosition, scope: Scope | undefined): SQL {
  const earlier = cursor === undefined ? sql`` : sql`AND id < ${cursor}`;
  const newestOf = (target: SQL) =>
    sql`SELECT id FROM (SELECT id FROM changes WHERE ${target} ${earlier} ORDER BY id DESC LIMIT ${limit})`;
  const own = sql`pass_id = ${id} AND template_id IS NULL AND event_id IS NULL`;
  // Changes before the issue of the pass are older than the pass. If the log no longer has its issue, all that are left are
  // newer.
  const first = sql`SELECT iif(kind = 'issued', id, 0) FROM changes WHERE ${own} ORDER BY id LIMIT 1`;
  const sinceIssued = sql`AND id > coalesce((${first}), 0)`;
  const ofTemplate = sql`pass_id IS NULL AND template_id = (${templateOf(id, scope)}) AND event_id IS NULL ${sinceIssued}`;
  const ofEvent = sql`pass_id IS NULL AND template_id IS NULL AND event_id = (${eventOf(id, scope)}) ${sinceIssued}`;
  return sql`${newestOf(own)} UNION ALL ${newestOf(ofTemplate)} UNION ALL ${newestOf(ofEvent)} ORDER BY id DESC LIMIT ${limit}`;
}

/** SQL: the id of the pass's template, if the key reaches it. */
function templateOf(id: number, scope: Scope | undefined): SQL {
  const ofPass = sql`SELECT template_id FROM passes WHERE passes.id = ${id}`;
  if (scope === undefined) return ofPass;
  return sql`SELECT templates.id FROM ${templates} WHERE templates.id = (${ofPass}) AND ${templatesWithin(scope)}`;
}

/** SQL: the id of the pass's event, if the key reaches it. */
function eventOf(id: number, scope: Scope | undefined): SQL {
  const ofPass = sql`SELECT event_id FROM passes WHERE passes.id = ${id}`;
  if (scope === undefined) return ofPass;
  return sql`SELECT events.id FROM ${events} WHERE events.id = (${ofPass}) AND ${eventsWithin(scope)}`;
}

/**
 * A row of the log as the API shows it. `at` is rounded up to a second (changes/times.ts), but `dispatchedAt` is
 * exact, and would seem to be before it.
 */
export function showChange(row: typeof changes.$inferSelect): LoggedChange {
  const { id, kind, passId, templateId, eventId, actor, detail } = row;
  const push = pushStateOf(row);
  const dispatchedAt = row.dispatchedAt === null ? null : Math.max(row.dispatchedAt, row.at);
  return {
    ...{ id, kind, passId, templateId, eventId, actor },
    redemptionId: detail,
    at: new Date(row.at).toISOString(),
    push,
    dueAt: instantOf(pushDueAt(row)),
    dispatchedAt: push === "silent" ? null : instantOf(dispatchedAt),
  };
}
