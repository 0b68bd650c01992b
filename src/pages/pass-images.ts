/**
 * One of a pass's images, for a page: the best of its densities and languages, inside the page itself.
 *
 * Follows Apple's "Creating the source for a pass" (names, densities, localisations) and RFC 2397 (data URLs).
 */
import { readPngHeader, slotOf } from "../pkpass/images/names.ts";

export interface PageImage {
  readonly url: string;
  /** In points, as Wallet counts: the pixels of an `@2x` image are half a point. */
  readonly width: number;
  readonly height: number;
}

/**
 * The image for a slot, such as `logo`: the one outside of all languages before a localised one, then the densest.
 * Undefined if there is none, or what is there is no PNG.
 */
export function imageFor(slot: string, images: ReadonlyMap<string, Uint8Array>): PageImage | undefined {
  const [best] = [...images]
    .filter(([path]) => slotOf(path) === slot)
    .map(([path, bytes]) => ({ isLocalised: path.includes("/"), density: densityOf(path), bytes }))
    .sort((a, b) => Number(a.isLocalised) - Number(b.isLocalised) || b.density - a.density);
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

const densityOf = (path: string) => Number(/@(\d)x\.png$/.exec(path)?.[1] ?? 1);
