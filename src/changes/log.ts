/**
 * The change log: every change of what phones show is one row, inserted in the same D1 batch as the change itself. The
 * row's id is the update tag, the outbox entry and the audit line (db/schema.ts). outbox.ts sends the changes.
 *
 * A change is three statements that belong together: the conditional write, the insert of its row, and the stamp that
 * copies the row's id and times to what was written. `recordChange` and `recordCreation` return them as one chain
 * (db/chain.ts), because each depends on whether the one before wrote something: a write that lost its race leaves no row
 * and moves no tag.
 *
 * The kinds of targets are in targets.ts, and the times of a change in times.ts.
 */
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Context, RecordedChange } from "../context.ts";
import type { Statement } from "../db/batch.ts";
import { chain } from "../db/chain.ts";
import { markIf } from "../db/requests.ts";
import { changes, passes } from "../db/schema.ts";
import { AUTOINCREMENT, selectInto } from "../db/select-into.ts";
import { TARGETS, type TargetKind } from "./targets.ts";
import { laterThan, nextPushAt, notEarlierThan } from "./times.ts";

export type ChangeKind = (typeof changes.kind.enumValues)[number];

/** The actor and the time of a write. A write that raises no revision has no `writeId` (db/revisions.ts). */
export type Writer = Pick<Context, "db" | "actor" | "now" | "request"> & {
  readonly writeId?: number | undefined;
};

export interface ChangeNote {
  readonly kind: ChangeKind;
  readonly detail?: string | undefined;
}

/**
 * A conditional write of an existing row, with its change row and its stamp: three statements for a batch
 * (db/batch.ts). A template or an event costs two rows, however many passes it has. The deletion of a pass is inserted
 * as already dispatched: no list of updates contains the pass any more, and iPhones log an error for a push without an
 * update.
 * @param write the UPDATE of the target's row, with the condition in its WHERE
 * @param follow a statement that depends on whether the write changed a row
 */
export function recordChange<Write extends Statement, Followed extends Statement | undefined = undefined>(
  { db, actor, now, writeId }: Writer,
  write: Write,
  target: { readonly kind: TargetKind; readonly id: number },
  note: ChangeNote,
  follow?: (wrote: SQL) => Followed,
) {
  const { table, from } = TARGETS[target.kind];
  const isDispatched = target.kind === "pass" && note.kind === "deleted";
  const values = {
    ...changeValues({ actor, now }, target.kind, note),
    dispatchedAt: isDispatched ? now : null,
  };
  const row = (wrote: SQL) =>
    selectInto(changes, values, sql`FROM ${from} WHERE ${table.id} = ${target.id} AND ${wrote}`);
  const stamp = { ...STAMP, pushAt: lastChange(changes.pushAt), updatedAt: now, writeId };
  return chain({
    write,
    logged: (wrote) => db.insert(changes).select(row(wrote)),
    stamped: (wrote) =>
      db
        .update(table)
        .set(stamp)
        .where(and(eq(table.id, target.id), wrote)),
    followed: (wrote) => follow?.(wrote) as Followed,
  });
}

/** The HTTP status of the answer to a request that creates something. */
const CREATED = 201;

/**
 * The insert of a new row, with its change row, its stamp, and the mark of its request. The change is inserted as already
 * dispatched: no phone is registered yet.
 * @param write the INSERT; it may insert nothing
 * @param follow as for `recordChange`; `id` is the new row's
 */
export function recordCreation<Write extends Statement, Followed extends Statement | undefined = undefined>(
  context: Writer,
  write: Write,
  kind: TargetKind,
  follow?: (wrote: SQL, id: SQL) => Followed,
) {
  const { db, actor, now } = context;
  const { table, ids, logColumn, passTypeIdentifier, from, createdAs, inherits } = TARGETS[kind];
  const row = (wrote: SQL) =>
    selectInto(
      changes,
      {
        id: AUTOINCREMENT,
        passTypeIdentifier,
        kind: createdAs,
        ...ids,
        actor,
        detail: null,
        at: notEarlierThan(now, inherits),
        pushAt: now,
        queuedAt: null,
        dispatchedAt: now,
      },
      sql`FROM ${from} WHERE ${table.id} = last_insert_rowid() AND ${wrote}`,
    );
  const id = lastChange(logColumn);
  return chain({
    write,
    logged: (wrote) => db.insert(changes).select(row(wrote)),
    stamped: (wrote) =>
      db
        .update(table)
        .set(STAMP)
        .where(and(sql`${table.id} = ${id}`, wrote)),
    followed: (wrote) => follow?.(wrote, id) as Followed,
    // The last one, because its insert changes last_insert_rowid(). So may an insert of `followed`.
    marked: (wrote) => markIf(context, newestChange(logColumn), sql`WHERE ${wrote}`, CREATED),
  });
}

/**
 * A row about a pass that changes nothing on phones: it is inserted as already dispatched, and the pass keeps its tag.
 * @param condition which pass; the row is inserted only if there is one
 */
export function recordUnseen(
  { db, actor, now }: Pick<Writer, "db" | "actor" | "now">,
  kind: ChangeKind,
  condition: SQL | undefined,
) {
  const row = {
    id: AUTOINCREMENT,
    passTypeIdentifier: passes.passTypeIdentifier,
    kind,
    passId: passes.id,
    templateId: null,
    eventId: null,
    actor,
    detail: null,
    at: now,
    pushAt: now,
    queuedAt: null,
    dispatchedAt: now,
  };
  return db.insert(changes).select(selectInto(changes, row, sql`FROM ${passes} WHERE ${condition}`));
}

/**
 * The change that a batch has recorded; undefined if its conditional write changed nothing.
 * @param group the result of `recordChange`
 * @param row the changed row at the end of the batch
 */
export function recordedChange(
  group: { readonly logged: D1Result },
  row: { readonly tag: number; readonly pushAt: number },
): RecordedChange | undefined {
  return group.logged.meta.changes > 0 ? { changeId: row.tag, pushAt: row.pushAt } : undefined;
}

/** The columns of the row of a change that is not dispatched, for a SELECT from the target. */
export function changeValues(
  { actor, now }: Pick<Writer, "actor" | "now">,
  kind: TargetKind,
  note: ChangeNote,
  alsoOverrides: readonly SQL[] = [],
) {
  const { table, ids, passTypeIdentifier, overrides } = TARGETS[kind];
  return {
    id: AUTOINCREMENT,
    passTypeIdentifier,
    kind: note.kind,
    ...ids,
    actor,
    detail: note.detail ?? null,
    at: laterThan(now, [...overrides, ...alsoOverrides]),
    pushAt: nextPushAt(table.pushAt, now),
    queuedAt: null,
    dispatchedAt: null,
  };
}

/** A column of the change row that was just inserted. */
function lastChange(column: SQLiteColumn): SQL {
  return sql`(SELECT ${column} FROM ${changes} WHERE ${changes.id} = last_insert_rowid())`;
}

/** The same, after other rows were inserted in the same batch. */
function newestChange(column: SQLiteColumn): SQL {
  return sql`(SELECT ${column} FROM ${changes} WHERE ${changes.id} = (SELECT max(id) FROM changes))`;
}

/** The columns that the stamp copies from the change row. */
const STAMP = { tag: sql`last_insert_rowid()`, modifiedAt: lastChange(changes.at) };
