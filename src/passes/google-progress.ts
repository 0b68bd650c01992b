/**
 * How far the changes of a template or an event are at Google: how many of its objects wait. Up to a limit they are counted. Beyond it
 * the numbers are estimated from windows of ids that are spread over all, so that a campaign costs a few thousand rows to look at.
 */
import { type SQL, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { CALLS_PER_SECOND } from "../google-wallet/transport.ts";
import { writeJson } from "../json.ts";
import type { ReachedTarget } from "../push/reached.ts";

export interface GoogleProgress {
  /** What Google has of its passes. */
  readonly objects: { readonly count: number; readonly isExact: boolean };
  /** How many of them are not sent yet, or are repeated. */
  readonly waiting: number;
  /** How many Google refused for good. */
  readonly gaveUp: number;
  /** The same for its classes: what all of its passes have in common is one call. */
  readonly classes: { readonly waiting: number; readonly gaveUp: number };
  /** How long what waits takes at Google's pace, if nothing else waits. */
  readonly seconds: number;
}

export interface ProgressLimits {
  /** The most objects that are counted, and about the most that the windows have. */
  readonly counted: number;
  readonly windows: number;
}
const LIMITS: ProgressLimits = { counted: 10_000, windows: 500 };
const MAX_CLASSES = 500;

/**
 * SQL, a value: the last change that every reader of Google has read. Null without an issuer: each has a reader.
 */
export const READ_BY_GOOGLE = sql<
  number | null
>`(SELECT min(r.cursor) FROM readers AS r WHERE r.name >= 'google:' AND r.name < 'google;')`;

/**
 * One trip, or two if there are too many objects to count them.
 * @param hasUnread whether Google's readers have not read the newest change of the target
 */
export async function googleProgress(
  db: Database,
  { kind, id }: ReachedTarget,
  hasUnread: boolean,
  now: number,
  limits = LIMITS,
): Promise<GoogleProgress> {
  const isConcerned = kind === "template" ? sql`c.template_id = ${id}` : sql`c.event_id = ${id}`;
  const { classes, counted } = await batchOf(db, {
    classes: selectClasses(db, isConcerned, now),
    counted: selectCounted(db, isConcerned, now, limits.counted),
  });
  const [{ size, waiting, gaveUp } = { size: 0, waiting: 0, gaveUp: 0 }] = counted;
  const found =
    size <= limits.counted
      ? { objects: { count: size, isExact: true }, waiting, gaveUp }
      : await estimate(db, classes, now, limits);
  const waitingClasses = classes.filter(({ isWaiting }) => isWaiting === 1).length;
  const ofClasses = {
    waiting: Math.max(waitingClasses, hasUnread ? Math.min(classes.length, 1) : 0),
    gaveUp: classes.filter(({ hasFailed }) => hasFailed === 1).length,
  };
  const seconds = Math.ceil((found.waiting + ofClasses.waiting) / CALLS_PER_SECOND);
  return { ...found, classes: ofClasses, seconds };
}

/** Of each class, with the ids of its first and its last pass. */
function selectClasses(db: Database, isConcerned: SQL, now: number) {
  const end = (order: SQL) => sql`(SELECT o.pass_id FROM google_objects AS o WHERE o.issuer_id = c.issuer_id
    AND o.class_id = c.resource_id ORDER BY o.pass_id ${order} LIMIT 1)`;
  return db
    .select({
      issuerId: sql<string>`c.issuer_id`.as("of_issuer"),
      classId: sql<string>`c.resource_id`.as("of_class"),
      isWaiting:
        sql<number>`(coalesce(c.send_at <= ${now}, 0) OR c.attempts > 0) AND c.gave_up_at IS NULL`.as(
          "class_waits",
        ),
      hasFailed: sql<number>`c.gave_up_at IS NOT NULL`.as("class_failed"),
      first: sql<number | null>`${end(sql`ASC`)}`.as("first_pass"),
      staleThrough: sql<number | null>`c.stale_through`.as("stale_to"),
      last: sql<number | null>`${end(sql`DESC`)}`.as("last_pass"),
    })
    .from(sql`google_classes AS c`)
    .where(isConcerned)
    .limit(MAX_CLASSES);
}

/** SQL on google_objects. @param staleThrough of the class */
function countsOf(now: number, staleThrough: SQL) {
  const isWaiting = sql`o.gave_up_at IS NULL
    AND (o.send_at <= ${now} OR o.attempts > 0 OR ${staleThrough} < o.pass_id)`;
  return {
    size: sql<number>`count(*)`.as("size"),
    waiting: sql<number>`count(CASE WHEN ${isWaiting} THEN 1 END)`.as("waiting_objects"),
    gaveUp: sql<number>`count(o.gave_up_at)`.as("refused_objects"),
  };
}

function selectCounted(db: Database, isConcerned: SQL, now: number, limit: number) {
  const listed = sql`(SELECT o.rowid AS id, c.stale_through FROM google_classes AS c CROSS JOIN google_objects AS o
    WHERE ${isConcerned} AND o.issuer_id = c.issuer_id AND o.class_id = c.resource_id LIMIT ${limit + 1})`;
  return db
    .select(countsOf(now, sql`listed.stale_through`))
    .from(sql`${listed} AS listed CROSS JOIN google_objects AS o ON o.rowid = listed.id`);
}

type ClassRow = Awaited<ReturnType<typeof selectClasses>>[number];

/** Each pass has one object of a class at most, so windows never have more objects than ids. */
async function estimate(db: Database, classes: readonly ClassRow[], now: number, limits: ProgressLimits) {
  const spans = classes.flatMap(({ first, last, ...of }) =>
    first === null || last === null ? [] : [{ ...of, first, ids: last - first + 1 }],
  );
  const part = Math.min(1, limits.counted / spans.reduce((sum, { ids }) => sum + ids, 0));
  const perClass = Math.max(1, Math.floor(limits.windows / spans.length));
  const windows = spans.flatMap(({ issuerId, classId, staleThrough, first, ids }) => {
    const step = ids / perClass;
    return Array.from({ length: perClass }, (_, n) => {
      const from = first + step * (n + (1 - part) / 2);
      return { issuerId, classId, staleThrough, from, to: from + step * part };
    });
  });
  const [seen = { size: 0, waiting: 0, gaveUp: 0 }] = await db
    .select(countsOf(now, sql`w.value ->> 'staleThrough'`))
    .from(
      sql`json_each(${writeJson(windows)}) AS w CROSS JOIN google_objects AS o
        ON o.issuer_id = w.value ->> 'issuerId' AND o.class_id = w.value ->> 'classId'
        AND o.pass_id >= w.value ->> 'from' AND o.pass_id < w.value ->> 'to'`,
    );
  const all = (count: number) => Math.round(count / part);
  return {
    objects: { count: Math.max(all(seen.size), limits.counted + 1), isExact: false },
    waiting: all(seen.waiting),
    gaveUp: all(seen.gaveUp),
  };
}
