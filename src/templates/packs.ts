/**
 * The files of templates in R2: images by content (`assets/{sha256}`) and compiled packs by version (`packs/{uuid}`).
 * Neither kind is ever overwritten.
 *
 * The caller declares each upload first, and names it in the batch that writes its key (objects/uses.ts). A pack that is replaced
 * stays for an hour, so a request that has just read its key still finds it.
 */
import type { Strings } from "../db/schema.ts";
import { PACK_CACHE_BYTES } from "../memory.ts";
import { FOLDERS } from "../objects/uses.ts";
import { bytesOfPack, compilePack, type Pack, readPack, serialisePack } from "../pkpass/build/pack.ts";
import { writeStrings } from "../pkpass/strings.ts";

export type Images = ReadonlyMap<string, Uint8Array>;

const MAX_KNOWN_LENGTHS = 1000;

/** What packs add to a pass, by key. A pack never changes. */
const lengths = new Map<string, number>();
const cache = new Map<string, Pack>();
let cachedBytes = 0;

/** The R2 key of a new pack. */
export function newPackKey(): string {
  return FOLDERS.packs + crypto.randomUUID();
}

/** The R2 key of an image. @param sha256 from `assetName` */
export function assetKey(sha256: string): string {
  return FOLDERS.assets + sha256;
}

/** Compiles and stores a pack. Declare its key first. */
export async function storePack(
  bucket: R2Bucket,
  key: string,
  images: Images,
  strings: Strings,
): Promise<void> {
  const files = new Map(images);
  for (const [language, translations] of Object.entries(strings)) {
    if (Object.keys(translations).length > 0)
      files.set(`${language}.lproj/pass.strings`, writeStrings(translations));
  }
  await bucket.put(key, serialisePack(await compilePack(files)));
}

/** The pack with this key, from this isolate's cache or from R2. */
export async function loadPack(bucket: R2Bucket, key: string): Promise<Pack> {
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const { pack, size } = await readObject(bucket, key);
  const bytes = rememberLength(key, size);
  if (cachedBytes + bytes > PACK_CACHE_BYTES) {
    cache.clear();
    cachedBytes = 0;
  }
  if (!cache.has(key)) cachedBytes += bytes; // two requests may load it at once
  cache.set(key, pack);
  return pack;
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

/** The pack of one pass's own images. It is not cached, because no other pass uses it. */
export async function loadOwnPack(bucket: R2Bucket, key: string): Promise<Pack> {
  return (await readObject(bucket, key)).pack;
}

async function readObject(bucket: R2Bucket, key: string): Promise<{ pack: Pack; size: number }> {
  const object = await bucket.get(key);
  if (object === null) throw new Error(`${key} is not in the bucket`);
  const bytes = new Uint8Array(await object.arrayBuffer());
  return { pack: readPack(bytes), size: bytes.length };
}

/** SHA-256 in hex, which is the name of an image in R2. */
export async function assetName(bytes: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/**
 * Stores an image by its content. Declare its key first. It is written even if it already exists, so that sending an image
 * again restores one that the bucket has lost.
 */
export async function storeAsset(bucket: R2Bucket, sha256: string, bytes: Uint8Array): Promise<void> {
  const key = assetKey(sha256);
  try {
    await bucket.put(key, bytes, { httpMetadata: { contentType: "image/png" } });
  } catch (error) {
    // R2 accepts one write per second and key: another template has just written the same image.
    if ((await bucket.head(key)) === null) throw error;
  }
}

/** @throws Error if it is not in the bucket */
export async function loadAsset(bucket: R2Bucket, sha256: string): Promise<Uint8Array> {
  const object = await bucket.get(assetKey(sha256));
  if (object === null) throw new Error(`${assetKey(sha256)} is not in the bucket`);
  return new Uint8Array(await object.arrayBuffer());
}
