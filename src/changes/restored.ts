/**
 * After an older database was put in place of a newer one: phones hold update tags and Last-Modified times that the
 * newer one gave out, and this one would give out again, for other changes. A phone that holds such a tag is not told
 * of what gets an id below it. So the log goes on above all that can have been given, and every template with it: no
 * phone holds a tag from the future, and every pass is listed and fetched anew.
 *
 * It sends nothing: the changes wait in the outbox like any others, and its sweep tells of them. What only the lost
 * database knew (its registrations, redemptions and passes) does not come back by it.
 */
import { and, gt, isNull, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { changes, events, passes, templates } from "../db/schema.ts";
import { after, type ChangeNote, slot } from "./log.ts";

/** More changes than can have been lost between a backup and the end of what came after it. */
const STEP = 1_000_000;
/** Last-Modified runs ahead of the clock by a second for each change within one second: so did the lost one. */
const LOST_AHEAD_MS = 60_000;

/**
 * Moves the log on by a step, and every living template behind it, in one batch. Called again, by another step.
 * @returns the newest tag; every pass shows a change that is no more than the number of templates below it
 */
export async function moveBeyondLost(
  db: Database,
  { actor, now }: Pick<ChangeNote, "actor" | "now">,
): Promise<{ tag: number }> {
  // Rows may be gone from the log, and their ids were given out all the same.
  const greatest = sql`max((SELECT coalesce(max(${changes.id}), 0) FROM ${changes}),
    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0))`;
  const ofPasses = sql`(SELECT max(${passes.modifiedAt}) FROM ${passes} WHERE ${passes.templateId} = ${templates.id})`;
  const ofEvents = sql`(SELECT max(${events.modifiedAt}) FROM ${events})`;
  const at = after(now + LOST_AHEAD_MS, templates.modifiedAt, ofPasses, ofEvents);
  // The first row below is the only kind that is of nothing.
  const step = sql`(SELECT max(step.id) FROM changes AS step
    WHERE step.pass_id IS NULL AND step.template_id IS NULL AND step.event_id IS NULL)`;
  const [, , , newest] = await db.batch([
    // Told to nobody. AUTOINCREMENT goes on above it (https://www.sqlite.org/autoinc.html).
    db.insert(changes).select(sql`
      SELECT ${greatest} + ${STEP}, '', 'restored', NULL, NULL, NULL, ${actor}, NULL, ${now}, ${now}, NULL, ${now}`),
    db.insert(changes).select(sql`
      SELECT NULL, ${templates.passTypeIdentifier}, 'restored', NULL, ${templates.id}, NULL, ${actor}, NULL,
        ${at}, ${slot(templates.pushAt, now)}, NULL, NULL
      FROM ${templates} WHERE ${isNull(templates.deletedAt)}`),
    db
      .update(templates)
      .set({ tag: sql`${changes.id}`, modifiedAt: sql`${changes.at}`, pushAt: sql`${changes.pushAt}` })
      .from(changes)
      .where(and(sql`${changes.templateId} = ${templates.id}`, gt(changes.id, step))),
    db.select({ tag: sql<number>`max(${changes.id})` }).from(changes),
  ]);
  return { tag: newest[0]?.tag ?? 0 };
}
