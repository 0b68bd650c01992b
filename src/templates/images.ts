/**
 * The images of a template or of a pass: which of them are allowed and required, and how they are described.
 *
 * The size for a slot is not checked here, because Wallet crops an image that is too large. The linter warns about it.
 */
import { connectionPool } from "../connections.ts";
import type { ImageFacts, ImagesFacts } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { isGoogleImage } from "../google/images.ts";
import { pointerTo } from "../json.ts";
import { MAX_IMAGE_PIXELS, MAX_ITEMS } from "../limits.ts";
import { HEAVY } from "../memory.ts";
import { IMAGE_PATH, isWholePng, readPngHeader } from "../pkpass/images/names.ts";
import { type FullImages, withMissingDensities } from "./densities.ts";
import { assetKey, assetName, type Images, storeAsset } from "./packs.ts";

export const MAX_IMAGE_BYTES = HEAVY.imageBytes;

/** A template's images with derived densities. @throws ApiError invalid_image or missing_icon */
export function templateImages(sent: Images): FullImages {
  checkTemplateImages(sent);
  const images = fullImages(sent, MAX_IMAGE_BYTES);
  demandIcon(images.files);
  return images;
}

/** @param maxBytes the limit for the images that were sent; the derived images may have another half of that */
export function fullImages(sent: Images, maxBytes: number): FullImages {
  return withMissingDensities(sent, { images: MAX_ITEMS.images, bytes: maxBytes / 2 });
}

/** The same as checkImages, but with the images for Google. @throws ApiError invalid_image, with a pointer to the image */
export function checkTemplateImages(images: Images): void {
  checkImages(images, (path) => {
    if (!isGoogleImage(path)) checkImagePath(path);
  });
}

/** @throws ApiError invalid_image, with a pointer to the image */
export function checkImages(images: Images, checkPath = checkImagePath): void {
  if (images.size > MAX_ITEMS.images) {
    throw new ApiError("invalid_image", `There may be at most ${MAX_ITEMS.images} images.`, {
      pointer: "/images",
    });
  }
  let total = 0;
  for (const [path, bytes] of images) {
    const refusal = (detail: string) => invalidImage(path, detail);
    checkPath(path);
    if (bytes.length === 0) throw refusal(`"${path}" is empty. Send the bytes of the file in base64.`);
    const header = readPngHeader(bytes);
    if (header === undefined) throw refusal(`"${path}" is not a PNG. Apple documents PNG only.`);
    if (Math.max(header.width, header.height) > MAX_IMAGE_PIXELS)
      throw refusal(`"${path}" is wider or higher than ${MAX_IMAGE_PIXELS} pixels.`);
    if (!isWholePng(bytes)) throw refusal(`"${path}" is truncated: the PNG has no IEND chunk.`);
    total += bytes.length;
    refuseManyBytes(total, path);
  }
}

/**
 * @param total the bytes of all images that were sent
 * @param path of the image that exceeds the limit, if it is known
 * @throws ApiError invalid_image
 */
export function refuseManyBytes(total: number, path?: string): void {
  if (total <= MAX_IMAGE_BYTES) return;
  const pointer = pointerTo(path === undefined ? ["images"] : ["images", path]);
  throw new ApiError("invalid_image", `The images may have at most ${MAX_IMAGE_BYTES} bytes in total.`, {
    pointer,
  });
}

/** @throws ApiError invalid_image, with a pointer to the image */
export function checkImagePath(path: string): void {
  if (IMAGE_PATH.test(path)) return;
  throw invalidImage(
    path,
    `"${path}" is not the name of a pass image. Examples of valid names are icon.png, logo@2x.png and fr.lproj/strip@3x.png.`,
  );
}

function invalidImage(path: string, detail: string): ApiError {
  return new ApiError("invalid_image", detail, { pointer: pointerTo(["images", path]) });
}

/** @param images with derived densities @throws ApiError missing_icon */
export function demandIcon(images: Images): void {
  if (images.has("icon.png")) return;
  const sharper = ["icon@3x.png", "icon@2x.png"].find((path) => images.has(path));
  throw new ApiError(
    "missing_icon",
    sharper === undefined
      ? "Add icon.png (29 × 29 points), or icon@3x.png to derive it from: Wallet refuses a pass without an icon."
      : `Add icon.png (29 × 29 points): it could not be derived from ${sharper}, which is too large or cannot be decoded.`,
    { pointer: "/images" },
  );
}

/** Hash, size and source of each image, sorted by path. The images must have been checked. */
export async function describeImages({ files, derivedFrom }: FullImages): Promise<ImagesFacts> {
  const facts: Record<string, ImageFacts> = {};
  for (const [path, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const header = readPngHeader(bytes);
    if (header === undefined) throw new Error(`${path} was not checked`);
    const source = derivedFrom.get(path);
    facts[path] = {
      sha256: await assetName(bytes),
      bytes: bytes.length,
      ...header,
      ...(source === undefined ? {} : { derivedFrom: source }),
    };
  }
  return facts;
}

/** Stores each image in R2. Declare their keys first. @param facts as from describeImages */
export async function storeImages(bucket: R2Bucket, files: Images, facts: ImagesFacts): Promise<void> {
  const assets = new Map<string, Uint8Array>(); // the same image may have several paths
  for (const [path, bytes] of files) assets.set(facts[path]?.sha256 ?? "", bytes);
  const withConnection = connectionPool();
  await Promise.all(
    [...assets].map(([sha256, bytes]) => withConnection(() => storeAsset(bucket, sha256, bytes))),
  );
}

/** The R2 keys of these images. */
export function assetKeys(facts: ImagesFacts): string[] {
  return Object.values(facts).map(({ sha256 }) => assetKey(sha256));
}
