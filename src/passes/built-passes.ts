/**
 * Built passes in R2, at `built/{passId}/{etag}`. The pass's row contains the stored etag, so a fetch reads R2 only if
 * the object exists. A built pass that was signed with a replaced certificate is never served, because its etag is
 * different.
 *
 * Every installation fetches the same version twice (from the link, and after the first list of updates). The bytes are
 * stored after the response. A crash in between leaves an object that no row refers to; it only costs storage.
 */
import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { passes } from "../db/schema.ts";

const SWEEP_LIMIT = 100;

/** @param etag with its quotation marks */
function builtKey(passId: number, etag: string): string {
  return `built/${passId}/${etag.replaceAll('"', "")}`;
}

/** The stored bytes, or undefined if another request has just deleted them. */
export async function loadBuiltPass(
  bucket: R2Bucket,
  passId: number,
  etag: string,
): Promise<Uint8Array | undefined> {
  const object = await bucket.get(builtKey(passId, etag));
  return object === null ? undefined : new Uint8Array(await object.arrayBuffer());
}

/**
 * Stores the bytes and changes the row's etag from `previous` to this one. Whoever finds its etag in the row afterwards
 * deletes the old object.
 */
export async function storeBuiltPass(
  db: Database,
  bucket: R2Bucket,
  passId: number,
  previous: string | null,
  etag: string,
  bytes: Uint8Array,
): Promise<void> {
  await bucket.put(builtKey(passId, etag), bytes);
  const { rows } = await repeatableBatchOf(db, {
    moved: db
      .update(passes)
      .set({ builtEtag: etag })
      .where(and(eq(passes.id, passId), isNull(passes.deletedAt), sql`${passes.builtEtag} IS ${previous}`)),
    rows: db.select({ builtEtag: passes.builtEtag }).from(passes).where(eq(passes.id, passId)),
  });
  if (rows[0]?.builtEtag !== etag) {
    await bucket.delete(builtKey(passId, etag)); // another request stored another version
  } else if (previous !== null && previous !== etag) {
    await bucket.delete(builtKey(passId, previous));
  }
}

/**
 * Deletes the object of a deleted pass, then removes its etag from the row. If it fails in between, the sweep repeats
 * it.
 */
export async function deleteBuiltPass(
  db: Database,
  bucket: R2Bucket,
  pass: { id: number; builtEtag: string | null },
): Promise<void> {
  if (pass.builtEtag === null) return;
  await bucket.delete(builtKey(pass.id, pass.builtEtag));
  await repeatable(() => db.update(passes).set({ builtEtag: null }).where(eq(passes.id, pass.id)));
}

/** Deletes objects of deleted passes that remained because their deletion failed. @returns how many */
export async function sweepBuiltPasses(db: Database, bucket: R2Bucket): Promise<number> {
  const left = await db
    .select({ id: passes.id, builtEtag: passes.builtEtag })
    .from(passes)
    .where(and(isNotNull(passes.deletedAt), isNotNull(passes.builtEtag)))
    .limit(SWEEP_LIMIT);
  for (const pass of left) await deleteBuiltPass(db, bucket, pass);
  return left.length;
}
