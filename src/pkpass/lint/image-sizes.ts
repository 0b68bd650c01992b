/**
 * The measures of the images: against the room that Wallet has for each, and of the densities against each other.
 *
 * In points: pixels by density. Wallet scales an image to fill its room and crops the rest.
 * Follows the image tables of Apple's PassKit programming guide and of the Human Interface Guidelines for Wallet.
 */
import { type Finding, pointerOf, warning } from "../finding.ts";
import { setsOf } from "./images.ts";
import type { View, ViewedImage } from "./view.ts";

type Size = readonly [width: number, height: number];

interface Room {
  readonly most?: Size;
  /** An image that is narrower and lower than this is stretched. */
  readonly least?: Size;
  /** Width by height, from and to. */
  readonly aspect?: readonly [from: number, to: number, named: string];
}

const ANY = Number.POSITIVE_INFINITY;
/** Half pixels are rounded this way or that. */
const TOLERANCE = 1;

const ROOMS: Readonly<Record<string, Room>> = {
  // 38 is what Apple's newer pages say.
  icon: { most: [38, 38], least: [29, 29], aspect: [0.99, 1.01, "square"] },
  logo: { most: [160, 50] },
  thumbnail: { most: [90, 90], least: [90, 90], aspect: [0.65, 1.52, "between 2:3 and 3:2"] },
  footer: { most: [286, 15] },
  primaryLogo: { most: [126, 30] },
  secondaryLogo: { most: [135, 12] },
  personalizationLogo: { most: [150, 40] },
  artwork: { least: [358, 448] },
};
/** 312 points were the width of a pass on the first phones, and 320 that of Apple's own samples. */
const STRIP_WIDTHS = [312, 375] as const;
const EVENT_STRIP_HEIGHT = 98;
const STRIP_HEIGHT = 144;

export function* imageSizeFindings(view: View): Iterable<Finding> {
  for (const set of setsOf(view.images)) {
    const best = set.at(-1);
    if (best === undefined) continue;
    const room = roomFor(view, best.slot);
    if (room !== undefined) yield* inRoom(best, room);
    yield* amongDensities(set);
  }
}

function roomFor({ styles }: View, slot: string): Room | undefined {
  switch (slot) {
    case "strip":
      return {
        most: [STRIP_WIDTHS[1], styles.includes("eventTicket") ? EVENT_STRIP_HEIGHT : STRIP_HEIGHT],
        least: [STRIP_WIDTHS[0], ANY],
      };
    case "background":
      // A poster's background has no size that Apple names.
      return styles.includes("posterGeneric") ? undefined : { most: [180, 220], least: [180, 220] };
    default:
      return Object.hasOwn(ROOMS, slot) ? ROOMS[slot] : undefined;
  }
}

function* inRoom(image: ViewedImage, { most, least, aspect }: Room): Iterable<Finding> {
  const pointer = pointerOf(["images", image.path]);
  if (most !== undefined && (image.width > most[0] + TOLERANCE || image.height > most[1] + TOLERANCE)) {
    yield warning(
      "image_too_large",
      pointer,
      `${image.path} is ${told(image)}, and its room is ${most[0]} by ${most[1]} points: Wallet scales or crops it.`,
      `Draw it in ${most[0] * image.density} by ${most[1] * image.density} pixels at most.`,
    );
  }
  if (least !== undefined && image.width + TOLERANCE < least[0] && image.height + TOLERANCE < least[1]) {
    const height = least[1] === ANY ? "" : ` by ${least[1] * image.density}`;
    yield warning(
      "image_blurred",
      pointer,
      `${image.path} is ${told(image)}: Wallet stretches it, and it looks blurred.`,
      `Draw it in ${least[0] * image.density}${height} pixels.`,
    );
  }
  const proportion = image.width / image.height;
  if (aspect !== undefined && (proportion < aspect[0] || proportion > aspect[1])) {
    yield warning(
      "image_aspect",
      pointer,
      `${image.path} is ${told(image)}, and a ${image.slot} is ${aspect[2]}: Wallet crops it.`,
      `Draw it so that width by height is ${aspect[2]}.`,
    );
  }
}

function* amongDensities([first, ...others]: readonly ViewedImage[]): Iterable<Finding> {
  if (first === undefined) return;
  for (const image of others) {
    const isSame =
      Math.abs(image.width - first.width) <= TOLERANCE && Math.abs(image.height - first.height) <= TOLERANCE;
    if (isSame) continue;
    const [width, height] = [first.width * image.density, first.height * image.density];
    yield warning(
      "image_densities_differ",
      pointerOf(["images", image.path]),
      `${image.path} is ${told(image)}, and ${first.path} is ${told(first)}: phones show them in different sizes.`,
      `Draw it in ${Math.round(width)} by ${Math.round(height)} pixels.`,
    );
  }
}

const told = ({ width, height }: ViewedImage) => `${rounded(width)} by ${rounded(height)} points`;
const rounded = (points: number) => String(Math.round(points * 10) / 10);
