/**
 * The files of templates in R2: images by content (`assets/{sha256}`) and compiled packs by version (`packs/{uuid}`).
 * Neither kind is ever overwritten.
 *
 * The hourly sweep deletes objects that no row refers to and that are older than an hour, such as those of failed
 * requests. One failure is accepted: if a request reads its row directly before a pack is replaced, and reads the pack
 * directly after a sweep, it fails. The phone repeats the request.
 */
import { and, inArray, isNull, sql } from "drizzle-orm";
import { bodyOf } from "../bytes.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { passes, type Strings, templates } from "../db/schema.ts";
import { writeJson } from "../json.ts";
import { bytesOfPack, compilePack, type Pack, readPack, serialisePack } from "../pkpass/build/pack.ts";
import { writeStrings } from "../pkpass/strings.ts";
import { createPackCache } from "./pack-cache.ts";

export type Images = ReadonlyMap<string, Uint8Array>;

const SWEPT_AFTER_MS = 60 * 60_000;
const LIST_LIMIT = 500;
const PACKS = "packs/";
const ASSETS = "assets/";

const MAX_KNOWN_LENGTHS = 1000;

const sharePack = createPackCache();
/** What packs add to a pass, by key. A pack never changes. */
const lengths = new Map<string, number>();

/** Compiles and stores a pack. @returns its key in R2 */
export async function storePack(bucket: R2Bucket, images: Images, strings: Strings): Promise<string> {
  const files = new Map(images);
  for (const [language, translations] of Object.entries(strings)) {
    if (Object.keys(translations).length > 0)
      files.set(`${language}.lproj/pass.strings`, writeStrings(translations));
  }
  const key = `${PACKS}${crypto.randomUUID()}`;
  await bucket.put(key, bodyOf(serialisePack(await compilePack(files))));
  return key;
}

/** The pack with this key, from the memory of this isolate or from R2. */
export function loadPack(bucket: R2Bucket, key: string): Promise<Pack> {
  return sharePack(key, async () => {
    const object = await bucket.get(key);
    if (object === null) throw new Error(`${key} is not in the bucket`);
    const bytes = new Uint8Array(await object.arrayBuffer());
    rememberLength(key, bytes.length);
    return readPack(bytes);
  });
}

/**
 * How many bytes a pack adds to a pass. It does not read the pack: one HEAD request to R2, unless this isolate has seen the
 * pack before.
 */
export async function lengthOfPack(bucket: R2Bucket, key: string): Promise<number> {
  const known = lengths.get(key);
  if (known !== undefined) return known;
  const object = await bucket.head(key);
  if (object === null) throw new Error(`${key} is not in the bucket`);
  return rememberLength(key, object.size);
}

function rememberLength(key: string, serialised: number): number {
  if (lengths.size >= MAX_KNOWN_LENGTHS) lengths.clear();
  const length = bytesOfPack(serialised);
  lengths.set(key, length);
  return length;
}

/** SHA-256 in hex, which is the name of an image in R2. */
export async function assetName(bytes: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/**
 * Stores an image by its content. It is written even if it already exists, because the sweep uses the time of the last
 * write.
 */
export async function storeAsset(bucket: R2Bucket, sha256: string, bytes: Uint8Array): Promise<void> {
  try {
    await bucket.put(ASSETS + sha256, bytes, { httpMetadata: { contentType: "image/png" } });
  } catch (error) {
    // R2 accepts one write per second and key: another template has just written the same image.
    if ((await bucket.head(ASSETS + sha256)) === null) throw error;
  }
}

/** @throws Error if it is not in the bucket */
export async function loadAsset(bucket: R2Bucket, sha256: string): Promise<Uint8Array> {
  const object = await bucket.get(ASSETS + sha256);
  if (object === null) throw new Error(`${ASSETS}${sha256} is not in the bucket`);
  return new Uint8Array(await object.arrayBuffer());
}

/**
 * Deletes packs and assets that are older than an hour and that no template and no pass refers to.
 * @returns how many
 */
export async function sweepObjects(db: Database, bucket: R2Bucket, now: number): Promise<number> {
  return (
    (await sweepPrefix(bucket, PACKS, now, (keys) => findNamedPacks(db, keys))) +
    (await sweepPrefix(bucket, ASSETS, now, (keys) => findNamedAssets(db, keys)))
  );
}

async function sweepPrefix(
  bucket: R2Bucket,
  prefix: string,
  now: number,
  named: (keys: string[]) => Promise<Set<string>>,
): Promise<number> {
  let deleted = 0;
  let cursor: string | undefined;
  do {
    const page = await bucket.list({
      prefix,
      limit: LIST_LIMIT,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const old = page.objects.filter((object) => object.uploaded.getTime() <= now - SWEPT_AFTER_MS);
    const keys = old.map((object) => object.key);
    const keep = keys.length > 0 ? await named(keys) : new Set();
    for (const key of keys.filter((key) => !keep.has(key))) {
      // If the object was written again after the listing, a row will soon refer to it.
      const object = await bucket.head(key);
      if (object === null || object.uploaded.getTime() > now - SWEPT_AFTER_MS) continue;
      await bucket.delete(key);
      deleted++;
    }
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
  return deleted;
}

async function findNamedPacks(db: Database, keys: string[]): Promise<Set<string>> {
  const listed = sql`(SELECT value FROM json_each(${writeJson(keys)}))`;
  const { ofTemplates, ofPasses } = await batchOf(db, {
    ofTemplates: db
      .select({ pack: templates.pack })
      .from(templates)
      .where(and(inArray(templates.pack, listed), isNull(templates.deletedAt))),
    ofPasses: db.select({ pack: passes.pack }).from(passes).where(inArray(passes.pack, listed)),
  });
  return new Set([...ofTemplates, ...ofPasses].flatMap(({ pack }) => pack ?? []));
}

async function findNamedAssets(db: Database, keys: string[]): Promise<Set<string>> {
  const hashes = keys.map((key) => key.slice(ASSETS.length));
  const rows = await db
    .selectDistinct({ sha256: sql<string>`image.value->>'sha256'` })
    .from(sql`${templates}, json_each(${templates.images}) AS image`)
    .where(
      and(
        isNull(templates.deletedAt),
        sql`image.value->>'sha256' IN (SELECT value FROM json_each(${writeJson(hashes)}))`,
      ),
    );
  return new Set(rows.map((row) => ASSETS + row.sha256));
}
