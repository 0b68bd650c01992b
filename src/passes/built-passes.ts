/**
 * Built passes in R2, at `built/{passId}/{etag}`. The pass's row contains the stored etag, so a fetch reads R2 only if
 * the object exists. A built pass that was signed with a replaced certificate is never served, because its etag is
 * different.
 *
 * Every installation fetches the same version twice (from the link, and after the first list of updates). The bytes are
 * stored after the response. A crash in between leaves an object that no row refers to; it only costs storage.
 */
import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { bodyOf, type Pieces } from "../bytes.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { passes } from "../db/schema.ts";
import { checksumOf } from "../pkpass/build/zip.ts";

const SWEEP_LIMIT = 100;

/** @param etag with its quotation marks */
function builtKey(passId: number, etag: string): string {
  return `built/${passId}/${etag.replaceAll('"', "")}`;
}

/** A stored pass. Its bytes are read from R2 as fast as they are read here. */
export interface StoredPass {
  readonly length: number;
  /** CRC-32. Passes that an earlier version stored have none. */
  readonly checksum: number | undefined;
  readonly stream: ReadableStream<Uint8Array>;
}

/** @returns undefined if another request has just deleted it */
export async function openStoredPass(
  bucket: R2Bucket,
  passId: number,
  etag: string,
): Promise<StoredPass | undefined> {
  const object = await bucket.get(builtKey(passId, etag));
  if (object === null) return undefined;
  const { crc32 } = object.customMetadata ?? {};
  return {
    length: object.size,
    checksum: crc32 === undefined ? undefined : Number(crc32),
    stream: object.body,
  };
}

/**
 * Stores the bytes and changes the row's etag from `previous` to this one. The request that changes the etag deletes
 * the old object.
 */
export async function storeBuiltPass(
  db: Database,
  bucket: R2Bucket,
  passId: number,
  previous: string | null,
  etag: string,
  pieces: Pieces,
): Promise<void> {
  const customMetadata = { crc32: String(checksumOf(pieces)) };
  await bucket.put(builtKey(passId, etag), bodyOf(pieces), { customMetadata });
  const { moved, rows } = await batchOf(db, {
    moved: db
      .update(passes)
      .set({ builtEtag: etag })
      .where(and(eq(passes.id, passId), isNull(passes.deletedAt), sql`${passes.builtEtag} IS ${previous}`)),
    rows: db.select({ builtEtag: passes.builtEtag }).from(passes).where(eq(passes.id, passId)),
  });
  if (moved.meta.changes > 0) {
    if (previous !== null && previous !== etag) await bucket.delete(builtKey(passId, previous));
  } else if (rows[0]?.builtEtag !== etag) {
    await bucket.delete(builtKey(passId, etag)); // another request stored another version
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
  await db.update(passes).set({ builtEtag: null }).where(eq(passes.id, pass.id));
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
