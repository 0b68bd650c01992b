/**
 * The images of a class: Google loads them from https addresses, and bytes cannot be sent. So each is the address of a stored
 * image, which the caller makes from its hash.
 *
 * A template may have images made for Google. Without them, its icon is the logo and its strip the hero image: both are
 * smaller than Google asks for (logo 660 × 660, hero 1032 × 336), and Google cuts a circle out of the logo.
 * Follows https://developers.google.com/wallet/generic/resources/brand-guidelines.
 */
import { compact } from "./compact.ts";
import { type Languages, localizeText } from "./localized.ts";
import type { Image } from "./types.ts";

/** Path in the template → the hash of its bytes. */
export type StoredImages = Readonly<Record<string, { readonly sha256: string }>>;

export type UrlOf = (sha256: string) => string;

/** The paths of the images that a template may have for Google only. */
export const GOOGLE_IMAGES = {
  logo: "google/logo.png",
  wideLogo: "google/wideLogo.png",
  hero: "google/hero.png",
} as const;

/** Whether only Google shows the image with this path. It is in no .pkpass. */
export function isGoogleImage(path: string): boolean {
  return Object.values<string>(GOOGLE_IMAGES).includes(path);
}

/** What iPhones get. */
export function withoutGoogleImages<Image>(
  images: Readonly<Record<string, Image>>,
): Readonly<Record<string, Image>> {
  return Object.fromEntries(Object.entries(images).filter(([path]) => !isGoogleImage(path)));
}

const DENSITIES = ["@3x", "@2x", ""];

export interface CardImages {
  readonly logo?: Image | undefined;
  readonly wideLogo?: Image | undefined;
  readonly hero?: Image | undefined;
}

/** The path of an image, or of what replaces it; undefined if there is neither. */
export function imagePathFor(
  slot: keyof typeof GOOGLE_IMAGES,
  images: StoredImages,
  language: string,
): string | undefined {
  const own = GOOGLE_IMAGES[slot];
  if (Object.hasOwn(images, own)) return own;
  const substitute = { logo: "icon", wideLogo: undefined, hero: "strip" }[slot];
  if (substitute === undefined) return undefined;
  const folders = ["", `${language}.lproj/`];
  const paths = folders.flatMap((folder) =>
    DENSITIES.map((density) => `${folder}${substitute}${density}.png`),
  );
  return paths.find((path) => Object.hasOwn(images, path));
}

/** @param description of what the images show, for people who do not see them */
export function cardImages(
  languages: Languages,
  images: StoredImages,
  urlOf: UrlOf,
  description: { readonly logo: string; readonly hero: string },
): CardImages {
  const show = (slot: keyof typeof GOOGLE_IMAGES, text: string) => {
    const path = imagePathFor(slot, images, languages.language);
    const image = path === undefined ? undefined : images[path];
    if (image === undefined) return undefined;
    return compact<Image>({
      sourceUri: { uri: urlOf(image.sha256) },
      contentDescription: localizeText(languages, text),
    });
  };
  return {
    logo: show("logo", description.logo),
    wideLogo: show("wideLogo", description.logo),
    hero: show("hero", description.hero),
  };
}
