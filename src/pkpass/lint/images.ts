/**
 * Checks the images: required ones must be present, the style must show them, and localized ones must be complete.
 *
 * image-sizes.ts checks their sizes.
 * Follows Apple's "Creating the source for a pass" and the Human Interface Guidelines for Wallet.
 */
import { pointerTo } from "../../json.ts";
import { error, type Finding, warning } from "../finding.ts";
import { type ImageLayout, isSchemeWithImages, shownSlots } from "../images/slots.ts";
import type { View, ViewedImage } from "./view.ts";

/** The densities of phones. No current phone has one pixel per point. */
const DENSITIES = [2, 3];
/** For downloads over mobile networks. iOS itself accepts more. */
const HEAVY_BYTES = 10 * 1024 * 1024;

export function* imageFindings(view: View): Iterable<Finding> {
  yield* checkIcon(view);
  yield* checkNames(view);
  yield* checkDensities(view);
  if (view.styles.length > 0) yield* checkStyle(view);
  yield* checkLanguages(view);
  const bytes = [...view.subject.images.values()].reduce((total, image) => total + image.bytes, 0);
  if (bytes > HEAVY_BYTES) {
    yield warning(
      "images_total_too_large",
      "/images",
      `The images have ${(bytes / 1024 / 1024).toFixed(1)} MB in total, so the pass takes a long time to download.`,
      "Reduce them to less than 10 MB in total.",
    );
  }
}

function* checkIcon({ subject: { kind, images } }: View): Iterable<Finding> {
  // The template of a pass must have one.
  if (kind === "pass" || images.has("icon.png")) return;
  const isDerived = kind === "template" && (images.has("icon@2x.png") || images.has("icon@3x.png"));
  const report = isDerived ? warning : error;
  yield report(
    "missing_icon",
    "/images",
    isDerived
      ? "icon.png is missing. Edgepass makes it from the icon with the highest density."
      : "icon.png is missing. Wallet refuses a pass without it.",
    "Add icon.png with 29 × 29 pixels, icon@2x.png and icon@3x.png.",
  );
}

function* checkNames(view: View): Iterable<Finding> {
  const known = new Set(view.images.map(({ path }) => path));
  for (const path of view.subject.images.keys()) {
    if (known.has(path)) continue;
    // A template with it is refused (templates/images.ts). In a file, Wallet ignores it.
    yield (view.isFile ? warning : error)(
      "image_unknown",
      pointerTo(["images", path]),
      `"${path}" is not the name of an image that Wallet knows.`,
      "Use one of Wallet's names, such as icon.png, logo@2x.png or fr.lproj/strip@3x.png, or remove it.",
    );
  }
}

function* checkDensities({ images, isFile }: View): Iterable<Finding> {
  for (const set of groupByImage(images)) {
    const [first] = set;
    const best = set.at(-1)?.density ?? 0;
    // For a template, Edgepass makes the lower densities from the highest one. A file must contain all of them.
    const missing = DENSITIES.filter(
      (density) => (isFile || density > best) && !set.some((image) => image.density === density),
    );
    if (first === undefined || missing.length === 0) continue;
    const names = missing.map((density) => imagePath(first.language, first.slot, density));
    yield warning(
      "image_density_missing",
      pointerTo(["images", first.path]),
      `There is no ${names.join(" and no ")}: phones with that density scale another image, which looks blurred.`,
      `Add the missing images.${isFile ? "" : " Edgepass scales images down, but never up."}`,
    );
  }
}

function* checkStyle(view: View): Iterable<Finding> {
  const { styles, schemes, images } = view;
  const shown = new Set(shownSlots(imageLayoutOf(view)));
  const layouts = new Set([...styles, ...schemes.filter(isSchemeWithImages)]);
  for (const [slot, [first]] of Map.groupBy(images, (image) => image.slot)) {
    if (first === undefined || shown.has(slot)) continue;
    yield warning(
      "image_not_shown",
      pointerTo(["images", first.path]),
      slot === "personalizationLogo"
        ? "Wallet shows personalizationLogo only on a pass with personalization."
        : `Wallet does not show ${slot} on ${[...layouts].join(", ")}.`,
      `Remove it, or use one of ${[...shown].join(", ")}.`,
    );
  }
  const strip = images.find(({ slot }) => slot === "strip");
  // The poster always draws the background, so only the thumbnail conflicts with a strip.
  const conflicting = schemes.includes("posterEventTicket") ? ["thumbnail"] : ["background", "thumbnail"];
  const conflict = images.find(({ slot }) => conflicting.includes(slot));
  if (!styles.includes("eventTicket") || strip === undefined || conflict === undefined) return;
  yield warning(
    "strip_with_background",
    pointerTo(["images", strip.path]),
    `An event ticket shows either strip, or background and thumbnail. This one has strip and ${conflict.slot}.`,
    `Remove either strip or ${conflict.slot}.`,
  );
}

/** What decides which images the pass shows, and in which area. */
export function imageLayoutOf({ styles, schemes, images, subject }: View): ImageLayout {
  return {
    styles,
    schemes,
    hasPersonalization: subject.personalization !== undefined,
    hasArtwork: images.some(({ slot }) => slot === "artwork"),
  };
}

function* checkLanguages({ images, languages }: View): Iterable<Finding> {
  const atRoot = new Map(
    images.filter(({ language }) => language === undefined).map((image) => [image.slot, image]),
  );
  const localized = images.filter(({ language }) => language !== undefined);
  for (const [slot, own] of Map.groupBy(localized, (image) => image.slot)) {
    const hiding = atRoot.get(slot);
    if (hiding !== undefined) {
      // The icon must be at the root, so a localized icon is never shown.
      yield warning(
        "root_image_hides_localized",
        pointerTo(["images", hiding.path]),
        `${hiding.path} hides the localized ${slot} of every language.`,
        slot === "icon" ? "Remove the localized icons." : `Remove it, and add a ${slot} for each language.`,
      );
      continue;
    }
    const having = new Set(own.map((image) => image.language));
    for (const language of languages) {
      if (having.has(language)) continue;
      const path = imagePath(language, slot, 2);
      yield warning(
        "localized_image_missing",
        pointerTo(["images", path]),
        `Other languages have their own ${slot}, but ${language} has none.`,
        `Add one for each language, or replace all of them with one ${slot} next to pass.json.`,
      );
    }
  }
}

/** Groups the images by slot and language. Each group is sorted by density. */
export function groupByImage(images: readonly ViewedImage[]): (readonly ViewedImage[])[] {
  return [...Map.groupBy(images, ({ language, slot }) => imagePath(language, slot, 1)).values()].map((set) =>
    set.toSorted((a, b) => a.density - b.density),
  );
}

function imagePath(language: string | undefined, slot: string, density: number): string {
  return `${language === undefined ? "" : `${language}.lproj/`}${slot}${density === 1 ? "" : `@${density}x`}.png`;
}
