/**
 * The densities that were not sent, made from sharper ones that were: slot@2x.png and slot.png from slot@3x.png, slot.png
 * from slot@2x.png; in each language folder for itself. What was sent is never replaced, and nothing is made larger.
 *
 * An image that cannot be scaled (pkpass/images/read-png.ts) gives none, and is no fault: a phone that lacks a density scales
 * another one. So are those beyond the bounds below: which ones are left out depends on the images alone.
 */
import { readPngHeader } from "../pkpass/images/names.ts";
import { MAX_PIXELS } from "../pkpass/images/read-png.ts";
import { type Density, scaleDown } from "../pkpass/images/scale.ts";
import type { Images } from "./packs.ts";

/** Images as they go into a pass. */
export interface FullImages {
  /** Those that were sent, and the derived ones. */
  readonly files: Images;
  /** Path of a derived image → path of the one that it was made from. */
  readonly derivedFrom: ReadonlyMap<string, string>;
}

/** Decoded for one request, however many languages it has: some seconds of a Worker's 30 s of CPU. */
const MAX_PIXELS_TOGETHER = 8 * MAX_PIXELS;

/** What lacks can be made from the first of these that was sent and can be read. */
const SOURCES = [
  { from: 3, to: [2, 1] },
  { from: 2, to: [1] },
] as const satisfies { from: Density; to: Density[] }[];

/**
 * @param sent checked images (images.ts)
 * @param most how many images there may be then, and how many bytes the derived ones may have together
 */
export function withMissingDensities(sent: Images, most: { images: number; bytes: number }): FullImages {
  const files = new Map(sent);
  const derivedFrom = new Map<string, string>();
  let pixels = 0;
  let bytes = 0;
  for (const stem of stemsOf(sent)) {
    for (const { from, to } of SOURCES) {
      const source = pathOf(stem, from);
      const png = sent.get(source);
      const lacking = to.filter((density) => !files.has(pathOf(stem, density)));
      if (png === undefined || lacking.length === 0) continue;
      const size = pixelsOf(png);
      if (size > MAX_PIXELS || pixels + size > MAX_PIXELS_TOGETHER) continue;
      pixels += size;
      for (const [density, scaled] of scaleDown(png, from, lacking) ?? []) {
        if (files.size >= most.images || bytes + scaled.length > most.bytes) continue;
        const path = pathOf(stem, density);
        bytes += scaled.length;
        files.set(path, scaled);
        derivedFrom.set(path, source);
      }
    }
  }
  return { files, derivedFrom };
}

/** The paths without density and ending, each once, sorted: those without a language first, every phone shows them. */
function stemsOf(images: Images): string[] {
  const stems = new Set([...images.keys()].map((path) => path.replace(/(@[23]x)?\.png$/, "")));
  const order = (stem: string) => `${stem.includes("/") ? 1 : 0}${stem}`;
  return [...stems].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

function pathOf(stem: string, density: Density): string {
  return density === 1 ? `${stem}.png` : `${stem}@${density}x.png`;
}

function pixelsOf(png: Uint8Array): number {
  const header = readPngHeader(png);
  return header === undefined ? 0 : header.width * header.height;
}
