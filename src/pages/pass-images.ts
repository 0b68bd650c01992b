/**
 * Selects an image of a pass for a page, in the best density and language, as a data URL.
 *
 * Follows Apple's "Creating the source for a pass" (names, densities, localisations) and RFC 2397 (data URLs).
 */
import { PAGE_IMAGE_BYTES } from "../memory.ts";
import { readPngHeader, slotOf } from "../pkpass/images/names.ts";

export interface PageImage {
  readonly url: string;
  /** In points, as in Wallet: a pixel of an `@2x` image is half a point. */
  readonly width: number;
  readonly height: number;
}

/**
 * Selects the image of a slot, such as `logo`: unlocalized images before localized ones, then the highest density.
 * A page is in memory as a whole, so images above PAGE_IMAGE_BYTES are skipped.
 * @returns undefined if there is none, or if it is not a PNG
 */
export function selectImage(slot: string, images: ReadonlyMap<string, Uint8Array>): PageImage | undefined {
  const [best] = [...images]
    .filter(([path, bytes]) => slotOf(path) === slot && bytes.length <= PAGE_IMAGE_BYTES)
    .map(([path, bytes]) => ({ isLocalized: path.includes("/"), density: parseDensity(path), bytes }))
    .sort((a, b) => Number(a.isLocalized) - Number(b.isLocalized) || b.density - a.density);
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
