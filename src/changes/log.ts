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
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Database } from "../db/client.ts";
import { changes, events, passes, templates } from "../db/schema.ts";

export type ChangeKind = (typeof changes.kind.enumValues)[number];

export interface ChangeNote {
  readonly kind: ChangeKind;
  /** Who did it: the name of a key, never the key. */
  readonly actor: string;
  readonly detail?: string | undefined;
  /** Milliseconds. */
  readonly now: number;
}

/** What a change is of: a pass, or a template or an event and with it all its passes. One of the three. */
export interface ChangeTarget {
  readonly passId: number | null;
  readonly templateId: number | null;
  readonly eventId: number | null;
}

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
  const at = after(note.now, passes.modifiedAt, templates.modifiedAt, events.modifiedAt);
  return [
    db.insert(changes).select(sql`
      SELECT NULL, ${passes.passTypeIdentifier}, ${note.kind}, ${passes.id}, NULL, NULL, ${note.actor},
        ${note.detail ?? null}, ${at}, ${slot(passes.pushAt, note.now)}, NULL,
        ${note.kind === "deleted" ? note.now : null}
      FROM ${passInContext} WHERE ${passes.id} = ${passId} AND ${wroteBefore}`),
    db
      .update(passes)
      .set({ ...stamp, updatedAt: note.now })
      .where(and(eq(passes.id, passId), wroteBefore)),
  ] as const;
}

/** Statements for a template that was just changed by the statement before them. Two rows, however many passes. */
export function templateChanged(db: Database, templateId: number, note: ChangeNote) {
  const ofPasses = sql`(SELECT max(${passes.modifiedAt}) FROM ${passes} WHERE ${passes.templateId} = ${templateId})`;
  // Of all events, since an index answers that in one step: which of them have passes of this template it does not.
  const ofEvents = sql`(SELECT max(${events.modifiedAt}) FROM ${events})`;
  return [
    db.insert(changes).select(sql`
      SELECT NULL, ${templates.passTypeIdentifier}, ${note.kind}, NULL, ${templates.id}, NULL, ${note.actor},
        ${note.detail ?? null}, ${after(note.now, templates.modifiedAt, ofPasses, ofEvents)},
        ${slot(templates.pushAt, note.now)}, NULL, NULL
      FROM ${templates} WHERE ${templates.id} = ${templateId} AND ${wroteBefore}`),
    db
      .update(templates)
      .set({ ...stamp, updatedAt: note.now })
      .where(and(eq(templates.id, templateId), wroteBefore)),
  ] as const;
}

/** Statements for an event that was just changed, or ended, by the statement before them. As for a template. */
export function eventChanged(db: Database, eventId: number, note: ChangeNote) {
  const ofPasses = sql`(SELECT max(${passes.modifiedAt}) FROM ${passes} WHERE ${passes.eventId} = ${eventId})`;
  const ofTemplates = sql`(SELECT max(${templates.modifiedAt}) FROM ${templates})`;
  return [
    db.insert(changes).select(sql`
      SELECT NULL, '', ${note.kind}, NULL, NULL, ${events.id}, ${note.actor},
        ${note.detail ?? null}, ${after(note.now, events.modifiedAt, ofPasses, ofTemplates)},
        ${slot(events.pushAt, note.now)}, NULL, NULL
      FROM ${events} WHERE ${events.id} = ${eventId} AND ${wroteBefore}`),
    db
      .update(events)
      .set({ ...stamp, updatedAt: note.now })
      .where(and(eq(events.id, eventId), wroteBefore)),
  ] as const;
}

/** Statements for a pass that the statement before them inserted. Born dispatched: nobody listens yet. */
export function passIssued(db: Database, note: Omit<ChangeNote, "kind">) {
  return [
    db.insert(changes).select(sql`
      SELECT NULL, ${passes.passTypeIdentifier}, 'issued', ${passes.id}, NULL, NULL, ${note.actor}, NULL,
        max(${seconds(note.now)}, ${templates.modifiedAt}, coalesce(${events.modifiedAt}, 0)), ${note.now}, NULL, ${note.now}
      FROM ${passInContext} WHERE ${passes.id} = last_insert_rowid() AND ${wroteBefore}`),
    db
      .update(passes)
      .set(bornWith)
      .where(and(sql`${passes.id} = ${lastChange(changes.passId)}`, wroteBefore)),
  ] as const;
}

/** Statements for a template that the statement before them inserted. */
export function templateMade(db: Database, note: Omit<ChangeNote, "kind">) {
  return [
    db.insert(changes).select(sql`
      SELECT NULL, ${templates.passTypeIdentifier}, 'made', NULL, ${templates.id}, NULL, ${note.actor}, NULL,
        ${seconds(note.now)}, ${note.now}, NULL, ${note.now}
      FROM ${templates} WHERE ${templates.id} = last_insert_rowid() AND ${wroteBefore}`),
    db
      .update(templates)
      .set(bornWith)
      .where(and(sql`${templates.id} = ${lastChange(changes.templateId)}`, wroteBefore)),
  ] as const;
}

/** Statements for an event that the statement before them inserted. */
export function eventMade(db: Database, note: Omit<ChangeNote, "kind">) {
  return [
    db.insert(changes).select(sql`
      SELECT NULL, '', 'made', NULL, NULL, ${events.id}, ${note.actor}, NULL,
        ${seconds(note.now)}, ${note.now}, NULL, ${note.now}
      FROM ${events} WHERE ${events.id} = last_insert_rowid() AND ${wroteBefore}`),
    db
      .update(events)
      .set(bornWith)
      .where(and(sql`${events.id} = ${lastChange(changes.eventId)}`, wroteBefore)),
  ] as const;
}

/** A pass with the two rows that it is rendered over. */
const passInContext = sql`${passes} JOIN ${templates} ON ${templates.id} = ${passes.templateId}
  LEFT JOIN ${events} ON ${events.id} = ${passes.eventId}`;

const lastChange = (column: SQLiteColumn) =>
  sql`(SELECT ${column} FROM ${changes} WHERE ${changes.id} = last_insert_rowid())`;

/** What a new row takes over from the change row that was just inserted. */
const bornWith = { tag: sql`last_insert_rowid()`, modifiedAt: lastChange(changes.at) };

/** What a changed row does: also when its push is due. */
const stamp = { ...bornWith, pushAt: lastChange(changes.pushAt) };

/** Now, in whole seconds, but a second later than each of these that is there. */
export function after(now: number, ...overridden: (SQLiteColumn | SQL)[]): SQL {
  const each = overridden.map((modifiedAt) => sql`coalesce(${modifiedAt}, 0) + ${SECOND_MS}`);
  return sql`max(${seconds(now)}, ${sql.join(each, sql`, `)})`;
}

/** When to push: a push that is still to come carries this change too; else now, but a minute after the last one. */
export function slot(pushAt: SQLiteColumn, now: number): SQL {
  return sql`CASE WHEN ${pushAt} > ${now} THEN ${pushAt} WHEN ${pushAt} = 0 THEN ${now} ELSE max(${now}, ${pushAt} + ${PUSH_INTERVAL_MS}) END`;
}

function seconds(now: number): number {
  return Math.ceil(now / SECOND_MS) * SECOND_MS;
}
