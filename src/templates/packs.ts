/**
 * The files of templates in R2: images by content (`assets/{sha256}`) and compiled packs by version (`packs/{uuid}`).
 * Neither kind is ever overwritten.
 *
 * What no row names any more the hourly sweep removes, if it is older than an hour: also what a failed request left
 * behind. Accepted: a request that read its row in the moment before a pack was replaced, and reads the pack in the
 * moment after a sweep, fails once, and its phone asks again.
 */
import { and, inArray, isNull, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { passes, type Strings, templates } from "../db/schema.ts";
import { compilePack, type Pack, readPack, serialisePack } from "../pkpass/build/pack.ts";
import { writeStrings } from "../pkpass/strings.ts";

export type Images = ReadonlyMap<string, Uint8Array>;

const KEPT_BYTES = 24 * 1024 * 1024;
const UNNAMED_FOR_MS = 60 * 60_000;
const LIST_LIMIT = 500;
const PACKS = "packs/";
const ASSETS = "assets/";

const kept = new Map<string, Pack>();
let keptBytes = 0;

/** Compiles and stores a pack. @returns its key in R2 */
export async function storePack(bucket: R2Bucket, images: Images, strings: Strings): Promise<string> {
  const files = new Map(images);
  for (const [language, translations] of Object.entries(strings)) {
    if (Object.keys(translations).length > 0)
      files.set(`${language}.lproj/pass.strings`, writeStrings(translations));
  }
  const key = `${PACKS}${crypto.randomUUID()}`;
  await bucket.put(key, serialisePack(await compilePack(files)));
  return key;
}

/** The pack with this key: from this isolate's memory, or with one read of R2. */
export async function loadPack(bucket: R2Bucket, key: string): Promise<Pack> {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const pack = await loadOwnPack(bucket, key);
  const bytes = pack.locals.length + pack.centrals.length + pack.manifest.length;
  if (keptBytes + bytes > KEPT_BYTES) {
    kept.clear();
    keptBytes = 0;
  }
  if (!kept.has(key)) keptBytes += bytes; // two requests may load it at once
  kept.set(key, pack);
  return pack;
}

/** The pack of one pass's own images. Not kept in memory: another pass has another one. */
export async function loadOwnPack(bucket: R2Bucket, key: string): Promise<Pack> {
  const object = await bucket.get(key);
  if (object === null) throw new Error(`${key} is not in the bucket`);
  return readPack(new Uint8Array(await object.arrayBuffer()));
}

/** SHA-256 in hex: an image's name in R2. */
export async function assetName(bytes: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** Stores an image by its content. Written even if it is there: the sweep goes by the time of the last write. */
export async function storeAsset(bucket: R2Bucket, sha256: string, bytes: Uint8Array): Promise<void> {
  try {
    await bucket.put(ASSETS + sha256, bytes, { httpMetadata: { contentType: "image/png" } });
  } catch (error) {
    // R2 takes one write a second to a key: another template with the same image came first.
    if ((await bucket.head(ASSETS + sha256)) === null) throw error;
  }
}

/** Works off a list over the six connections that a Worker has. */
export async function sixAtATime<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items[Symbol.iterator]();
  const connection = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: 6 }, connection));
}

/** @throws Error if the bucket does not hold it */
export async function loadAsset(bucket: R2Bucket, sha256: string): Promise<Uint8Array> {
  const object = await bucket.get(ASSETS + sha256);
  if (object === null) throw new Error(`${ASSETS}${sha256} is not in the bucket`);
  return new Uint8Array(await object.arrayBuffer());
}

/** Removes packs and assets older than an hour that no template and no pass names. @returns how many went */
export async function sweepObjects(db: Database, bucket: R2Bucket, now: number): Promise<number> {
  return (
    (await sweepPrefix(bucket, PACKS, now, (keys) => namedPacks(db, keys))) +
    (await sweepPrefix(bucket, ASSETS, now, (keys) => namedAssets(db, keys)))
  );
}

async function sweepPrefix(
  bucket: R2Bucket,
  prefix: string,
  now: number,
  named: (keys: string[]) => Promise<Set<string>>,
): Promise<number> {
  let removed = 0;
  let cursor: string | undefined;
  do {
    const page = await bucket.list({
      prefix,
      limit: LIST_LIMIT,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const old = page.objects.filter((object) => object.uploaded.getTime() <= now - UNNAMED_FOR_MS);
    const keys = old.map((object) => object.key);
    const keep = keys.length > 0 ? await named(keys) : new Set();
    for (const key of keys.filter((key) => !keep.has(key))) {
      // Written again since it was listed: somebody is about to name it.
      const object = await bucket.head(key);
      if (object === null || object.uploaded.getTime() > now - UNNAMED_FOR_MS) continue;
      await bucket.delete(key);
      removed++;
    }
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
  return removed;
}

async function namedPacks(db: Database, keys: string[]): Promise<Set<string>> {
  const listed = sql`(SELECT value FROM json_each(${JSON.stringify(keys)}))`;
  const [ofTemplates, ofPasses] = await db.batch([
    db
      .select({ pack: templates.pack })
      .from(templates)
      .where(and(inArray(templates.pack, listed), isNull(templates.deletedAt))),
    db.select({ pack: passes.pack }).from(passes).where(inArray(passes.pack, listed)),
  ]);
  return new Set([...ofTemplates, ...ofPasses].flatMap(({ pack }) => pack ?? []));
}

async function namedAssets(db: Database, keys: string[]): Promise<Set<string>> {
  const hashes = keys.map((key) => key.slice(ASSETS.length));
  const rows = await db
    .selectDistinct({ sha256: sql<string>`image.value->>'sha256'` })
    .from(sql`${templates}, json_each(${templates.images}) AS image`)
    .where(
      and(
        isNull(templates.deletedAt),
        sql`image.value->>'sha256' IN (SELECT value FROM json_each(${JSON.stringify(hashes)}))`,
      ),
    );
  return new Set(rows.map((row) => ASSETS + row.sha256));
}
