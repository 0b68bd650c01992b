/**
 * Checks the sizes of the images: against the area that Wallet has for each, and between the densities.
 *
 * Sizes are in points: pixels divided by density. Wallet scales an image to fill its area and crops the rest. Follows
 * the image tables of Apple's PassKit programming guide and of the Human Interface Guidelines for Wallet, and the sizes in
 * Apple's Pass Builder (github.com/apple/pass-builder, 0.1.0). Where they differ, any size between them is accepted.
 */
import { pointerTo } from "../../json.ts";
import { type Finding, warning } from "../finding.ts";
import { groupByImage } from "./images.ts";
import type { View, ViewedImage } from "./view.ts";

type Size = readonly [width: number, height: number];

interface Area {
  readonly max?: Size;
  /** Wallet enlarges an image if both its width and its height are less than this. */
  readonly min?: Size;
  /** Width divided by height, and its description for messages. */
  readonly aspect?: readonly [min: number, max: number, description: string];
}

const ANY = Number.POSITIVE_INFINITY;
/** Tools round half pixels up or down. */
const TOLERANCE = 1;

const AREAS: Readonly<Record<string, Area>> = {
  // 29 is from the programming guide, 38 from newer pages of Apple's documentation and from Pass Builder.
  icon: { max: [38, 38], min: [29, 29], aspect: [0.99, 1.01, "square"] },
  logo: { max: [160, 50] },
  thumbnail: { max: [90, 90], min: [90, 90], aspect: [0.65, 1.52, "between 2:3 and 3:2"] },
  footer: { max: [286, 15] },
  primaryLogo: { max: [126, 30] },
  secondaryLogo: { max: [135, 12] },
  personalizationLogo: { max: [150, 40] },
  artwork: { min: [358, 448] },
};
/** A pass was 312 points wide on the first phones; Apple's own samples are 320 points wide. */
const STRIP_WIDTHS = [312, 375] as const;
/** Pass Builder has one height for all styles. The programming guide has 98 points for an event ticket. */
const STRIP_HEIGHT = 144;
/** The full width of a card, from Pass Builder. Apple's documentation has no size for a poster's background. */
const POSTER_BACKGROUND: Size = [345, 505];
const BLURRED_BACKGROUND: Size = [180, 220];

export function* imageSizeFindings(view: View): Iterable<Finding> {
  for (const set of groupByImage(view.images)) {
    const best = set.at(-1);
    if (best === undefined) continue;
    const area = areaFor(view, best.slot);
    if (area !== undefined) yield* checkArea(best, area);
    yield* compareDensities(set);
  }
}

function areaFor(view: View, slot: string): Area | undefined {
  switch (slot) {
    case "strip":
      return { max: [STRIP_WIDTHS[1], STRIP_HEIGHT], min: [STRIP_WIDTHS[0], ANY] };
    case "background":
      return backgroundArea(view);
    default:
      return Object.hasOwn(AREAS, slot) ? AREAS[slot] : undefined;
  }
}

/** A poster fills the card with its background, unless it has artwork. The classic event ticket blurs it. */
function backgroundArea({ styles, schemes, images }: View): Area {
  const isPosterTicket = schemes.includes("posterEventTicket");
  if (!styles.includes("posterGeneric") && !isPosterTicket)
    return { max: BLURRED_BACKGROUND, min: BLURRED_BACKGROUND };
  const isOnlyBlurred = isPosterTicket && images.some((image) => image.slot === "artwork");
  return { min: isOnlyBlurred ? BLURRED_BACKGROUND : POSTER_BACKGROUND };
}

function* checkArea(image: ViewedImage, { max, min, aspect }: Area): Iterable<Finding> {
  const pointer = pointerTo(["images", image.path]);
  if (max !== undefined && (image.width > max[0] + TOLERANCE || image.height > max[1] + TOLERANCE)) {
    yield warning(
      "image_too_large",
      pointer,
      `${image.path} is ${sizeText(image)}, but Wallet has ${max[0]} × ${max[1]} points for it, so Wallet scales or crops it.`,
      `Resize it to at most ${max[0] * image.density} × ${max[1] * image.density} pixels.`,
    );
  }
  if (min !== undefined && image.width + TOLERANCE < min[0] && image.height + TOLERANCE < min[1]) {
    const size = `${min[0] * image.density}${min[1] === ANY ? " pixels width" : ` × ${min[1] * image.density} pixels`}`;
    yield warning(
      "image_too_small",
      pointer,
      `${image.path} is only ${sizeText(image)}: Wallet enlarges it, and it looks blurred.`,
      `Draw it again in ${size}.`,
    );
  }
  const proportion = image.width / image.height;
  if (aspect !== undefined && (proportion < aspect[0] || proportion > aspect[1])) {
    yield warning(
      "image_aspect_ratio",
      pointer,
      `${image.path} is ${sizeText(image)}, but ${image.slot} must be ${aspect[2]}: Wallet crops it.`,
      `Change its proportions: they must be ${aspect[2]}.`,
    );
  }
}

function* compareDensities([first, ...others]: readonly ViewedImage[]): Iterable<Finding> {
  if (first === undefined) return;
  for (const image of others) {
    const isSame =
      Math.abs(image.width - first.width) <= TOLERANCE && Math.abs(image.height - first.height) <= TOLERANCE;
    if (isSame) continue;
    const [width, height] = [first.width * image.density, first.height * image.density];
    yield warning(
      "image_densities_differ",
      pointerTo(["images", image.path]),
      `${image.path} is ${sizeText(image)}, but ${first.path} is ${sizeText(first)}: phones show them in different sizes.`,
      `Resize it to ${Math.round(width)} × ${Math.round(height)} pixels.`,
    );
  }
}

const sizeText = ({ width, height }: ViewedImage) => `${rounded(width)} × ${rounded(height)} points`;
const rounded = (points: number) => String(Math.round(points * 10) / 10);
