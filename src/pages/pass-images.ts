/**
 * Selects the images of a pass for a page, in the best density and language, as data URLs.
 *
 * Follows Apple's "Creating the source for a pass" (names, densities, localisations) and RFC 2397 (data URLs).
 */
import { PAGE_IMAGE_BYTES } from "../memory.ts";
import { readPngHeader, slotOf } from "../pkpass/images/names.ts";
import type { PageImage, Pictures } from "./card/parts.tsx";

/** The slots that a page draws. */
const SLOTS = [
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

/** The image of each slot. @param language the folder that the texts come from */
export function selectPictures(
  images: ReadonlyMap<string, Uint8Array>,
  language: string | undefined,
): Pictures {
  return Object.fromEntries(SLOTS.map((slot) => [slot, selectImage(slot, images, language)]));
}

/**
 * Selects the image of a slot: unlocalized images before localized ones, those of the language before others, then the
 * highest density. A page is in memory as a whole, so images above PAGE_IMAGE_BYTES are skipped.
 * @returns undefined if there is none, or if it is not a PNG
 */
function selectImage(
  slot: string,
  images: ReadonlyMap<string, Uint8Array>,
  language: string | undefined,
): PageImage | undefined {
  const rank = (path: string) => (!path.includes("/") ? 0 : path.startsWith(`${language}.lproj/`) ? 1 : 2);
  const [best] = [...images]
    .filter(([path, bytes]) => slotOf(path) === slot && bytes.length <= PAGE_IMAGE_BYTES)
    .map(([path, bytes]) => ({ rank: rank(path), density: parseDensity(path), bytes }))
    .sort((a, b) => a.rank - b.rank || b.density - a.density);
  if (best === undefined) return undefined;
  const { bytes, density } = best;
  const size = readPngHeader(bytes);
  if (size === undefined) return undefined;
  return {
    url: `data:image/png;base64,${bytes.toBase64()}`,
    width: Math.round(size.width / density),
    height: Math.round(size.height / density),
  };
}

const parseDensity = (path: string) => Number(/@(\d)x\.png$/.exec(path)?.[1] ?? 1);
