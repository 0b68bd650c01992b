/**
 * The images of one pass alone: a portrait, a seat map. They rest in R2 as a pack of their own, laid over the
 * template's when the pass is built (pkpass/build/pack.ts). A pack that no row names any more goes with the hourly sweep.
 */
import type { ImagesFacts } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { type Json, parseJson, writeJson } from "../json.ts";
import { filesOf, overlaidPack, type Pack } from "../pkpass/build/pack.ts";
import { slotOf } from "../pkpass/images/names.ts";
import { checkImages, demandIcon, describeImages, fullImages } from "../templates/images.ts";
import { type Images, loadOwnPack, loadPack, storePack } from "../templates/packs.ts";

export interface OwnImages {
  readonly images: Json<ImagesFacts>;
  /** R2 key; null for none. */
  readonly pack: string | null;
}

/** One pass's images are small beside its template's: a million passes may each have some. */
const MAX_BYTES = 1024 * 1024;

/** Checks them, adds the missing densities and stores them. @throws ApiError invalid_image or missing_icon */
export async function storeOwnImages(bucket: R2Bucket, images: Images): Promise<OwnImages> {
  checkImages(images);
  const bytes = [...images.values()].reduce((sum, image) => sum + image.length, 0);
  if (bytes > MAX_BYTES) {
    throw new ApiError("invalid_image", `The images of one pass have at most ${MAX_BYTES} bytes together.`, {
      pointer: "/images",
    });
  }
  const full = fullImages(images, MAX_BYTES);
  if ([...images.keys()].some((path) => slotOf(path) === "icon")) demandIcon(full.files);
  const facts = writeJson(await describeImages(full));
  return { images: facts, pack: images.size === 0 ? null : await storePack(bucket, full.files, {}) };
}

/** All files of a pass that are not made for each version: the template's pack, with its own over it. */
export async function loadMergedPack(
  bucket: R2Bucket,
  templatePack: string,
  ownPack: string | null,
): Promise<Pack> {
  const [base, own] = await Promise.all([
    loadPack(bucket, templatePack),
    ownPack === null ? undefined : loadOwnPack(bucket, ownPack),
  ]);
  return own === undefined ? base : overlaidPack(base, own);
}

/** A pass's own images as they were sent, by path: without those that were derived. */
export async function loadOwnImages(
  bucket: R2Bucket,
  { pack, images }: { pack: string | null; images: Json<ImagesFacts> },
): Promise<Images> {
  if (pack === null) return new Map();
  const facts = parseJson(images);
  const files = filesOf(await loadOwnPack(bucket, pack));
  return new Map([...files].filter(([path]) => facts[path]?.derivedFrom === undefined));
}
