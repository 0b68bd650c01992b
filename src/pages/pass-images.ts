/**
 * Selects the images of a pass for a page, in the best density and language. The page has their addresses, so that browsers
 * can keep the images without the page.
 *
 * Follows Apple's "Creating the source for a pass" (names, densities, localisations).
 */
import type { Pieces } from "../bytes.ts";
import { PAGE_IMAGE_BYTES } from "../memory.ts";
import type { Pack } from "../pkpass/build/pack.ts";
import { readPngHeader, slotOf } from "../pkpass/images/names.ts";
import { densityOf, rankImages } from "./card/best-image.ts";
import type { PageImage, Pictures } from "./card/parts.tsx";

/** The slots that a page draws, and the icon for the browser's tab. */
const SLOTS = [
  "icon",
  "logo",
  "strip",
  "thumbnail",
  "background",
  "footer",
  "artwork",
  "primaryLogo",
  "secondaryLogo",
  "venueMap",
] as const;

/** The slots that the pass has images for. */
export function slotsOf(images: ReadonlyMap<string, Uint8Array>): Set<string> {
  return new Set([...images.keys()].flatMap((path) => slotOf(path) ?? []));
}

/** The image of a pass with this hash; undefined if the pass has none, or no longer. Translations are not images. */
export function findImage(pack: Pack, sha1: string): Pieces | undefined {
  return pack.files.find((file) => file.sha1 === sha1 && slotOf(file.path) !== undefined)?.file.content;
}

/**
 * The image of each slot.
 * @param language the folder that the texts come from
 * @param urlOf the address of the image with this path
 */
export function selectPictures(
  images: ReadonlyMap<string, Uint8Array>,
  language: string | undefined,
  urlOf: (path: string) => string,
): Pictures {
  return Object.fromEntries(SLOTS.map((slot) => [slot, selectImage(slot, images, language, urlOf)]));
}

/** The slots that links to a page are shown with, the best first. A thumbnail may be the holder's face. */
const SHARED_SLOTS = ["artwork", "strip", "background", "logo", "icon"] as const;

/** The picture that a messenger shows next to a link to the page. */
export function pictureToShare(pictures: Pictures): PageImage | undefined {
  return SHARED_SLOTS.map((slot) => pictures[slot]).find((picture) => picture !== undefined);
}

/**
 * Selects the best image of a slot. Images above PAGE_IMAGE_BYTES are skipped, because phones load them over slow networks.
 * @returns undefined if there is none, or if it is not a PNG
 */
function selectImage(
  slot: string,
  images: ReadonlyMap<string, Uint8Array>,
  language: string | undefined,
  urlOf: (path: string) => string,
): PageImage | undefined {
  const light = [...images].filter(([, bytes]) => bytes.length <= PAGE_IMAGE_BYTES).map(([path]) => path);
  const [path = ""] = rankImages(light, slot, language);
  const size = readPngHeader(images.get(path) ?? NO_BYTES);
  if (size === undefined) return undefined;
  const density = densityOf(path);
  return {
    url: urlOf(path),
    width: Math.round(size.width / density),
    height: Math.round(size.height / density),
  };
}

const NO_BYTES = new Uint8Array();
