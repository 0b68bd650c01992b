/**
 * Checks the sizes of the images: against the area that Wallet has for each, and between the densities.
 *
 * Sizes are in points: pixels divided by density. What Wallet has for each image is in ../images/slots.ts.
 */
import { pointerTo } from "../../json.ts";
import { type Finding, warning } from "../finding.ts";
import { ANY_HEIGHT, type ImageArea, imageAreaFor } from "../images/slots.ts";
import { groupByImage, imageLayoutOf } from "./images.ts";
import type { View, ViewedImage } from "./view.ts";

/** Tools round half pixels up or down. */
const TOLERANCE = 1;

export function* imageSizeFindings(view: View): Iterable<Finding> {
  const layout = imageLayoutOf(view);
  for (const set of groupByImage(view.images)) {
    const best = set.at(-1);
    if (best === undefined) continue;
    const area = imageAreaFor(layout, best.slot);
    if (area !== undefined) yield* checkArea(best, area);
    yield* compareDensities(set);
  }
}

function* checkArea(image: ViewedImage, { max, min, aspect }: ImageArea): Iterable<Finding> {
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
    const size = `${min[0] * image.density}${min[1] === ANY_HEIGHT ? " pixels width" : ` × ${min[1] * image.density} pixels`}`;
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
