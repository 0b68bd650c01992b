/**
 * Built passes in R2, at `bundles/{passId}/{etag}`. The pass's row says which etag lies there, so a fetch reads R2
 * only when it will hit, and a bundle of a replaced certificate is never served: its etag is another one.
 *
 * Every install fetches the same version twice (the link, then the first list). Kept after the answer is sent; what a
 * crash leaves behind there is an object that nothing names, and costs its storage.
 */
import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { passes } from "../db/schema.ts";

const SWEEP_LIMIT = 100;

/** @param etag as in the header, with its quotation marks or without */
function bundleKey(passId: number, etag: string): string {
  return `bundles/${passId}/${etag.replaceAll('"', "")}`;
}

/** The kept bundle, or undefined if another request has just removed it. */
export async function loadBundle(
  bucket: R2Bucket,
  passId: number,
  etag: string,
): Promise<Uint8Array | undefined> {
  const object = await bucket.get(bundleKey(passId, etag));
  return object === null ? undefined : new Uint8Array(await object.arrayBuffer());
}

/** Stores the bundle and moves the row's mark from `previous` to it. Who moves the mark deletes the old object. */
export async function keepBundle(
  db: Database,
  bucket: R2Bucket,
  passId: number,
  previous: string | null,
  etag: string,
  bytes: Uint8Array,
): Promise<void> {
  await bucket.put(bundleKey(passId, etag), bytes);
  const [moved, rows] = await db.batch([
    db
      .update(passes)
      .set({ bundle: etag })
      .where(and(eq(passes.id, passId), isNull(passes.deletedAt), sql`${passes.bundle} IS ${previous}`)),
    db.select({ bundle: passes.bundle }).from(passes).where(eq(passes.id, passId)),
  ]);
  if (moved.meta.changes > 0) {
    if (previous !== null && previous !== etag) await bucket.delete(bundleKey(passId, previous));
  } else if (rows[0]?.bundle !== etag) {
    await bucket.delete(bundleKey(passId, etag)); // another request moved the mark elsewhere
  }
}

/** Removes a deleted pass's bundle, then its mark. In this order: what fails in between, the sweep repeats. */
export async function removeBundle(
  db: Database,
  bucket: R2Bucket,
  pass: { id: number; bundle: string | null },
): Promise<void> {
  if (pass.bundle === null) return;
  await bucket.delete(bundleKey(pass.id, pass.bundle));
  await db.update(passes).set({ bundle: null }).where(eq(passes.id, pass.id));
}

/** Removes the bundles of deleted passes that the deletion itself could not remove. @returns how many went */
export async function sweepBundles(db: Database, bucket: R2Bucket): Promise<number> {
  const left = await db
    .select({ id: passes.id, bundle: passes.bundle })
    .from(passes)
    .where(and(isNotNull(passes.deletedAt), isNotNull(passes.bundle)))
    .limit(SWEEP_LIMIT);
  for (const pass of left) await removeBundle(db, bucket, pass);
  return left.length;
}
