/**
 * Changes of images. They are merged by slot: an image replaces all densities of its slot in its folder (all of `logo`, or all of
 * `fr.lproj/logo`), because a phone must not show an old density of a new image. Images of other slots and folders stay.
 */
import { isGoogleImage } from "../google/images.ts";
import { stemOf } from "../pkpass/images/names.ts";
import { checkImagePath } from "./images.ts";
import type { Images } from "./packs.ts";

/** Path → the image, or null. Null removes the slot, unless the patch has another density of it. */
export type ImagesPatch = ReadonlyMap<string, Uint8Array | null>;

/** Whether the patch replaces or removes the image with this path. @throws ApiError invalid_image for a path that has no slot */
export function replacedBy(patch: ImagesPatch): (path: string) => boolean {
  for (const path of patch.keys()) if (!isGoogleImage(path)) checkImagePath(path);
  const stems = new Set([...patch.keys()].map(stemOf));
  return (path) => stems.has(stemOf(path));
}

/**
 * The images after the change.
 * @param sent the images as they were sent, without derived densities
 * @param patch null removes all images
 * @throws ApiError invalid_image for a path that has no slot
 */
export function mergeImages(sent: Images, patch: ImagesPatch | null): Images {
  if (patch === null) return new Map();
  const isReplaced = replacedBy(patch);
  const merged = new Map([...sent].filter(([path]) => !isReplaced(path)));
  for (const [path, image] of patch) if (image !== null) merged.set(path, image);
  return merged;
}
