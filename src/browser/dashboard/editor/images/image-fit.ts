/**
 * How an image gets into its slot: at which density, and how large. Pure.
 *
 * The service makes the lower densities from the sharpest one (src/templates/densities.ts), but does not scale what is larger than
 * Wallet shows. So the page makes that smaller, and cuts off what Wallet would.
 */
import { PIXELS } from "../../../../memory.ts";
import { ANY_HEIGHT, type ImageArea } from "../../../../pkpass/images/slots.ts";

export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

export interface ImageFit {
  /** Pixels per point. */
  readonly density: number;
  /** The size at which the whole image is drawn. */
  readonly drawn: PixelSize;
  /** The size of the part in the middle that is kept. */
  readonly kept: PixelSize;
}

const SHARPEST = 3;

/** @param named the density in the name of the file, if it has one */
export function fitImage(size: PixelSize, area: ImageArea | undefined, named?: number): ImageFit {
  if (area === undefined) return fitWithoutArea(size, named);
  const density = named ?? densityOf(size, area);
  const { max, min } = area;
  if (max !== undefined && min?.[1] === ANY_HEIGHT) {
    const drawn = scaled(size, Math.min(1, (max[0] * density) / size.width));
    return { density, drawn, kept: { ...drawn, height: Math.min(drawn.height, max[1] * density) } };
  }
  if (max !== undefined) {
    const drawn = scaled(
      size,
      Math.min(1, (max[0] * density) / size.width, (max[1] * density) / size.height),
    );
    return { density, drawn, kept: drawn };
  }
  const [width, height] = min ?? [size.width, size.height];
  const most = { width: width * SHARPEST, height: height * SHARPEST };
  const drawn = scaled(size, Math.min(1, Math.max(most.width / size.width, most.height / size.height)));
  const kept = {
    width: Math.min(drawn.width, most.width),
    height: Math.min(drawn.height, most.height),
  };
  return { density, drawn, kept };
}

/** The highest density at which the image fills its area. If it may be smaller: at which it is not larger than the area. */
function densityOf({ width, height }: PixelSize, { min, max }: ImageArea): number {
  // Tools round half pixels up or down.
  if (min !== undefined) return clamp(Math.floor(Math.max((width + 1) / min[0], (height + 1) / min[1])));
  return max === undefined ? SHARPEST : clamp(Math.ceil(Math.max(width / max[0], height / max[1])));
}

const clamp = (density: number) => Math.min(SHARPEST, Math.max(1, density));

function fitWithoutArea(size: PixelSize, named = SHARPEST): ImageFit {
  // The service does not decode a larger one.
  const drawn = scaled(size, Math.min(1, Math.sqrt(PIXELS.perImage / (size.width * size.height))));
  return { density: named, drawn, kept: drawn };
}

function scaled({ width, height }: PixelSize, factor: number): PixelSize {
  if (factor === 1) return { width, height };
  return { width: Math.max(1, Math.floor(width * factor)), height: Math.max(1, Math.floor(height * factor)) };
}

export function isUnchanged(size: PixelSize, { kept }: ImageFit): boolean {
  return size.width === kept.width && size.height === kept.height;
}

/** What was done with the file, as a sentence. Empty: nothing. */
export function fitWords(size: PixelSize, fit: ImageFit, isPng: boolean): string {
  const { drawn, kept } = fit;
  const what = [
    ...(isPng ? [] : ["It was converted to a PNG."]),
    ...(drawn.width < size.width
      ? [`It was made smaller, from ${sizeWords(size)} to ${sizeWords(drawn)}.`]
      : []),
    ...(kept.width < drawn.width || kept.height < drawn.height
      ? [`The edges were cut off, to ${sizeWords(kept)}.`]
      : []),
  ];
  return what.join(" ");
}

/** Whether the image is sharp on every phone, and the cure if it is not. Null: it is. @param wanted such as "270 × 270 pixels" */
export function sharpnessWords(
  size: PixelSize,
  density: number,
  area: ImageArea | undefined,
  wanted: string,
) {
  if (area === undefined || density >= SHARPEST) return null;
  const cure = `Use a larger picture: ${wanted.slice(0, 1).toLowerCase()}${wanted.slice(1)}.`;
  // No phone of today has one pixel for each point.
  return density === 1
    ? `At ${sizeWords(size)} it is too small, and looks blurred on every phone. ${cure}`
    : `It is not sharp on every phone. ${cure}`;
}

/** "480 × 150 pixels". */
export function sizeWords({ width, height }: PixelSize): string {
  return `${width} × ${height} pixels`;
}
