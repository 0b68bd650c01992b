/**
 * The images of a single pass: a portrait, a seat map. They are a pack of their own in R2, which is merged with the
 * template's when the pass is built (pkpass/build/pack.ts). Which packs are used is in objects/uses.ts.
 */
import type { SQL } from "drizzle-orm";
import type { Context } from "../context.ts";
import { type ImagesFacts, passes } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { type Json, parseJson, writeJson } from "../json.ts";
import { PASS_BODY } from "../memory.ts";
import { declareUploads, ownerOf, type User } from "../objects/uses.ts";
import {
  bytesOfFile,
  overlayPack,
  type Pack,
  packFiles,
  rangeInPack,
  withoutReplaced,
} from "../pkpass/build/pack.ts";
import { slotOf } from "../pkpass/images/names.ts";
import { type FullImages, hasMissingDensities } from "../templates/densities.ts";
import { checkImages, demandIcon, describeImages, fullImages } from "../templates/images.ts";
import { assetName, type Images, lengthOfPack, loadPack, newPackKey, storePack } from "../templates/packs.ts";
import { heavyTurns, PASS_WAIT_MS, takeTurn } from "../turns.ts";

export interface OwnImages {
  readonly images: Json<ImagesFacts>;
  /** R2 key; null for none. */
  readonly pack: string | null;
}

/** Much less than the limit of a template, because each of a million passes may have images. */
const MAX_BYTES = PASS_BODY.imageBytes;

/**
 * Validates the images, adds missing densities, declares the pack and stores it. Decoding waits for its turn.
 * @throws ApiError invalid_image or missing_icon
 */
export async function storeOwnImages(
  { db, bucket, now }: Pick<Context, "db" | "bucket" | "now">,
  images: Images,
): Promise<OwnImages> {
  const full = await decodeInTurn(images);
  const facts = writeJson(await describeImages(full));
  if (images.size === 0) return { images: facts, pack: null };
  const pack = newPackKey();
  await declareUploads(db, [pack], now);
  await storePack(bucket, pack, full.files, {});
  return { images: facts, pack };
}

/** What `storeOwnImages` would return, without storing it. @throws ApiError invalid_image or missing_icon */
export async function describeOwnImages(images: Images): Promise<OwnImages> {
  const facts = writeJson(await describeImages(await decodeInTurn(images)));
  return { images: facts, pack: images.size === 0 ? null : newPackKey() };
}

/** @param where finds the pass, if it now has the pack */
export function userOfPack(where: SQL | undefined): User {
  return { owner: ownerOf("pass", passes.id), from: passes, where };
}

/** The same as checkOwnImages, but decoding waits for a turn: a template or an archive may be in memory. */
async function decodeInTurn(images: Images): Promise<FullImages> {
  const release = hasMissingDensities(images) ? await takeTurn(heavyTurns, PASS_WAIT_MS) : undefined;
  try {
    return checkOwnImages(images);
  } finally {
    release?.();
  }
}

/** Validates the images, and adds missing densities. @throws ApiError invalid_image or missing_icon */
export function checkOwnImages(images: Images): FullImages {
  checkImages(images);
  const bytes = [...images.values()].reduce((sum, image) => sum + image.length, 0);
  if (bytes > MAX_BYTES) {
    throw new ApiError(
      "invalid_image",
      `The images of one pass may have at most ${MAX_BYTES} bytes in total.`,
      {
        pointer: "/images",
      },
    );
  }
  const full = fullImages(images, MAX_BYTES);
  if ([...images.keys()].some((path) => slotOf(path) === "icon")) demandIcon(full.files);
  return full;
}

/** The files of a pass that are the same in each version: the template's pack, with the pass's own images over it. */
export async function loadMergedPack(
  bucket: R2Bucket,
  templatePack: string,
  ownPack: string | null,
): Promise<Pack> {
  const [base, own] = await Promise.all([
    loadPack(bucket, templatePack),
    ownPack === null ? undefined : loadPack(bucket, ownPack),
  ]);
  return own === undefined ? base : overlayPack(base, own);
}

/** The files of a template or of a pass: the key of the pack, and the sizes of the images in it. */
interface PackRow {
  readonly pack: string;
  readonly images: Json<ImagesFacts>;
}

/** How many bytes the files of `loadMergedPack` add to a pass. It reads no image: their sizes are in the rows. */
export async function lengthOfMergedPack(
  bucket: R2Bucket,
  template: PackRow,
  pass: { readonly pack: string | null; readonly images: Json<ImagesFacts> },
): Promise<number> {
  const length = await lengthOfPack(bucket, template.pack);
  if (pass.pack === null) return length;
  const base = parseJson(template.images);
  return length - lengthOfFiles(base) + lengthOfFiles(overlayImages(base, parseJson(pass.images)));
}

function lengthOfFiles(images: ImagesFacts): number {
  return Object.entries(images).reduce((sum, [path, { bytes }]) => sum + bytesOfFile(path, bytes), 0);
}

/** The images of a pass: the template's, with the pass's own over them as in the built pass. */
export function overlayImages(template: ImagesFacts, own: ImagesFacts): ImagesFacts {
  const listed = (images: ImagesFacts) => Object.entries(images).map(([path, facts]) => ({ path, facts }));
  const files = [...withoutReplaced(listed(template), listed(own)), ...listed(own)];
  return Object.fromEntries(files.map(({ path, facts }) => [path, facts]));
}

/** A pass's own images as they were sent, by path: without derived densities. */
export async function loadOwnImages(
  bucket: R2Bucket,
  { pack, images }: { pack: string | null; images: Json<ImagesFacts> },
): Promise<Images> {
  if (pack === null) return new Map();
  const facts = parseJson(images);
  const files = packFiles(await loadPack(bucket, pack));
  return new Map([...files].filter(([path]) => facts[path]?.derivedFrom === undefined));
}

/**
 * One of a pass's own images: only this image is read from the pack. Its hash is checked, because it is shown to everybody.
 * @throws Error if the pack is not in the bucket, or does not have the image at this place
 */
export async function loadOwnImage(
  bucket: R2Bucket,
  { pack, images }: { readonly pack: string; readonly images: ImagesFacts },
  path: string,
): Promise<Uint8Array> {
  const files = Object.entries(images).map(([name, { bytes }]) => ({ path: name, bytes }));
  const range = rangeInPack(files, path);
  const object = range === undefined ? null : await bucket.get(pack, { range });
  if (object === null) throw new Error(`${pack} is not in the bucket`);
  const bytes = new Uint8Array(await object.arrayBuffer());
  if ((await assetName(bytes)) !== images[path]?.sha256) throw new Error(`${pack} does not have the image`);
  return bytes;
}
