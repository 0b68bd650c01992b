/**
 * The change log: every change of what phones show is one row, inserted in the same D1 batch as the change itself. The
 * row's id is the update tag, the outbox entry and the audit line (db/schema.ts). outbox.ts sends the changes.
 *
 * A change is three statements that belong together: the conditional write, the insert of its row, and the stamp that
 * copies the row's id and times to what was written. `recorded` and `created` return them as one group, because the
 * second and the third depend on SQLite's `changes()`, the row count of the statement directly before: a write whose
 * condition fails inserts no row and changes no tag.
 *
 * Last-Modified is in whole seconds, and phones send it back unchanged. So each change's `at` is a whole second, later than
 * the `at` of everything that it overrides, and never earlier than now. Then Last-Modified rises with the tag.
 */
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Context, RecordedChange } from "../context.ts";
import type { Statement } from "../db/batch.ts";
import { changes, events, passes, templates } from "../db/schema.ts";
import { AUTOINCREMENT, selectInto } from "../db/select-into.ts";

export type ChangeKind = (typeof changes.kind.enumValues)[number];

/**
 * The target of a change: a pass, or a template or an event with all of its passes. Exactly one of the three is set.
 */
export interface ChangeTarget {
  readonly passId: number | null;
  readonly templateId: number | null;
  readonly eventId: number | null;
}

/** The actor and the time of a write. */
type Writer = Pick<Context, "db" | "actor" | "now">;

export interface ChangeNote {
  readonly kind: ChangeKind;
  readonly detail?: string | undefined;
}

/** iPhones throttle a pass type that pushes more often, and finally ask their owners to turn its updates off. */
const PUSH_INTERVAL_MS = 60_000;
const SECOND_MS = 1000;

/** Whether the previous statement wrote something. */
const WROTE = sql`changes() > 0`;

/** The differences between the three kinds of targets. */
const TARGETS = {
  pass: {
    table: passes,
    ids: { passId: passes.id, templateId: null, eventId: null },
    logColumn: changes.passId,
    passTypeIdentifier: passes.passTypeIdentifier,
    /** A pass with its template and its event. */
    from: sql`${passes} JOIN ${templates} ON ${templates.id} = ${passes.templateId}
      LEFT JOIN ${events} ON ${events.id} = ${passes.eventId}`,
    /** A change must be later than all of these. */
    overrides: [passes.modifiedAt, templates.modifiedAt, events.modifiedAt],
    createdAs: "issued",
    /** A new row must not be earlier than these. */
    inherits: [templates.modifiedAt, events.modifiedAt],
  },
  template: {
    table: templates,
    ids: { passId: null, templateId: templates.id, eventId: null },
    logColumn: changes.templateId,
    passTypeIdentifier: templates.passTypeIdentifier,
    from: sql`${templates}`,
    overrides: [
      templates.modifiedAt,
      sql`(SELECT max(${passes.modifiedAt}) FROM ${passes} WHERE ${passes.templateId} = ${templates.id})`,
      // Over all events: an index gives their maximum in one step, but no index finds the events that have passes of
      // this template.
      sql`(SELECT max(${events.modifiedAt}) FROM ${events})`,
    ],
    createdAs: "made",
    inherits: [],
  },
  event: {
    table: events,
    ids: { passId: null, templateId: null, eventId: events.id },
    logColumn: changes.eventId,
    /** An event's passes may be of several pass types. */
    passTypeIdentifier: sql<string>`''`,
    from: sql`${events}`,
    overrides: [
      events.modifiedAt,
      sql`(SELECT max(${passes.modifiedAt}) FROM ${passes} WHERE ${passes.eventId} = ${events.id})`,
      sql`(SELECT max(${templates.modifiedAt}) FROM ${templates})`,
    ],
    createdAs: "made",
    inherits: [],
  },
} as const;

export type TargetKind = keyof typeof TARGETS;

/**
 * A conditional write of an existing row, with its change row and its stamp: three statements for a batch
 * (db/batch.ts). A template or an event costs two rows, however many passes it has. The deletion of a pass is inserted
 * as already dispatched: no list of updates contains the pass any more, and iPhones log an error for a push without an
 * update.
 * @param write the UPDATE of the target's row, with the condition in its WHERE
 * @param follow a statement that depends on whether the write changed a row
 */
export function recorded<Write extends Statement, Followed extends Statement | undefined = undefined>(
  { db, actor, now }: Writer,
  write: Write,
  target: { readonly kind: TargetKind; readonly id: number },
  note: ChangeNote,
  follow?: (wrote: SQL) => Followed,
) {
  const { table, ids, passTypeIdentifier, from, overrides } = TARGETS[target.kind];
  const isDispatched = target.kind === "pass" && note.kind === "deleted";
  const row = selectInto(
    changes,
    {
      id: AUTOINCREMENT,
      passTypeIdentifier,
      kind: note.kind,
      ...ids,
      actor,
      detail: note.detail ?? null,
      at: after(now, ...overrides),
      pushAt: nextPushAt(table.pushAt, now),
      queuedAt: null,
      dispatchedAt: isDispatched ? now : null,
    },
    sql`FROM ${from} WHERE ${table.id} = ${target.id} AND ${WROTE}`,
  );
  const stamp = { ...STAMP, pushAt: lastChange(changes.pushAt), updatedAt: now };
  return {
    write,
    logged: db.insert(changes).select(row),
    stamped: db
      .update(table)
      .set(stamp)
      .where(and(eq(table.id, target.id), WROTE)),
    followed: follow?.(WROTE) as Followed,
  };
}

/**
 * The insert of a new row, with its change row and its stamp. The change is inserted as already dispatched: no phone is
 * registered yet.
 * @param write the INSERT; it may insert nothing
 * @param follow as for `recorded`; `id` is the new row's
 */
export function created<Write extends Statement, Followed extends Statement | undefined = undefined>(
  { db, actor, now }: Writer,
  write: Write,
  kind: TargetKind,
  follow?: (wrote: SQL, id: SQL) => Followed,
) {
  const { table, ids, logColumn, passTypeIdentifier, from, createdAs, inherits } = TARGETS[kind];
  const row = selectInto(
    changes,
    {
      id: AUTOINCREMENT,
      passTypeIdentifier,
      kind: createdAs,
      ...ids,
      actor,
      detail: null,
      at: latest(wholeSeconds(now), ...inherits),
      pushAt: now,
      queuedAt: null,
      dispatchedAt: now,
    },
    sql`FROM ${from} WHERE ${table.id} = last_insert_rowid() AND ${WROTE}`,
  );
  const id = lastChange(logColumn);
  return {
    write,
    logged: db.insert(changes).select(row),
    stamped: db
      .update(table)
      .set(STAMP)
      .where(and(sql`${table.id} = ${id}`, WROTE)),
    followed: follow?.(WROTE, id) as Followed,
  };
}

/**
 * The change that a batch has recorded; undefined if its conditional write changed nothing.
 * @param group the result of `recorded`
 * @param row the changed row at the end of the batch
 */
export function recordedChange(
  group: { readonly logged: D1Result },
  row: { readonly tag: number; readonly pushAt: number },
): RecordedChange | undefined {
  return group.logged.meta.changes > 0 ? { changeId: row.tag, pushAt: row.pushAt } : undefined;
}

/** A column of the change row that was just inserted. */
function lastChange(column: SQLiteColumn): SQL {
  return sql`(SELECT ${column} FROM ${changes} WHERE ${changes.id} = last_insert_rowid())`;
}

/** The columns that the stamp copies from the change row. */
const STAMP = { tag: sql`last_insert_rowid()`, modifiedAt: lastChange(changes.at) };

/** SQL: the current time in whole seconds, but at least one second later than each of these that is not null. */
export function after(now: number, ...overridden: readonly (SQLiteColumn | SQL)[]): SQL {
  return latest(wholeSeconds(now), ...overridden.map((at) => sql`${at} + ${SECOND_MS}`));
}

function latest(at: number, ...others: readonly (SQLiteColumn | SQL)[]): SQL {
  if (others.length === 0) return sql`${at}`; // with one argument, max would be an aggregate function
  return sql`max(${at}, ${sql.join(
    others.map((other) => sql`coalesce(${other}, 0)`),
    sql`, `,
  )})`;
}

/**
 * SQL: when to push. A push that is already planned covers this change too. Otherwise push now, but at least a minute
 * after the last push.
 * @param pushAt when the last push of the target was or will be sent; 0 if there was none
 */
export function nextPushAt(pushAt: SQLiteColumn, now: number): SQL {
  return sql`CASE WHEN ${pushAt} > ${now} THEN ${pushAt} WHEN ${pushAt} = 0 THEN ${now} ELSE max(${now}, ${pushAt} + ${PUSH_INTERVAL_MS}) END`;
}

function wholeSeconds(now: number): number {
  return Math.ceil(now / SECOND_MS) * SECOND_MS;
}
