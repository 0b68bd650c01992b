/**
 * The images of a template in the editor: which slots there are, what each is for, and what is in them. Pure.
 */
import { parsePointer } from "../../../../json.ts";
import { IMAGE_PATH, stemOf } from "../../../../pkpass/images/names.ts";
import { ANY_HEIGHT, type ImageArea, type ImageLayout, shownSlots } from "../../../../pkpass/images/slots.ts";
import { STYLES } from "../../../../pkpass/styles.ts";
import type { DraftImage, TemplateDraft } from "../draft/draft.ts";
import type { LintFinding } from "../panel.ts";

type DraftImages = TemplateDraft["images"];

interface SlotWords {
  readonly title: string;
  readonly purpose: string;
}

const WORDS: Readonly<Record<string, SlotWords>> = {
  icon: { title: "Icon", purpose: "On the lock screen and in mails. Every pass needs one." },
  logo: { title: "Logo", purpose: "At the top left of the card." },
  strip: { title: "Strip", purpose: "Behind the primary fields, as wide as the card." },
  thumbnail: { title: "Thumbnail", purpose: "Next to the fields, such as a portrait." },
  background: { title: "Background", purpose: "Behind everything on the card." },
  footer: { title: "Footer", purpose: "Directly above the barcode." },
  artwork: { title: "Artwork", purpose: "The picture of the poster." },
  primaryLogo: { title: "Primary logo", purpose: "At the top of the poster." },
  secondaryLogo: { title: "Secondary logo", purpose: "A second, smaller logo." },
  venueMap: { title: "Venue map", purpose: "In the guide to the event." },
  personalizationLogo: { title: "Sign-up logo", purpose: "Where people sign up for the card." },
};

export function slotWords(slot: string): SlotWords {
  return (Object.hasOwn(WORDS, slot) ? WORDS[slot] : undefined) ?? { title: slot, purpose: "" };
}

/** The size in pixels that is sharp on every phone: three pixels for each point. */
export function wantedSizeWords(area: ImageArea | undefined): string {
  const size = area?.max ?? area?.min;
  if (area === undefined || size === undefined) return "Apple gives no size.";
  const [width, height] = size;
  const text = `${width * 3} × ${height * 3} pixels`;
  if (area.min === undefined) return `At most ${text}`;
  return area.max === undefined ? `${text} or more` : text;
}

/** Whether the height of the image is free. */
export function isWidthOnly(area: ImageArea | undefined): boolean {
  return area?.min?.[1] === ANY_HEIGHT;
}

export function draftLayout({ pass, images, personalization }: TemplateDraft): ImageLayout {
  const { preferredStyleSchemes: schemes } = pass;
  return {
    styles: STYLES.filter((style) => pass[style] !== undefined),
    schemes: Array.isArray(schemes) ? schemes.filter((scheme) => typeof scheme === "string") : [],
    hasPersonalization: personalization !== null,
    hasArtwork: Object.keys(images).some((path) => slotInPath(path) === "artwork"),
  };
}

export interface EditedSlot {
  readonly slot: string;
  /** False: there is an image, but the style does not show it. */
  readonly isShown: boolean;
}

/** The slots that the style shows, and those that have an image although the style does not show it. */
export function slotsOfDraft(draft: TemplateDraft): readonly EditedSlot[] {
  const shown = shownSlots(draftLayout(draft));
  const present = Object.keys(draft.images).flatMap((path) => slotInPath(path) ?? []);
  const left = [...new Set(present)].filter((slot) => !shown.includes(slot));
  return [
    ...shown.map((slot) => ({ slot, isShown: true })),
    ...left.map((slot) => ({ slot, isShown: false })),
  ];
}

function slotInPath(path: string): string | undefined {
  return IMAGE_PATH.exec(path)?.at(-2);
}

/** `logo`, or `fr.lproj/logo`. */
export function stemFor(slot: string, language: string | null): string {
  return language === null ? slot : `${language}.lproj/${slot}`;
}

/** The languages that have an image of their own in this slot. */
export function languagesOfSlot(images: DraftImages, slot: string): readonly string[] {
  const found = Object.keys(images).flatMap((path) => {
    const [, language] = /^([^/]+)\.lproj\//.exec(path) ?? [];
    return language !== undefined && slotInPath(path) === slot ? [language] : [];
  });
  return [...new Set(found)].sort();
}

/** The languages of the draft, by its translations and its images. */
export function languagesOfDraft({ strings, images }: Pick<TemplateDraft, "strings" | "images">) {
  const ofImages = Object.keys(images).flatMap((path) => /^([^/]+)\.lproj\//.exec(path)?.[1] ?? []);
  return [...new Set([...Object.keys(strings), ...ofImages])].sort();
}

export interface SharpestImage {
  readonly path: string;
  readonly density: number;
  readonly image: DraftImage;
}

/** @returns undefined if the slot is empty */
export function sharpestOf(images: DraftImages, stem: string): SharpestImage | undefined {
  for (const density of [3, 2, 1]) {
    const path = pathAt(stem, density);
    const image = Object.hasOwn(images, path) ? images[path] : undefined;
    if (image !== undefined) return { path, density, image };
  }
  return undefined;
}

export function pathAt(stem: string, density: number): string {
  return density === 1 ? `${stem}.png` : `${stem}@${density}x.png`;
}

/** Adds the new images. Each replaces all densities of its slot in its folder, because a phone must not show an old one. */
export function withImages(images: DraftImages, added: Readonly<Record<string, DraftImage>>): DraftImages {
  const stems = new Set(Object.keys(added).map(stemOf));
  const kept = Object.entries(images).filter(([path]) => !stems.has(stemOf(path)));
  return Object.fromEntries([...kept, ...Object.entries(added)]);
}

export function withoutImage(images: DraftImages, stem: string): DraftImages {
  return Object.fromEntries(Object.entries(images).filter(([path]) => stemOf(path) !== stem));
}

/** A missing icon is found at `/images`. */
export function findingsOfStem(findings: readonly LintFinding[], stem: string): readonly LintFinding[] {
  return findings.filter(({ pointer }) => {
    if (pointer === "/images") return stem === "icon";
    const [first, path = ""] = pointer.startsWith("/") ? parsePointer(pointer) : [];
    return first === "images" && stemOf(path) === stem;
  });
}

export interface ImageName {
  readonly slot: string;
  /** Undefined: the name has none. */
  readonly density: number | undefined;
}

const SLOT_NAMES = new Map(Object.keys(WORDS).map((slot) => [slot.toLowerCase(), slot]));

/** Reads the name of a file, such as `icon@2x.png` or `Logo.jpg`. @returns undefined if it is not the name of a slot */
export function readImageName(name: string): ImageName | undefined {
  const [, stem = "", density] = /^([a-z]+)(?:@([123])x)?\.(?:png|jpe?g|webp|gif)$/i.exec(name) ?? [];
  const slot = SLOT_NAMES.get(stem.toLowerCase());
  if (slot === undefined) return undefined;
  return { slot, density: density === undefined ? undefined : Number(density) };
}
