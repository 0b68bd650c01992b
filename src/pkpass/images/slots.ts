/**
 * Wallet's images: which of them a layout shows, and the area that Wallet has for each.
 *
 * Pure, also for browsers. Sizes are in points: pixels divided by density. Wallet scales an image to fill its area and crops the
 * rest. Follows the image tables of Apple's PassKit programming guide and of the Human Interface Guidelines for Wallet, and
 * the sizes in Apple's Pass Builder (github.com/apple/pass-builder, 0.1.0). Where they differ, any size between them is accepted.
 */
import type { Style } from "../styles.ts";

const EVERY_STYLE = ["icon", "logo"];
const SLOTS: Readonly<Record<Style, readonly string[]>> = {
  boardingPass: ["footer"],
  coupon: ["strip"],
  eventTicket: ["strip", "background", "thumbnail"],
  generic: ["thumbnail"],
  posterGeneric: ["artwork", "background", "primaryLogo"],
  storeCard: ["strip"],
};
/**
 * The additional images of a scheme. Apple does not list them for boarding passes, so both logos are accepted there.
 */
const SLOTS_OF_SCHEMES: Readonly<Record<string, readonly string[]>> = {
  posterEventTicket: ["artwork", "primaryLogo", "secondaryLogo", "venueMap"],
  semanticBoardingPass: ["primaryLogo", "secondaryLogo"],
};

/** What decides which images a pass shows. */
export interface ImageLayout {
  readonly styles: readonly Style[];
  /** preferredStyleSchemes. */
  readonly schemes: readonly string[];
  readonly hasPersonalization: boolean;
  /** Whether the pass has an image in the slot `artwork`. */
  readonly hasArtwork: boolean;
}

export function isSchemeWithImages(scheme: string): boolean {
  return Object.hasOwn(SLOTS_OF_SCHEMES, scheme);
}

/** The slots that Wallet shows, each once. */
export function shownSlots({
  styles,
  schemes,
  hasPersonalization,
}: Omit<ImageLayout, "hasArtwork">): readonly string[] {
  const ofSchemes = schemes.filter(isSchemeWithImages).flatMap((scheme) => SLOTS_OF_SCHEMES[scheme] ?? []);
  const ofStyles = styles.flatMap((style) => SLOTS[style]);
  return [
    ...new Set([
      ...EVERY_STYLE,
      ...ofStyles,
      ...ofSchemes,
      ...(hasPersonalization ? ["personalizationLogo"] : []),
    ]),
  ];
}

type Size = readonly [width: number, height: number];

export interface ImageArea {
  readonly max?: Size;
  /** Wallet enlarges an image if both its width and its height are less than this. */
  readonly min?: Size;
  /** Width divided by height, and its description for messages. */
  readonly aspect?: readonly [min: number, max: number, description: string];
}

/** In place of a height: only the width counts. */
export const ANY_HEIGHT = Number.POSITIVE_INFINITY;

const AREAS: Readonly<Record<string, ImageArea>> = {
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

/** @returns undefined if Apple has no size for the slot */
export function imageAreaFor(layout: ImageLayout, slot: string): ImageArea | undefined {
  switch (slot) {
    case "strip":
      return { max: [STRIP_WIDTHS[1], STRIP_HEIGHT], min: [STRIP_WIDTHS[0], ANY_HEIGHT] };
    case "background":
      return backgroundArea(layout);
    default:
      return Object.hasOwn(AREAS, slot) ? AREAS[slot] : undefined;
  }
}

/** A poster fills the card with its background, unless it has artwork. The classic event ticket blurs it. */
function backgroundArea({ styles, schemes, hasArtwork }: ImageLayout): ImageArea {
  const isPosterTicket = schemes.includes("posterEventTicket");
  if (!styles.includes("posterGeneric") && !isPosterTicket)
    return { max: BLURRED_BACKGROUND, min: BLURRED_BACKGROUND };
  const isOnlyBlurred = isPosterTicket && hasArtwork;
  return { min: isOnlyBlurred ? BLURRED_BACKGROUND : POSTER_BACKGROUND };
}
