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
import { bodyOf, type Pieces } from "../bytes.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { passes } from "../db/schema.ts";
import { FOLDERS } from "../objects/uses.ts";
import { checksumOf } from "../pkpass/build/zip.ts";

/** Where the built passes of a pass are. */
export function builtFolder(passId: number): string {
  return `${FOLDERS.built}${passId}/`;
}

/** @param etag with its quotation marks */
function builtKey(passId: number, etag: string): string {
  return builtFolder(passId) + etag.replaceAll('"', "");
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
 * Stores the bytes, changes the row's etag from `previous` to that of this version, and records the version as the one
 * that was downloaded last. If its etag is in the row afterwards, the old object is deleted, and otherwise the new one.
 */
export async function storeBuiltPass(
  db: Database,
  bucket: R2Bucket,
  passId: number,
  previous: string | null,
  { etag, tag }: { readonly etag: string; readonly tag: number },
  pieces: Pieces,
): Promise<void> {
  const customMetadata = { crc32: String(checksumOf(pieces)) };
  await bucket.put(builtKey(passId, etag), bodyOf(pieces), { customMetadata });
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
