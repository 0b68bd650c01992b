/**
 * Which images of a pass its card needs, and at which size they are drawn. Pure.
 */
import { densityOf, rankImages } from "../../../pages/card/best-image.ts";
import { slotOf } from "../../../pkpass/images/names.ts";
import type { DraftImage } from "../editor/draft/draft.ts";

export type DraftImages = Readonly<Record<string, DraftImage>>;

export interface ChosenImage {
  readonly slot: string;
  readonly image: DraftImage;
  /** In points, as in Wallet: a pixel of an `@2x` image is half a point. */
  readonly width: number;
  readonly height: number;
}

/** The slots that a card draws. */
const SLOTS = [
  "logo",
  "strip",
  "thumbnail",
  "background",
  "footer",
  "artwork",
  "primaryLogo",
  "secondaryLogo",
] as const;

/** @param isSmall then the image with the fewest pixels is enough */
export function chooseImages(
  images: DraftImages,
  language: string | undefined,
  isSmall: boolean,
): ChosenImage[] {
  return SLOTS.flatMap((slot) => {
    const [path = ""] = rankImages(Object.keys(images), slot, language, isSmall ? "lowest" : "highest");
    const image = images[path];
    if (image === undefined) return [];
    const density = densityOf(path);
    const [width, height] = [Math.round(image.width / density), Math.round(image.height / density)];
    return [{ slot, image, width, height }];
  });
}

/** The slots that have an image, which decides between layouts. */
export function slotsIn(images: DraftImages): Set<string> {
  return new Set(Object.keys(images).flatMap((path) => slotOf(path) ?? []));
}
