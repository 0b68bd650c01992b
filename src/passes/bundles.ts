/**
 * Built passes in R2, at `bundles/{passId}/{etag}`. The pass's row says which etag lies there, so a fetch reads R2
 * only when it will hit, and a bundle of a replaced certificate is never served: its etag is another one.
 *
 * Every install fetches the same version twice (the link, then the first list). Kept after the answer is sent; what a
 * crash leaves behind there is an object that nothing names, and costs its storage.
 */
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { passes } from "../db/schema.ts";

/** @param etag as in the header, with its quotation marks or without */
export function bundleKey(passId: number, etag: string): string {
  return `bundles/${passId}/${etag.replaceAll('"', "")}`;
}

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
