/**
 * Repairs the change log after a restore. The restored database is older than the one that it replaces. Phones have
 * update tags and Last-Modified times of the newer database, and the older one would use them again for other changes.
 * A phone with such a tag would miss every change with a lower id. So the log continues above every id that can have
 * been used, with a change of every template. Then no phone has a tag from the future, and every pass is listed and
 * fetched again.
 *
 * The ids of passes, templates and events continue a million later too. Google knows passes and classes by them: with an id of the
 * lost time, a new pass would replace the pass that another person has saved.
 *
 * This file sends nothing: the changes wait in the outbox, and the sweep sends them. Data that only the lost database
 * had (registrations, redemptions, voids, passes) is not recovered.
 */
import { and, gt, isNull, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import type { Database } from "../db/client.ts";
import { batchOfEffect, markIf } from "../db/requests.ts";
import { changes, templates } from "../db/schema.ts";
import { AUTOINCREMENT, selectInto } from "../db/select-into.ts";
import { writeJson } from "../json.ts";
import { TARGETS } from "./targets.ts";
import { laterThan, nextPushAt } from "./times.ts";

/** A number that is certainly greater than that of lost changes, and of lost passes. */
const STEP = 1_000_000;
/** The tables whose ids others know. */
const NAMED = writeJson(["passes", "templates", "events"]);
/**
 * Several changes within one second move Last-Modified ahead of the clock, one second per change. The lost database may
 * have been ahead.
 */
const LOST_AHEAD_MS = 60_000;

/**
 * Skips a million ids of the log and then records a change of every living template, in one batch. Each call skips again,
 * so the batch is not repeated after an error of D1, unless the request is marked. The operator may call it again.
 * @returns the newest tag. The tag of every pass is at most the number of templates below it.
 */
export async function moveBeyondLost(
  context: Pick<Context, "db" | "actor" | "now" | "request">,
): Promise<{ tag: number }> {
  const { db, actor, now } = context;
  // This includes the ids of rows that were deleted from the log.
  const greatest = sql`max((SELECT coalesce(max(${changes.id}), 0) FROM ${changes}),
    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0))`;
  const restored = {
    kind: "restored",
    actor,
    detail: null,
    passId: null,
    eventId: null,
    queuedAt: null,
  } as const;
  // Only the row that skips ids has no target.
  const lastStep = sql`(SELECT max(step.id) FROM changes AS step
    WHERE step.pass_id IS NULL AND step.template_id IS NULL AND step.event_id IS NULL)`;
  const group = {
    // Inserted as already dispatched. AUTOINCREMENT continues after its id (https://www.sqlite.org/autoinc.html).
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
          at: laterThan(now + LOST_AHEAD_MS, TARGETS.template.overrides),
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
    // SQLite has a row for each table that ever had one (https://www.sqlite.org/autoinc.html). drizzle's batch takes no parameters here.
    counted: db.run(
      sql.raw(`INSERT INTO sqlite_sequence (name, seq) SELECT value, 0 FROM json_each('${NAMED}')
      WHERE value NOT IN (SELECT name FROM sqlite_sequence)`),
    ),
    ids: db.run(
      sql.raw(
        `UPDATE sqlite_sequence SET seq = seq + ${STEP} WHERE name IN (SELECT value FROM json_each('${NAMED}'))`,
      ),
    ),
    newest: selectNewest(db),
    mark: markIf(context, "changes"),
  };
  const { newest } = await batchOfEffect(context, group, false);
  return { tag: newest[0]?.tag ?? 0 };
}

/** The newest tag of the log. */
export async function newestTag(db: Database): Promise<number> {
  const [newest] = await selectNewest(db);
  return newest?.tag ?? 0;
}

function selectNewest(db: Database) {
  return db.select({ tag: sql<number>`max(${changes.id})` }).from(changes);
}
