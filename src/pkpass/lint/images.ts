/**
 * The images: whether Wallet has what it needs, whether the style shows them, and whether each language has its own.
 *
 * Their measures are judged in image-sizes.ts.
 * Follows Apple's "Creating the source for a pass" and the Human Interface Guidelines for Wallet.
 */
import { error, type Finding, pointerOf, warning } from "../finding.ts";
import type { Style } from "../schema/fields.ts";
import type { View, ViewedImage } from "./view.ts";

/** What phones have; no phone of today has one pixel a point. */
const DENSITIES = [2, 3];
/** Downloads by mobile networks are what sets the limit: iOS itself takes more. */
const HEAVY_BYTES = 10 * 1024 * 1024;

const EVERY_STYLE = ["icon", "logo"];
const SLOTS: Readonly<Record<Style, readonly string[]>> = {
  boardingPass: ["footer"],
  coupon: ["strip"],
  eventTicket: ["strip", "background", "thumbnail"],
  generic: ["thumbnail"],
  posterGeneric: ["artwork", "background", "primaryLogo"],
  storeCard: ["strip"],
};
/** What a scheme draws beside it. Apple names no list for boarding passes, so that both logos go unjudged there. */
const SLOTS_OF_SCHEMES: Readonly<Record<string, readonly string[]>> = {
  posterEventTicket: ["artwork", "primaryLogo", "secondaryLogo", "venueMap"],
  semanticBoardingPass: ["primaryLogo", "secondaryLogo"],
};

export function* imageFindings(view: View): Iterable<Finding> {
  yield* ofIcon(view);
  yield* ofNames(view);
  yield* ofDensities(view);
  if (view.styles.length > 0) yield* ofStyle(view);
  yield* ofLanguages(view);
  const bytes = [...view.subject.images.values()].reduce((total, image) => total + image.bytes, 0);
  if (bytes > HEAVY_BYTES) {
    yield warning(
      "images_heavy",
      "/images",
      `The images have ${(bytes / 1024 / 1024).toFixed(1)} MB together: the pass takes long to load.`,
      "Make them smaller, below 10 MB together.",
    );
  }
}

function* ofIcon({ subject: { kind, images } }: View): Iterable<Finding> {
  // The template of a pass was refused without one.
  if (kind === "pass" || images.has("icon.png")) return;
  const isMade = kind === "template" && (images.has("icon@2x.png") || images.has("icon@3x.png"));
  const report = isMade ? warning : error;
  yield report(
    "missing_icon",
    "/images",
    isMade
      ? "There is no icon.png beside pass.json: Edgepass makes one of the sharper icon."
      : "There is no icon.png beside pass.json: Wallet refuses a pass without it.",
    "Add icon.png of 29 by 29 pixels, icon@2x.png and icon@3x.png.",
  );
}

function* ofNames(view: View): Iterable<Finding> {
  const known = new Set(view.images.map(({ path }) => path));
  for (const path of view.subject.images.keys()) {
    if (known.has(path)) continue;
    yield warning(
      "image_unknown",
      pointerOf(["images", path]),
      `Wallet knows no image of the name "${path}".`,
      "Name it as Wallet does, such as icon.png, logo@2x.png or fr.lproj/strip@3x.png, or remove it.",
    );
  }
}

function* ofDensities({ images, isFile }: View): Iterable<Finding> {
  for (const set of setsOf(images)) {
    const [first] = set;
    const best = set.at(-1)?.density ?? 0;
    // Edgepass makes the others of the sharpest one, and a file is as it is.
    const missing = DENSITIES.filter(
      (density) => (isFile || density > best) && !set.some((image) => image.density === density),
    );
    if (first === undefined || missing.length === 0) continue;
    const names = missing.map((density) => pathOf(first.language, first.slot, density));
    yield warning(
      "image_density_missing",
      pointerOf(["images", first.path]),
      `There is no ${names.join(" and no ")}: phones of that density stretch or shrink another one, and it looks blurred.`,
      `Add ${names.join(" and ")}.${isFile ? "" : " Edgepass makes smaller images of it, and never larger ones."}`,
    );
  }
}

function* ofStyle(view: View): Iterable<Finding> {
  const { styles, schemes, images } = view;
  const shown = new Set([
    ...EVERY_STYLE,
    ...styles.flatMap((style) => SLOTS[style]),
    ...schemes.flatMap(
      (scheme) => (Object.hasOwn(SLOTS_OF_SCHEMES, scheme) ? SLOTS_OF_SCHEMES[scheme] : undefined) ?? [],
    ),
    ...(view.subject.personalization === undefined ? [] : ["personalizationLogo"]),
  ]);
  const layouts = new Set([
    ...styles,
    ...schemes.filter((scheme) => Object.hasOwn(SLOTS_OF_SCHEMES, scheme)),
  ]);
  for (const [slot, [first]] of Map.groupBy(images, (image) => image.slot)) {
    if (first === undefined || shown.has(slot)) continue;
    yield warning(
      "image_not_shown",
      pointerOf(["images", first.path]),
      slot === "personalizationLogo"
        ? "Only a pass with personalization shows a personalizationLogo."
        : `Wallet shows no ${slot} on ${[...layouts].join(", ")}.`,
      `Remove it, or use one of ${[...shown].join(", ")}.`,
    );
  }
  const strip = images.find(({ slot }) => slot === "strip");
  // The poster draws the background, whatever the classic layout does with it.
  const rivals = schemes.includes("posterEventTicket") ? ["thumbnail"] : ["background", "thumbnail"];
  const rival = images.find(({ slot }) => rivals.includes(slot));
  if (!styles.includes("eventTicket") || strip === undefined || rival === undefined) return;
  yield warning(
    "strip_with_background",
    pointerOf(["images", strip.path]),
    `An event ticket shows a strip, or a background and a thumbnail: here are strip and ${rival.slot}.`,
    `Remove the strip, or the ${rival.slot}.`,
  );
}

function* ofLanguages({ images, languages }: View): Iterable<Finding> {
  const atRoot = new Map(
    images.filter(({ language }) => language === undefined).map((image) => [image.slot, image]),
  );
  const localized = images.filter(({ language }) => language !== undefined);
  for (const [slot, own] of Map.groupBy(localized, (image) => image.slot)) {
    const hiding = atRoot.get(slot);
    if (hiding !== undefined) {
      // The icon has to be at the root, so that one for a language is never seen.
      yield warning(
        "root_image_hides_localized",
        pointerOf(["images", hiding.path]),
        `${hiding.path} hides the ${slot} of every language.`,
        slot === "icon" ? "Remove the icons of the languages." : "Remove it, and give each language its own.",
      );
      continue;
    }
    const having = new Set(own.map((image) => image.language));
    for (const language of languages) {
      if (having.has(language)) continue;
      const path = pathOf(language, slot, 2);
      yield warning(
        "localized_image_missing",
        pointerOf(["images", path]),
        `Other languages have a ${slot}, and ${language} has none.`,
        `Add ${path}, or one ${slot} for all languages beside pass.json.`,
      );
    }
  }
}

/** The densities of each image: one set for a slot and a language. */
export function setsOf(images: readonly ViewedImage[]): (readonly ViewedImage[])[] {
  return [...Map.groupBy(images, ({ language, slot }) => pathOf(language, slot, 1)).values()].map((set) =>
    set.toSorted((a, b) => a.density - b.density),
  );
}

function pathOf(language: string | undefined, slot: string, density: number): string {
  return `${language === undefined ? "" : `${language}.lproj/`}${slot}${density === 1 ? "" : `@${density}x`}.png`;
}
