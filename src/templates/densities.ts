/**
 * Derives missing densities of images from sharper ones: slot@2x.png and slot.png from slot@3x.png, or slot.png from
 * slot@2x.png, in each language folder separately. An image that was sent is never replaced, and no image is enlarged.
 *
 * An image that cannot be decoded (pkpass/images/read-png.ts) or that exceeds the limits (memory.ts) is skipped. That is not
 * an error, because a phone can scale another density itself. Only the images themselves determine which of them are
 * skipped.
 */
import { PIXELS } from "../memory.ts";
import { readPngHeader, stemOf } from "../pkpass/images/names.ts";
import { type Density, scaleDown } from "../pkpass/images/scale.ts";
import type { Images } from "./packs.ts";

/** The images of a pass, with derived densities. */
export interface FullImages {
  /** The images that were sent, and the derived ones. */
  readonly files: Images;
  /** Path of a derived image → path of its source. */
  readonly derivedFrom: ReadonlyMap<string, string>;
}

/** Missing densities are made from the first of these that was sent and can be decoded. */
const SOURCES = [
  { from: 3, to: [2, 1] },
  { from: 2, to: [1] },
] as const satisfies { from: Density; to: Density[] }[];

/**
 * @param sent validated images (images.ts)
 * @param most the maximum number of all images, and of bytes of all derived images
 */
export function withMissingDensities(sent: Images, most: { images: number; bytes: number }): FullImages {
  const files = new Map(sent);
  const derivedFrom = new Map<string, string>();
  let pixels = 0;
  let bytes = 0;
  for (const stem of listStems(sent)) {
    for (const { from, to } of SOURCES) {
      const source = toPath(stem, from);
      const png = sent.get(source);
      const missing = to.filter((density) => !files.has(toPath(stem, density)));
      if (png === undefined || missing.length === 0) continue;
      const size = countPixels(png);
      if (size > PIXELS.perImage || pixels + size > PIXELS.perRequest) continue;
      pixels += size;
      for (const [density, scaled] of scaleDown(png, from, missing) ?? []) {
        if (files.size >= most.images || bytes + scaled.length > most.bytes) continue;
        const path = toPath(stem, density);
        bytes += scaled.length;
        files.set(path, scaled);
        derivedFrom.set(path, source);
      }
    }
  }
  return { files, derivedFrom };
}

/** Whether `withMissingDensities` may have to decode one of the images. */
export function hasMissingDensities(sent: Images): boolean {
  return listStems(sent).some((stem) =>
    SOURCES.some(
      ({ from, to }) =>
        sent.has(toPath(stem, from)) && to.some((density) => !sent.has(toPath(stem, density))),
    ),
  );
}

/**
 * The paths without density and extension, each once. Paths without a language come first, because every phone shows
 * those images.
 */
function listStems(images: Images): string[] {
  const stems = new Set([...images.keys()].map(stemOf));
  const order = (stem: string) => `${stem.includes("/") ? 1 : 0}${stem}`;
  return [...stems].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

function toPath(stem: string, density: Density): string {
  return density === 1 ? `${stem}.png` : `${stem}@${density}x.png`;
}

function countPixels(png: Uint8Array): number {
  const header = readPngHeader(png);
  return header === undefined ? 0 : header.width * header.height;
}
