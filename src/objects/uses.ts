/**
 * Which objects in R2 are used, and which may be unused. No code lists the bucket to find out.
 *
 * 1. An upload is declared in `objects` before its put. So a crash after the put leaves a row for the hourly job.
 * 2. The batch that writes a key into a row adds the use and removes the declaration.
 * 3. The batch that removes a key from a row removes the use. If it was the last one, the key is in `objects` again.
 * 4. The hourly job (delete-unused.ts) deletes what has been in `objects` for an hour and has no use. Nothing else deletes an
 *    image or a pack: a request that was refused cannot know whether an earlier attempt of its batch was executed.
 *
 * A key with a use may be in `objects` too, for example if an image of one template is uploaded again for another. The hourly job
 * only removes that row.
 *
 * Images are stored by content, so the key of an unused image may be uploaded again at any moment, also while the hourly job
 * deletes it. A put that R2 has accepted must not be followed by that deletion. So the job claims a key before it deletes it, and
 * an upload of a claimed key is refused. D1 has one writer, so only two orders are possible:
 *
 * - declared, then claimed: the declaration has set `since`, and the job claims nothing younger than an hour. A request names
 *   what it has declared within seconds.
 * - claimed, then declared: the declaration is refused. The job removes the row after R2 has confirmed the deletion, and the
 *   put of any later declaration comes after the deletion.
 *
 * A job that crashes leaves its claim. So a claim ends after CLAIM_MS, and the job sends no deletion after half of that.
 */
import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { objects, objectUses } from "../db/schema.ts";
import { selectInto } from "../db/select-into.ts";
import { ApiError } from "../errors.ts";
import { writeJson } from "../json.ts";

/** The folders of the bucket. */
export const FOLDERS = {
  /** Images by content: `assets/{sha256}`. */
  assets: "assets/",
  /** Compiled packs: `packs/{uuid}`. */
  packs: "packs/",
  /** Built passes: `built/{passId}/{etag}`. They are not in these tables, except for the folders of deleted passes. */
  built: "built/",
} as const;

/** How long a claim lasts. R2 answers a deletion within seconds. */
export const CLAIM_MS = 5 * 60_000;

/** The row that uses objects, or used them until now. The SELECT finds no row if its write was refused. */
export interface User {
  /** SQL, from `ownerOf`. */
  readonly owner: SQL;
  /** Its table. */
  readonly from: SQLiteTable;
  /** SQL: finds the row, if it now names these objects. */
  readonly where: SQL | undefined;
}

/** The rows that use objects. */
type OwnerKind = "template" | "pass";

/** SQL: the name of an owner in `object_uses`. @param id a column, or SQL */
export function ownerOf(kind: OwnerKind, id: SQLiteColumn | SQL): SQL {
  return sql`${`${kind}:`} || ${id}`;
}

/**
 * Declares uploads. Call it before the first put.
 * @throws ApiError changed_meanwhile if the hourly job is deleting one of them
 */
export async function declareUploads(db: Database, keys: readonly string[], now: number): Promise<void> {
  const distinct = [...new Set(keys)];
  const { declared } = await repeatableBatchOf(db, {
    declared: db
      .insert(objects)
      .select(
        selectInto(
          objects,
          { key: sql`value`, since: now, claimedAt: null },
          sql`FROM json_each(${writeJson(distinct)}) WHERE true`,
        ),
      )
      .onConflictDoUpdate({
        target: objects.key,
        set: { since: now, claimedAt: null },
        setWhere: isUnclaimed(now),
      })
      .returning({ key: objects.key }),
  });
  if (declared.length < distinct.length)
    throw new ApiError(
      "changed_meanwhile",
      "The same image was unused for an hour, and is being deleted from storage at this moment. Send this request again in some seconds.",
    );
}

/** Statements for the batch that writes these keys into a row, after the write. They do nothing if it was refused. */
export function nameObjects(db: Database, { owner, from, where }: User, keys: readonly string[]) {
  const listed = writeJson(keys);
  return {
    named: db
      .insert(objectUses)
      .select(
        selectInto(
          objectUses,
          { key: sql`named.value`, owner },
          sql`FROM ${from} CROSS JOIN json_each(${listed}) AS named WHERE ${where}`,
        ),
      )
      .onConflictDoNothing(),
    declared: db
      .delete(objects)
      .where(
        sql`${objects.key} IN (SELECT value FROM json_each(${listed})) AND EXISTS (SELECT 1 FROM ${from} WHERE ${where})`,
      ),
  };
}

/**
 * A statement for the batch that copies a row: the copy uses all objects that the original uses.
 * @param owners the id of the original, and SQL: the id of the copy
 * @param wrote SQL: whether the copy was written
 */
export function shareObjects(
  db: Database,
  { kind, id, with: copyId }: { readonly kind: OwnerKind; readonly id: number; readonly with: SQL },
  wrote: SQL,
) {
  return db
    .insert(objectUses)
    .select(
      selectInto(
        objectUses,
        { key: objectUses.key, owner: ownerOf(kind, copyId) },
        sql`FROM ${objectUses} WHERE ${objectUses.owner} = ${`${kind}:${id}`} AND ${wrote}`,
      ),
    );
}

/**
 * Statements for the batch that removes keys from a row, after the write: the owner uses only `kept` from now on. They do
 * nothing if the write was refused.
 */
export function dropObjects(
  db: Database,
  { owner, from, where }: User,
  now: number,
  kept: readonly string[] = [],
) {
  const isKept = sql`IN (SELECT value FROM json_each(${writeJson(kept)}))`;
  return {
    unused: db
      .insert(objects)
      .select(
        selectInto(
          objects,
          { key: sql`dropped.key`, since: now, claimedAt: null },
          sql`FROM ${from} CROSS JOIN object_uses AS dropped WHERE ${where} AND dropped.owner = ${owner}
            AND dropped.key NOT ${isKept}
            AND NOT EXISTS (SELECT 1 FROM object_uses AS other WHERE other.key = dropped.key AND other.owner <> dropped.owner)`,
        ),
      )
      .onConflictDoUpdate({ target: objects.key, set: { since: now } }),
    dropped: db
      .delete(objectUses)
      .where(
        sql`${objectUses.owner} = (SELECT ${owner} FROM ${from} WHERE ${where}) AND ${objectUses.key} NOT ${isKept}`,
      ),
  };
}

/** A statement for a batch: the hourly job deletes everything below this folder, an hour from now. */
export function dropFolder(
  db: Database,
  { from, where }: Pick<User, "from" | "where">,
  folder: string,
  now: number,
) {
  return db
    .insert(objects)
    .select(
      selectInto(objects, { key: folder, since: now, claimedAt: null }, sql`FROM ${from} WHERE ${where}`),
    )
    .onConflictDoUpdate({ target: objects.key, set: { since: now } });
}

/** For a WHERE on `objects`. */
export function isUnclaimed(now: number): SQL {
  return sql`(${objects.claimedAt} IS NULL OR ${objects.claimedAt} <= ${now - CLAIM_MS})`;
}
