/**
 * Google's object of a pass: what only this pass has. Values of template and event stay in the class, so that issuing passes
 * and changing a template need no object.
 *
 * Follows https://developers.google.com/wallet/generic/overview/how-classes-objects-work.
 */
import { isObject, type JsonObject } from "../json.ts";
import type { Layer } from "../pkpass/build/render.ts";
import { firstDateOf } from "../pkpass/first-date.ts";
import { barcodeOf } from "./barcode.ts";
import { cardFields } from "./card-content.ts";
import { MAPPINGS } from "./choose-type.ts";
import { compact, type Draft } from "./compact.ts";
import { toInterval } from "./dates.ts";
import { fieldLinks } from "./field-links.ts";
import { merchantLocations } from "./locations.ts";
import type { ObjectContent } from "./mapping.ts";
import { mergeRawPart } from "./raw-parts.ts";
import { isBack, type SharedCard } from "./shared-card.ts";
import { type ObjectStatus, stateOf } from "./states.ts";
import { emptyModule, textModule } from "./text-modules.ts";
import type { Image, ObjectTypes, TextModule, Uri } from "./types.ts";
import { appLinkOf, urlLinks } from "./url-links.ts";

export interface OwnParts {
  readonly id: string;
  readonly classId: string;
  readonly status: ObjectStatus;
  /** What the pass itself says. */
  readonly layer: Layer;
  /** The pass's own hero image. */
  readonly hero: Image | undefined;
}

/** @param content the pass merged over event and template */
export function objectOf(card: SharedCard, content: ObjectContent, own: OwnParts): JsonObject {
  const { type } = card.chosen;
  const mapped = {
    ...{ id: own.id, classId: own.classId },
    ...compact<ObjectTypes["generic"]>(MAPPINGS[type].objectMembers(content)),
    ...compact<ObjectTypes["generic"]>(everyObject(card, content, own)),
  };
  return mergeRawPart(mapped, card.google.object, type, "object");
}

function everyObject(
  card: SharedCard,
  content: ObjectContent,
  { status, layer, hero }: OwnParts,
): Draft<ObjectTypes["generic"]> {
  const { pass } = content;
  const sets = (key: string) => Object.hasOwn(layer.overrides, key);
  const { texts, links } = ownModules(card, content, layer);
  // A start is only for the reminder that generic passes can have.
  const start = card.chosen.type === "generic" ? firstDateOf(pass) : undefined;
  return {
    state: stateOf(status === "active" && pass.voided === true ? "voided" : status),
    barcode: barcodeOf(content, content.barcodes),
    validTimeInterval: toInterval(start, pass.expirationDate),
    groupingInfo: { groupingId: pass.groupingIdentifier },
    textModulesData: texts,
    linksModuleData: { uris: [...links, ...urlLinks(pass, sets)] },
    appLinkData: sets("appLaunchURL") || sets("featuredActions") ? appLinkOf(pass) : undefined,
    merchantLocations: sets("locations") ? merchantLocations(pass) : undefined,
    heroImage: hero,
  };
}

/** The modules of the fields that the pass itself sets. */
function ownModules(card: SharedCard, content: ObjectContent, layer: Layer) {
  const texts: TextModule[] = [];
  const links: Uri[] = [];
  const inClass = new Set(card.texts.map((module) => module.id));
  const shown = new Map(cardFields(content.pass, content.style).map((each) => [each.key, each]));
  for (const { key, section, field: declared } of cardFields(card.template, content.style)) {
    if (!isObject(layer.values[key]) || !Object.hasOwn(layer.values, key)) continue;
    // The title of a generic pass is a member of the object already.
    if (card.chosen.type === "generic" && card.titleKeys.has(key)) continue;
    const id = card.ids.get(key) ?? key;
    const field = shown.get(key)?.field;
    const found = field !== undefined && isBack(section) ? fieldLinks(content, id, field) : undefined;
    links.push(...(found?.uris ?? []));
    const isOnlyLink = found?.isLink === true && card.linkKeys.has(key);
    const text = field === undefined || isOnlyLink ? undefined : textModule(content, id, field);
    if (text !== undefined) texts.push(text);
    else if (inClass.has(id)) texts.push(emptyModule(content, id, field ?? declared));
  }
  return { texts, links };
}
