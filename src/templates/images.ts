/**
 * The images of a template, or of a pass: which may be there, what must be, and what is said of them.
 *
 * Sizes per slot are not judged here: an image that Wallet crops is still a pass.
 */
import { ApiError, pointerTo } from "../errors.ts";
import { IMAGE_PATH, isWholePng, readPngHeader } from "../pkpass/images.ts";
import { assetName, type Images, sixAtATime, storeAsset } from "./packs.ts";

export interface ImageFacts {
  readonly sha256: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
}

/** A pass is refused by iPhones above 15 MiB, and its images are most of it. */
const MAX_BYTES = 8 * 1024 * 1024;
/** A side: far beyond any slot of a pass, and as much as phones and browsers decode. */
const MAX_PIXELS = 8192;
/** Eleven slots in three densities, in some languages. */
const MAX_IMAGES = 200;

/** @throws ApiError missing_icon or invalid_image, with a pointer to the image */
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

/** @throws ApiError missing_icon */
export function demandIcon(images: Images): void {
  if (images.has("icon.png")) return;
  throw new ApiError("missing_icon", "Add icon.png (29 × 29 points): Wallet refuses a pass without it.", {
    pointer: "/images",
  });
}

/** What is known of each image, sorted by path. The images were checked. */
export async function factsOf(images: Images): Promise<Record<string, ImageFacts>> {
  const facts: Record<string, ImageFacts> = {};
  for (const [path, bytes] of [...images].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const header = readPngHeader(bytes);
    if (header === undefined) throw new Error(`${path} was not checked`);
    facts[path] = { sha256: await assetName(bytes), bytes: bytes.length, ...header };
  }
  return facts;
}

/** Puts each image into R2. @returns what is known of each */
export async function storeImages(bucket: R2Bucket, images: Images): Promise<Record<string, ImageFacts>> {
  const facts = await factsOf(images);
  const assets = new Map<string, Uint8Array>(); // the same picture may stand under several paths
  for (const [path, bytes] of images) assets.set(facts[path]?.sha256 ?? "", bytes);
  await sixAtATime([...assets], ([sha256, bytes]) => storeAsset(bucket, sha256, bytes));
  return facts;
}
