/**
 * Built passes in R2, at `built/{passId}/{etag}`. The pass's row contains the stored etag, so a fetch reads R2 only if
 * the object exists. A built pass that was signed with a replaced certificate is never served, because its etag is
 * different.
 *
 * An installation fetches the same version twice (from the link, and after the first list of updates), and the phones that
 * have a pass fetch each later version once. So bytes are stored only until the first registration, after the response. A
 * crash in between leaves an object that no row refers to. It is deleted with its pass (delete.ts).
 */
import { and, eq, isNull, sql } from "drizzle-orm";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { passes } from "../db/schema.ts";
import { FOLDERS } from "../objects/uses.ts";

/** Where the built passes of a pass are. */
export function builtFolder(passId: number): string {
  return `${FOLDERS.built}${passId}/`;
}

/** @param etag with its quotation marks */
function builtKey(passId: number, etag: string): string {
  return builtFolder(passId) + etag.replaceAll('"', "");
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
 * Stores the bytes, changes the row's etag from `previous` to that of this version, and records the version as the one
 * that was downloaded last. Whoever finds its etag in the row afterwards deletes the old object.
 */
export async function storeBuiltPass(
  db: Database,
  bucket: R2Bucket,
  passId: number,
  previous: string | null,
  { etag, tag }: { readonly etag: string; readonly tag: number },
  bytes: Uint8Array,
): Promise<void> {
  await bucket.put(builtKey(passId, etag), bytes);
  const { rows } = await repeatableBatchOf(db, {
    moved: db
      .update(passes)
      .set({ builtEtag: etag, givenTag: tag })
      .where(and(eq(passes.id, passId), isNull(passes.deletedAt), sql`${passes.builtEtag} IS ${previous}`)),
    rows: db.select({ builtEtag: passes.builtEtag }).from(passes).where(eq(passes.id, passId)),
  });
  if (rows[0]?.builtEtag !== etag) {
    await bucket.delete(builtKey(passId, etag)); // another request stored another version
  } else if (previous !== null && previous !== etag) {
    await bucket.delete(builtKey(passId, previous));
  }
}

/** Records the version that was downloaded last, if built passes are not stored. */
export async function recordGivenTag(db: Database, passId: number, tag: number): Promise<void> {
  await repeatable(() => db.update(passes).set({ givenTag: tag }).where(eq(passes.id, passId)));
}
