/**
 * The change log: the statements that make a change of what phones show one row, in the same D1 batch as the change
 * itself. The row's id is the update tag, the outbox entry and the audit line (db/schema.ts).
 *
 * It sends nothing (outbox.ts). Each statement here follows a conditional write and carries its own `changes() > 0`,
 * which SQLite answers for the statement before it: a write that lost its race leaves no row and moves no tag.
 *
 * The time: Last-Modified has a grain of one second, and phones echo it. So each change's `at` is a whole second,
 * later than that of everything which it overrides, and never earlier than now. Then Last-Modified rises with the tag.
 */
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { changes, passes, templates } from "../db/schema.ts";

export type ChangeKind = (typeof changes.kind.enumValues)[number];

export interface ChangeNote {
  readonly kind: ChangeKind;
  /** Who did it: the name of a key, never the key. */
  readonly actor: string;
  readonly detail?: string | undefined;
  /** Milliseconds. */
  readonly now: number;
}

/** What a change is of: a pass, or a template and with it all its passes. */
export type ChangeTarget =
  | { readonly passId: number; readonly templateId: null }
  | { readonly passId: null; readonly templateId: number };

/** A change that phones are to be told of. */
export interface RecordedChange {
  readonly changeId: number;
  /** Milliseconds; the job waits until then. */
  readonly pushAt: number;
}

/**
 * What a batch has recorded, if its conditional write wrote.
 * @param inserted the result of the statement that inserts the change
 * @param row the changed row as it stands at the end of the batch
 */
export function recordedChange(
  inserted: D1Result,
  row: { tag: number; pushAt: number },
): RecordedChange | undefined {
  return inserted.meta.changes > 0 ? { changeId: row.tag, pushAt: row.pushAt } : undefined;
}

/** iPhones throttle a pass type that pushes more often, and in the end ask their owner to switch it off. */
const PUSH_INTERVAL_MS = 60_000;

const SECOND_MS = 1000;
/** After a conditional write: did it write? */
const wroteBefore = sql`changes() > 0`;

/**
 * Statements for a pass that was just changed by the statement before them. A deletion is born dispatched: no list
 * names the pass any more, and a push that leads to nothing makes iPhones complain.
 */
export function passChanged(db: Database, passId: number, note: ChangeNote) {
  const at = sql`max(${seconds(note.now)}, ${passes.modifiedAt} + ${SECOND_MS}, ${templates.modifiedAt} + ${SECOND_MS})`;
  return [
    db.insert(changes).select(sql`
      SELECT NULL, ${passes.passTypeIdentifier}, ${note.kind}, ${passes.id}, NULL, ${note.actor}, ${note.detail ?? null},
        ${at}, ${slot(passes.pushAt, note.now)}, NULL, ${note.kind === "deleted" ? note.now : null}
      FROM ${passes} JOIN ${templates} ON ${templates.id} = ${passes.templateId}
      WHERE ${passes.id} = ${passId} AND ${wroteBefore}`),
    db
      .update(passes)
      .set({ ...stamp, updatedAt: note.now })
      .where(and(eq(passes.id, passId), wroteBefore)),
  ] as const;
}

/** Statements for a template that was just changed by the statement before them. Two rows, however many passes. */
export function templateChanged(db: Database, templateId: number, note: ChangeNote) {
  const latestPass = sql`(SELECT max(${passes.modifiedAt}) FROM ${passes} WHERE ${passes.templateId} = ${templates.id})`;
  const at = sql`max(${seconds(note.now)}, ${templates.modifiedAt} + ${SECOND_MS}, coalesce(${latestPass} + ${SECOND_MS}, 0))`;
  return [
    db.insert(changes).select(sql`
      SELECT NULL, ${templates.passTypeIdentifier}, ${note.kind}, NULL, ${templates.id}, ${note.actor}, ${note.detail ?? null},
        ${at}, ${slot(templates.pushAt, note.now)}, NULL, NULL
      FROM ${templates} WHERE ${templates.id} = ${templateId} AND ${wroteBefore}`),
    db
      .update(templates)
      .set({ ...stamp, updatedAt: note.now })
      .where(and(eq(templates.id, templateId), wroteBefore)),
  ] as const;
}

/** Statements for a pass that the statement before them inserted. Born dispatched: nobody listens yet. */
export function passIssued(db: Database, note: Omit<ChangeNote, "kind">) {
  return [
    db.insert(changes).select(sql`
      SELECT NULL, ${passes.passTypeIdentifier}, 'issued', ${passes.id}, NULL, ${note.actor}, NULL,
        max(${seconds(note.now)}, ${templates.modifiedAt}), ${note.now}, NULL, ${note.now}
      FROM ${passes} JOIN ${templates} ON ${templates.id} = ${passes.templateId}
      WHERE ${passes.id} = last_insert_rowid() AND ${wroteBefore}`),
    db
      .update(passes)
      .set({ tag: stamp.tag, modifiedAt: stamp.modifiedAt })
      .where(
        and(
          sql`${passes.id} = (SELECT ${changes.passId} FROM ${changes} WHERE ${changes.id} = last_insert_rowid())`,
          wroteBefore,
        ),
      ),
  ] as const;
}

/** Statements for a template that the statement before them inserted. */
export function templateMade(db: Database, note: Omit<ChangeNote, "kind">) {
  return [
    db.insert(changes).select(sql`
      SELECT NULL, ${templates.passTypeIdentifier}, 'made', NULL, ${templates.id}, ${note.actor}, NULL,
        ${seconds(note.now)}, ${note.now}, NULL, ${note.now}
      FROM ${templates} WHERE ${templates.id} = last_insert_rowid() AND ${wroteBefore}`),
    db
      .update(templates)
      .set({ tag: stamp.tag, modifiedAt: stamp.modifiedAt })
      .where(
        and(
          sql`${templates.id} = (SELECT ${changes.templateId} FROM ${changes} WHERE ${changes.id} = last_insert_rowid())`,
          wroteBefore,
        ),
      ),
  ] as const;
}

const lastChange = (column: typeof changes.at | typeof changes.pushAt) =>
  sql`(SELECT ${column} FROM ${changes} WHERE ${changes.id} = last_insert_rowid())`;

/** What the changed row takes over from the change row that was just inserted. */
const stamp = {
  tag: sql`last_insert_rowid()`,
  modifiedAt: lastChange(changes.at),
  pushAt: lastChange(changes.pushAt),
};

/** When to push: a push that is still to come carries this change too; else now, but a minute after the last one. */
function slot(pushAt: typeof passes.pushAt | typeof templates.pushAt, now: number) {
  return sql`CASE WHEN ${pushAt} > ${now} THEN ${pushAt} WHEN ${pushAt} = 0 THEN ${now} ELSE max(${now}, ${pushAt} + ${PUSH_INTERVAL_MS}) END`;
}

function seconds(now: number): number {
  return Math.ceil(now / SECOND_MS) * SECOND_MS;
}
