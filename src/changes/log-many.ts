/**
 * The same change of many passes. log.ts is for the change of one pass,
 * template or event.
 */
import { and, eq, gt, isNull, type SQL, sql } from "drizzle-orm";
import type { SQLiteUpdateSetSource } from "drizzle-orm/sqlite-core";
import { changes, type passes } from "../db/schema.ts";
import { selectInto } from "../db/select-into.ts";
import { changeValues, type Writer } from "./log.ts";
import { TARGETS } from "./targets.ts";

interface PassesChange {
  /** SQL on passes: finds the passes by their ids. */
  readonly areListed: SQL | undefined;
  /** SQL on passes: which of them are changed. */
  readonly where: SQL | undefined;
  /** SQL: the changes are later than these times too. */
  readonly overrides: readonly SQL[];
  /** What is written. */
  readonly set: SQLiteUpdateSetSource<typeof passes>;
}

/**
 * The same change of many passes: their change rows, and the write, which also stamps them. Two statements for a batch, however
 * many passes there are. Here the rows come first, so each is computed from its pass as it was before the write.
 *
 * Every row of the kind "changed" is stamped in its own batch. So those that are newer than the tag of their pass are the rows of
 * the first statement.
 */
export function recordChanges(
  { db, actor, now, writeId }: Writer,
  { areListed, where, overrides, set }: PassesChange,
) {
  const { table, from } = TARGETS.pass;
  const values = changeValues({ actor, now }, "pass", { kind: "changed" }, overrides);
  const isNew = and(
    eq(changes.passId, table.id),
    isNull(changes.templateId),
    isNull(changes.eventId),
    gt(changes.id, table.tag),
    eq(changes.kind, "changed"),
  );
  return {
    logged: db
      .insert(changes)
      .select(selectInto(changes, values, sql`FROM ${from} WHERE ${and(areListed, where)}`))
      .returning({ changeId: changes.id, pushAt: changes.pushAt }),
    stamped: db
      .update(table)
      .set({
        ...set,
        tag: sql`${changes.id}`,
        modifiedAt: sql`${changes.at}`,
        pushAt: sql`${changes.pushAt}`,
        updatedAt: now,
        writeId,
      })
      .from(changes)
      .where(and(areListed, isNew)),
  };
}
