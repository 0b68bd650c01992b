/**
 * Renders Google's class of a template and an event, and Google's object of a pass. Pure: no I/O, no clock.
 *
 * The class has what template and event say, the object what only the pass says. A class is needed before its objects. Both are
 * JSON as Google's API takes it, and neither has a member that Google would refuse.
 */
import type { JsonObject } from "../json.ts";
import { type Layer, mergePass, type PassContent } from "../pkpass/build/render.ts";
import type { TemplatePass } from "../pkpass/schema/schema.ts";
import { type CardContent, cardContent } from "./card-content.ts";
import type { ChosenType } from "./choose-type.ts";
import { classOf } from "./class-of.ts";
import type { GooglePart } from "./google-part.ts";
import { resourceIdOf } from "./ids.ts";
import { cardImages, type StoredImages, type UrlOf } from "./images.ts";
import { DEFAULT_LANGUAGE, type Languages } from "./localized.ts";
import { objectOf } from "./object-of.ts";
import { type SharedCard, sharedCard } from "./shared-card.ts";
import type { ObjectStatus } from "./states.ts";
import type { GoogleType } from "./types.ts";

/** What the passes of a template and an event have in common. */
export interface SharedSource {
  /** About 19 digits. */
  readonly issuerId: string;
  /** Names the class among all classes of the issuer: `classKeyOf` of ids.ts, with a prefix if deployments share an issuer. */
  readonly classKey: string;
  readonly template: TemplatePass;
  readonly event: Layer | undefined;
  /** Language → text → translation. */
  readonly strings: Languages["strings"];
  readonly google: GooglePart | null;
  readonly images: StoredImages;
  /** The public https address of an image of the template. */
  readonly urlOf: UrlOf;
  /** Where Google says who has saved a pass, and who has removed it. */
  readonly callbackUrl?: string | undefined;
}

/** What a pass adds. */
export interface PassSource {
  /** Names the object among all objects of the issuer. */
  readonly objectKey: string;
  readonly serialNumber: string;
  readonly content: Omit<PassContent, "event" | "voided">;
  readonly status: ObjectStatus;
  /** The pass's own images, if they may be public. */
  readonly own?: { readonly images: StoredImages; readonly urlOf: UrlOf };
}

export interface RenderedClass extends ChosenType {
  readonly id: string;
  readonly resource: JsonObject;
}

export interface RenderedObject {
  readonly type: GoogleType;
  readonly id: string;
  readonly classId: string;
  readonly resource: JsonObject;
}

/** It depends on no pass, so that issuing one changes nothing in it. */
export function renderClass(source: SharedSource): RenderedClass {
  const card = toSharedCard(source);
  const id = resourceIdOf(source.issuerId, source.classKey, card.chosen.type);
  return { ...card.chosen, id, resource: classOf(card, id, source.callbackUrl) };
}

export function renderObject(source: SharedSource, pass: PassSource): RenderedObject {
  const card = toSharedCard(source);
  const { type } = card.chosen;
  const id = resourceIdOf(source.issuerId, pass.objectKey, type);
  const classId = resourceIdOf(source.issuerId, source.classKey, type);
  const { content, serialNumber, status } = pass;
  const merged = mergePass(source.template, { ...content, event: source.event, voided: false }, serialNumber);
  const shown = toContent(source, merged);
  const own = pass.own && cardImages(shown, pass.own.images, pass.own.urlOf, descriptionsOf(merged));
  const ownColour = content.overrides.backgroundColor;
  const resource = objectOf(
    card,
    { ...shown, serialNumber, ownColour },
    { id, classId, status, layer: content, hero: own?.hero },
  );
  return { type, id, classId, resource };
}

const NO_PASS: Omit<PassContent, "event"> = {
  values: {},
  overrides: {},
  without: [],
  barcodeMessage: null,
  barcodeAltText: null,
  barcodeText: null,
  voided: false,
};

/** Template and event, as the linter and the class read them. */
export function toSharedCard(source: SharedSource): SharedCard {
  const merged = mergePass(source.template, { ...NO_PASS, event: source.event }, "");
  return sharedCard(source.template, toContent(source, merged), source.google ?? {});
}

function toContent({ google, strings, images, urlOf }: SharedSource, pass: TemplatePass): CardContent {
  const languages = { language: google?.language ?? DEFAULT_LANGUAGE, strings };
  const pictures = cardImages(languages, images, urlOf, descriptionsOf(pass));
  return cardContent(pass, google ?? {}, strings, pictures);
}

function descriptionsOf({ organizationName, description }: TemplatePass) {
  return { logo: organizationName, hero: description };
}
