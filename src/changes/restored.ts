/**
 * After an older database was restored in place of a newer one: phones hold update tags and Last-Modified times that the
 * newer one gave out, and the older one would give out again, for other changes. A phone that holds such a tag would miss
 * every change whose id is below it. So the log continues above all ids that can have been given out, and every template
 * with it: no phone holds a tag from the future, and every pass is listed and fetched again.
 *
 * Nothing is sent from here: the changes wait in the outbox like any others, and its sweep sends them. What only the lost
 * database knew (registrations, redemptions, passes) does not come back.
 */
import { and, gt, isNull, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import { changes, events, passes, templates } from "../db/schema.ts";
import { AUTOINCREMENT, selectInto } from "../db/select-into.ts";
import { after, nextPushAt } from "./log.ts";

/** More changes than can have been lost between a backup and the end of the database that came after it. */
const STEP = 1_000_000;
/** Last-Modified runs ahead of the clock by a second for each change within one second. The lost one did so too. */
const LOST_AHEAD_MS = 60_000;

/**
 * Moves the log on by a step, and every living template behind it, in one batch. Each call moves it by another step.
 * @returns the newest tag; every pass shows a change that is no more than the number of templates below it
 */
export async function moveBeyondLost({
  db,
  actor,
  now,
}: Pick<Context, "db" | "actor" | "now">): Promise<{ tag: number }> {
  // Rows may be gone from the log, but their ids were given out.
  const greatest = sql`max((SELECT coalesce(max(${changes.id}), 0) FROM ${changes}),
    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0))`;
  const ofPasses = sql`(SELECT max(${passes.modifiedAt}) FROM ${passes} WHERE ${passes.templateId} = ${templates.id})`;
  const ofEvents = sql`(SELECT max(${events.modifiedAt}) FROM ${events})`;
  const restored = {
    kind: "restored",
    actor,
    detail: null,
    passId: null,
    eventId: null,
    queuedAt: null,
  } as const;
  // Only a step has no target.
  const lastStep = sql`(SELECT max(step.id) FROM changes AS step
    WHERE step.pass_id IS NULL AND step.template_id IS NULL AND step.event_id IS NULL)`;
  const { newest } = await batchOf(db, {
    // Sent to nobody. AUTOINCREMENT continues above it (https://www.sqlite.org/autoinc.html).
    step: db.insert(changes).select(
      selectInto(changes, {
        ...restored,
        id: sql`${greatest} + ${STEP}`,
        passTypeIdentifier: "",
        templateId: null,
        at: now,
        pushAt: now,
        dispatchedAt: now,
      }),
    ),
    templates: db.insert(changes).select(
      selectInto(
        changes,
        {
          ...restored,
          id: AUTOINCREMENT,
          passTypeIdentifier: templates.passTypeIdentifier,
          templateId: templates.id,
          at: after(now + LOST_AHEAD_MS, templates.modifiedAt, ofPasses, ofEvents),
          pushAt: nextPushAt(templates.pushAt, now),
          dispatchedAt: null,
        },
        sql`FROM ${templates} WHERE ${isNull(templates.deletedAt)}`,
      ),
    ),
    stamped: db
      .update(templates)
      .set({ tag: sql`${changes.id}`, modifiedAt: sql`${changes.at}`, pushAt: sql`${changes.pushAt}` })
      .from(changes)
      .where(and(sql`${changes.templateId} = ${templates.id}`, gt(changes.id, lastStep))),
    newest: db.select({ tag: sql<number>`max(${changes.id})` }).from(changes),
  });
  return { tag: newest[0]?.tag ?? 0 };
}
