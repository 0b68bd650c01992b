/**
 * The files of templates in R2: images by content (`assets/{sha256}`) and compiled packs by version (`packs/{uuid}`).
 * Neither kind is ever overwritten.
 *
 * The caller declares each upload first, and names it in the batch that writes its key (objects/uses.ts). A pack that is replaced
 * stays for an hour, so a request that has just read its key still finds it.
 */
import { bodyOf } from "../bytes.ts";
import type { Strings } from "../db/schema.ts";
import { FOLDERS } from "../objects/uses.ts";
import { bytesOfPack, compilePack, type Pack, readPack, serialisePack } from "../pkpass/build/pack.ts";
import { writeStrings } from "../pkpass/strings.ts";
import { createPackCache } from "./pack-cache.ts";

export type Images = ReadonlyMap<string, Uint8Array>;

const MAX_KNOWN_LENGTHS = 1000;

const sharePack = createPackCache();
/** What packs add to a pass, by key. A pack never changes. */
const lengths = new Map<string, number>();

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
  await bucket.put(key, bodyOf(serialisePack(await compilePack(files))));
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

/** The image as a stream, so that it is not held in memory. @throws Error if it is not in the bucket */
export async function openAsset(bucket: R2Bucket, sha256: string): Promise<ReadableStream<Uint8Array>> {
  const object = await bucket.get(assetKey(sha256));
  if (object === null) throw new Error(`${assetKey(sha256)} is not in the bucket`);
  return object.body;
}

/** @throws Error if it is not in the bucket */
export async function loadAsset(bucket: R2Bucket, sha256: string): Promise<Uint8Array> {
  const object = await bucket.get(assetKey(sha256));
  if (object === null) throw new Error(`${assetKey(sha256)} is not in the bucket`);
  return new Uint8Array(await object.arrayBuffer());
}
