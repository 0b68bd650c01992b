/**
 * The images of a template, or of a pass: which may be there, what must be, and what is said of them.
 *
 * Sizes per slot are not judged here: an image that Wallet crops is still a pass.
 */
import { connectionPool } from "../connections.ts";
import type { ImageFacts } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { pointerTo } from "../json.ts";
import { IMAGE_PATH, isWholePng, readPngHeader } from "../pkpass/images/names.ts";
import { type FullImages, withMissingDensities } from "./densities.ts";
import { assetName, type Images, storeAsset } from "./packs.ts";

/** A pass is refused by iPhones above 15 MiB, and its images are most of it. */
export const MAX_BYTES = 8 * 1024 * 1024;
/** A side: far beyond any slot of a pass, and as much as phones and browsers decode. */
const MAX_PIXELS = 8192;
/** Eleven slots in three densities, in some languages. */
const MAX_IMAGES = 200;

/** A template's images with the missing densities. @throws ApiError invalid_image or missing_icon */
export function templateImages(sent: Images): FullImages {
  checkImages(sent);
  const images = fullImages(sent, MAX_BYTES);
  demandIcon(images.files);
  return images;
}

/** @param maxBytes that were allowed to be sent: the derived images may have half of that besides */
export function fullImages(sent: Images, maxBytes: number): FullImages {
  return withMissingDensities(sent, { images: MAX_IMAGES, bytes: maxBytes / 2 });
}

/** @throws ApiError invalid_image, with a pointer to the image */
export function checkImages(images: Images): void {
  if (images.size > MAX_IMAGES) {
    throw new ApiError("invalid_image", `There are more than ${MAX_IMAGES} images.`, { pointer: "/images" });
  }
  let total = 0;
  for (const [path, bytes] of images) {
    const refusal = (detail: string) =>
      new ApiError("invalid_image", detail, { pointer: pointerTo(["images", path]) });
    if (!IMAGE_PATH.test(path)) {
      throw refusal(
        `"${path}" is no image of a pass. Names are such as icon.png, logo@2x.png or fr.lproj/strip@3x.png.`,
      );
    }
    const header = readPngHeader(bytes);
    if (header === undefined) throw refusal(`"${path}" is not a PNG. Wallet shows PNG only.`);
    if (Math.max(header.width, header.height) > MAX_PIXELS)
      throw refusal(`"${path}" is wider or higher than ${MAX_PIXELS} pixels.`);
    if (!isWholePng(bytes)) throw refusal(`"${path}" is cut short: its PNG has no end.`);
    total += bytes.length;
    if (total > MAX_BYTES) throw refusal(`The images have more than ${MAX_BYTES} bytes together.`);
  }
}

/** @param images with the missing densities @throws ApiError missing_icon */
export function demandIcon(images: Images): void {
  if (images.has("icon.png")) return;
  const sharper = ["icon@3x.png", "icon@2x.png"].find((path) => images.has(path));
  throw new ApiError(
    "missing_icon",
    sharper === undefined
      ? "Add icon.png (29 × 29 points), or icon@3x.png to be scaled: Wallet refuses a pass without it."
      : `Add icon.png (29 × 29 points): it could not be made from ${sharper}, which is too large or no PNG that decodes.`,
    { pointer: "/images" },
  );
}

/** What is known of each image, sorted by path. The images were checked. */
export async function describeImages({
  files,
  derivedFrom,
}: FullImages): Promise<Record<string, ImageFacts>> {
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

/** Puts each image into R2. @returns what is known of each */
export async function storeImages(bucket: R2Bucket, images: FullImages): Promise<Record<string, ImageFacts>> {
  const facts = await describeImages(images);
  const assets = new Map<string, Uint8Array>(); // the same picture may stand under several paths
  for (const [path, bytes] of images.files) assets.set(facts[path]?.sha256 ?? "", bytes);
  const withConnection = connectionPool();
  await Promise.all(
    [...assets].map(([sha256, bytes]) => withConnection(() => storeAsset(bucket, sha256, bytes))),
  );
  return facts;
}
