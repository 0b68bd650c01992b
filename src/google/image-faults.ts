/**
 * The linter's rules for the images of Google Wallet. Follows
 * https://developers.google.com/wallet/generic/resources/brand-guidelines.
 */
import { pointerTo } from "../json.ts";
import { type Finding, warning } from "../pkpass/finding.ts";
import { GOOGLE_IMAGES, imagePathFor } from "./images.ts";

/** Path → width and height in pixels. */
export type SizedImages = Readonly<Record<string, { readonly width: number; readonly height: number }>>;

const LOGO_SIZE = 660;
const HERO_WIDTH = 1032;
const HERO_RATIO = 3;

export function* imageFaults(images: SizedImages, language: string): Iterable<Finding> {
  const stored = Object.fromEntries(Object.keys(images).map((path) => [path, { sha256: "" }]));
  const { logo, hero } = GOOGLE_IMAGES;
  const substitutes = {
    logo: imagePathFor("logo", stored, language),
    hero: imagePathFor("hero", stored, language),
  };
  if (images[logo] === undefined) {
    yield warning(
      "google_image_missing",
      pointerTo(["images", logo]),
      `There is no logo for Google, so the card shows ${substitutes.logo ?? "none"}. Google cuts a circle out of it.`,
      `Add ${logo}: a square of ${LOGO_SIZE} × ${LOGO_SIZE} pixels, with a margin of 15 %.`,
    );
  }
  if (images[hero] === undefined && substitutes.hero !== undefined) {
    yield warning(
      "google_image_missing",
      pointerTo(["images", hero]),
      `There is no wide image for Google, so the card shows ${substitutes.hero}, which is smaller.`,
      `Add ${hero}: ${HERO_WIDTH} × ${HERO_WIDTH / HERO_RATIO} pixels.`,
    );
  }
  const { width: logoWidth = LOGO_SIZE, height: logoHeight = logoWidth } = images[logo] ?? {};
  if (logoWidth !== logoHeight || logoWidth < LOGO_SIZE) {
    yield warning(
      "google_image_size",
      pointerTo(["images", logo]),
      `The logo has ${logoWidth} × ${logoHeight} pixels. Google wants a square of at least ${LOGO_SIZE}, and cuts a circle out of it.`,
      `Use a square of ${LOGO_SIZE} × ${LOGO_SIZE} pixels.`,
    );
  }
  const { width = HERO_WIDTH, height = width / HERO_RATIO } = images[hero] ?? {};
  if (width < HERO_WIDTH || width / height < HERO_RATIO * 0.98) {
    yield warning(
      "google_image_size",
      pointerTo(["images", hero]),
      `The image has ${width} × ${height} pixels. Google wants at least ${HERO_WIDTH} in width, and three times its height or more.`,
      `Use ${HERO_WIDTH} × ${HERO_WIDTH / HERO_RATIO} pixels.`,
    );
  }
}
