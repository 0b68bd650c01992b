/**
 * Maps a merged pass to what its card in Google Wallet shows. Pure, and it reaches no schema.
 *
 * The class is made for this one pass, as if its template and event said everything that the pass says. The real class and object show
 * the same, but some values are in the other one of the two.
 */
import { cardContent } from "../../google/card-content.ts";
import { classOf } from "../../google/class-of.ts";
import type { GooglePart } from "../../google/google-part.ts";
import { cardImages, type StoredImages, type UrlOf } from "../../google/images.ts";
import { DEFAULT_LANGUAGE, type Languages } from "../../google/localized.ts";
import { objectOf } from "../../google/object-of.ts";
import { sharedCard } from "../../google/shared-card.ts";
import type { TemplatePass } from "../../pkpass/schema/schema.ts";
import { type GoogleCardFacts, googleCardFacts } from "./card-facts.ts";

export interface GoogleSource {
  /** The template's own part; empty if it has none. */
  readonly google: GooglePart;
  /** The images of the template. */
  readonly images: StoredImages;
  readonly urlOf: UrlOf;
  /** The pass's own images, if Google may show them. */
  readonly own?: { readonly images: StoredImages; readonly urlOf: UrlOf } | undefined;
}

/** @param strings language → text → translation: at least those of the reader @param locale BCP 47 */
export function googleCardOf(
  pass: TemplatePass,
  { google, images, urlOf, own }: GoogleSource,
  strings: Languages["strings"],
  locale: string,
): GoogleCardFacts {
  const languages = { language: google.language ?? DEFAULT_LANGUAGE, strings };
  const described = { logo: pass.organizationName, hero: pass.description };
  const content = cardContent(pass, google, strings, cardImages(languages, images, urlOf, described));
  const card = sharedCard(pass, content, google);
  const ownHero = own && cardImages(languages, own.images, own.urlOf, described).hero;
  // Ids and the state are not on the card.
  const object = objectOf(
    card,
    { ...content, serialNumber: "", ownColour: undefined },
    {
      ...{ id: "", classId: "", status: "active", hero: ownHero },
      layer: { values: {}, overrides: {}, without: [] },
    },
  );
  return googleCardFacts(card.chosen.type, { class: classOf(card, ""), object }, locale);
}
