/**
 * The mapping to Google Wallet and the drawing of its card, which are loaded with the first card of Google that a person looks at.
 */
import type { GooglePart } from "../../../google/google-part.ts";
import { GOOGLE_IMAGES, imagePathFor } from "../../../google/images.ts";
import { DEFAULT_LANGUAGE } from "../../../google/localized.ts";
import type { JsonObject } from "../../../json.ts";
import type { GoogleCardFacts } from "../../../pages/google-card/card-facts.ts";
import { googleCardOf } from "../../../pages/google-card/map-pass.ts";
import type { Strings } from "../../../pkpass/translate.ts";
import type { ChosenImage, DraftImages } from "./choose-images.ts";
import { drawableGooglePass } from "./drawable-google.ts";

export { GoogleCard, GoogleDetails } from "../../../pages/google-card/google-card.tsx";
export { GOOGLE_STYLE } from "../../../pages/google-card/style.ts";

/** The images of Google's card, each named by its path. */
export function chooseGoogleImages(images: DraftImages, google: JsonObject | null): ChosenImage[] {
  const slots = Object.keys(GOOGLE_IMAGES) as (keyof typeof GOOGLE_IMAGES)[];
  const { language = DEFAULT_LANGUAGE } = partOf(google);
  const paths = slots.flatMap((slot) => imagePathFor(slot, namesOf(images), language) ?? []);
  return paths.flatMap((path) => {
    const image = images[path];
    return image === undefined ? [] : { slot: path, image, width: image.width, height: image.height };
  });
}

/** @returns undefined if the pass cannot be mapped @param language a folder of translations; undefined: as the texts are written */
export function factsOfDraft(
  { pass, google, images }: { pass: JsonObject; google: JsonObject | null; images: DraftImages },
  urlOf: (path: string) => string,
  strings: Strings | undefined,
  language: string | undefined,
): GoogleCardFacts | undefined {
  const part = partOf(google);
  const translations = language === undefined || strings === undefined ? {} : { [language]: strings };
  const locale = language?.replaceAll("_", "-") ?? part.language ?? DEFAULT_LANGUAGE;
  const source = { google: part, images: namesOf(images), urlOf };
  try {
    return googleCardOf(drawableGooglePass(pass), source, translations, locale);
  } catch {
    // drawable-google.ts repairs the faults that are known. What a person types may have others.
    return undefined;
  }
}

/** The service has checked it. */
function partOf(google: JsonObject | null): GooglePart {
  return google ?? {};
}

/** In a draft, an image is named by its path instead of its hash: new images have no hash yet. */
function namesOf(images: DraftImages) {
  return Object.fromEntries(Object.keys(images).map((path) => [path, { sha256: path }]));
}
