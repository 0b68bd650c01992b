/**
 * The hourly deletion of unused objects from R2 (uses.ts has the rules). Its cost depends on how many objects may be unused,
 * not on how many are in the bucket.
 */
import { and, eq, gt, lt, lte, sql } from "drizzle-orm";
import { connectionPool } from "../connections.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { isTransient } from "../db/d1-errors.ts";
import { repeatable } from "../db/repeat.ts";
import { objects } from "../db/schema.ts";
import { writeJson } from "../json.ts";
import { CLAIM_MS, FOLDERS, isUnclaimed } from "./uses.ts";

const UNUSED_FOR_MS = 60 * 60_000;
/** R2 deletes up to 1,000 keys with one call. */
const PAGE = 1000;
/** One run deletes at most 200,000 objects, with 400 statements: D1 allows 1,000 for one invocation. */
const PAGES = 200;
/** One run empties at most 3,000 folders, each with a call of R2 or two: a Worker has 10,000 for one invocation. */
const FOLDER_PAGES = 3;
/** At most 10,000 objects of one folder: a folder has one, and one for each crash. */
const LIST_PAGES = 10;
/** Rows of `objects` about objects that are used. */
const USED_ROWS = 10_000;

/** The limits of one run. */
export interface DeletionLimits {
  readonly pageKeys: number;
  readonly pages: number;
  readonly folderPages: number;
}

const LIMITS: DeletionLimits = { pageKeys: PAGE, pages: PAGES, folderPages: FOLDER_PAGES };

/**
 * Deletes what has been in `objects` for an hour and is not used. A later run continues what a run does not reach.
 * @param clock milliseconds
 * @returns how many keys and folders
 */
export async function deleteUnusedObjects(
  db: Database,
  bucket: R2Bucket,
  clock: () => number,
  { pageKeys, pages, folderPages }: DeletionLimits = LIMITS,
): Promise<number> {
  await removeUsed(db, clock());
  let deleted = 0;
  let left = pages;
  for (const prefix of [FOLDERS.assets, FOLDERS.packs]) {
    const files = { prefix, pageKeys, pages: left, remove: (keys: string[]) => bucket.delete(keys) };
    const spent = await deletePages(db, files, clock);
    deleted += spent.deleted;
    left -= spent.pages;
  }
  const remove = (folders: string[]) => emptyFolders(bucket, folders);
  const folders = { prefix: FOLDERS.built, pageKeys, pages: folderPages, remove };
  return deleted + (await deletePages(db, folders, clock)).deleted;
}

/** Deletes everything below this folder from R2. */
export async function emptyFolder(bucket: R2Bucket, folder: string): Promise<void> {
  for (let page = 1; page <= LIST_PAGES; page++) {
    const { objects, truncated } = await bucket.list({ prefix: folder, limit: PAGE });
    if (objects.length > 0) await bucket.delete(objects.map(({ key }) => key));
    if (!truncated) return;
  }
}

async function emptyFolders(bucket: R2Bucket, folders: readonly string[]): Promise<void> {
  const withConnection = connectionPool();
  await Promise.all(folders.map((folder) => withConnection(() => emptyFolder(bucket, folder))));
}

/** Removes the rows about objects that were declared again while they were in use. */
async function removeUsed(db: Database, now: number): Promise<void> {
  // CROSS JOIN keeps the order, so that this walks through `objects` and not through all uses.
  await repeatable(() =>
    db.run(sql`DELETE FROM objects WHERE key IN (SELECT objects.key FROM objects CROSS JOIN object_uses
      ON object_uses.key = objects.key WHERE ${isUnusedSince(now)} LIMIT ${USED_ROWS})`),
  );
}

interface Deletion {
  /** A folder of the bucket. */
  readonly prefix: string;
  readonly pageKeys: number;
  readonly pages: number;
  readonly remove: (keys: string[]) => Promise<void>;
}

async function deletePages(
  db: Database,
  { prefix, pageKeys, pages, remove }: Deletion,
  clock: () => number,
): Promise<{ deleted: number; pages: number }> {
  let deleted = 0;
  let after = prefix;
  for (let page = 1; page <= pages; page++) {
    const claimedAt = clock();
    const keys = await claim(db, { after, before: endOf(prefix), limit: pageKeys }, claimedAt);
    if (keys.length === 0) return { deleted, pages: page - 1 };
    // The answer to the claim may have taken too long.
    if (clock() > claimedAt + CLAIM_MS / 2) throw new Error("D1 was too slow to delete objects");
    await remove(keys);
    const areTheirs = and(
      sql`${objects.key} IN (SELECT value FROM json_each(${writeJson(keys)}))`,
      eq(objects.claimedAt, claimedAt),
    );
    await repeatable(() => db.delete(objects).where(areTheirs));
    deleted += keys.length;
    if (keys.length < pageKeys) return { deleted, pages: page };
    after = keys.toSorted().at(-1) ?? after;
  }
  return { deleted, pages };
}

/**
 * Claims a page of unused keys between two keys. It is not repeated, because a repeat could not tell its own claim from that
 * of another job. After a transient error of D1 there is no page: the claim ends by itself, and the next run continues.
 */
async function claim(
  db: Database,
  { after, before, limit }: { after: string; before: string; limit: number },
  now: number,
): Promise<string[]> {
  const page = sql`SELECT key FROM objects WHERE ${and(
    gt(objects.key, after),
    lt(objects.key, before),
    isUnusedSince(now),
    isUnclaimed(now),
    sql`NOT EXISTS (SELECT 1 FROM object_uses WHERE object_uses.key = objects.key)`,
  )} ORDER BY key LIMIT ${limit}`;
  const claimed = db
    .update(objects)
    .set({ claimedAt: now })
    .where(sql`${objects.key} IN (${page})`)
    .returning({ key: objects.key });
  try {
    return (await batchOf(db, { claimed })).claimed.map(({ key }) => key);
  } catch (error) {
    if (isTransient(error)) return [];
    throw error;
  }
}

/** For a WHERE on `objects`. */
function isUnusedSince(now: number) {
  return lte(objects.since, now - UNUSED_FOR_MS);
}

/** The first key after all keys with this prefix, which ends with "/". */
function endOf(prefix: string): string {
  return `${prefix.slice(0, -1)}0`;
}
