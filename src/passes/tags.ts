/**
 * Tags of passes: the operator's own words, to find passes by. Statements for a batch.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { passes, passTags } from "../db/schema.ts";
import { selectInto } from "../db/select-into.ts";
import { writeJson } from "../json.ts";

/** Adds the tags to the pass for which the condition is true. @param condition SQL on passes */
export function addTags(db: Database, tags: readonly string[], condition: SQL | undefined) {
  return db
    .insert(passTags)
    .select(
      selectInto(
        passTags,
        { passId: passes.id, tag: sql`tag.value` },
        sql`FROM ${passes}, json_each(${writeJson(tags)}) AS tag WHERE ${condition}`,
      ),
    )
    .onConflictDoNothing();
}

/**
 * Two statements that leave exactly these tags; none if there is nothing to replace.
 * @param condition SQL on passes: true for this pass alone, or for none
 */
export function replaceTags(
  db: Database,
  id: number,
  tags: readonly string[] | undefined,
  condition: SQL | undefined,
) {
  if (tags === undefined) return { removedTags: undefined, addedTags: undefined };
  return {
    removedTags: db.delete(passTags).where(
      sql`${passTags.passId} = ${id} AND ${passTags.tag} NOT IN (SELECT value FROM json_each(${writeJson(tags)}))
        AND EXISTS (SELECT 1 FROM ${passes} WHERE ${condition})`,
    ),
    addedTags: addTags(db, tags, condition),
  };
}
