/**
 * Google's class of a template and an event: all that their passes have in common, and the layout of the card.
 *
 * Follows https://developers.google.com/wallet/generic/overview/how-classes-objects-work.
 */
import type { JsonObject } from "../json.ts";
import { type CardContent, NOTHING } from "./card-content.ts";
import { cardLayout } from "./card-rows.ts";
import { MAPPINGS } from "./choose-type.ts";
import { toHexColour } from "./colour.ts";
import { compact, type Draft } from "./compact.ts";
import { defaultText, ifTranslated, localizeText } from "./localized.ts";
import { merchantLocations } from "./locations.ts";
import { mergeRawPart } from "./raw-parts.ts";
import type { SharedCard } from "./shared-card.ts";
import type { ClassTypes } from "./types.ts";
import { appLinkOf } from "./url-links.ts";

export function classOf(card: SharedCard, id: string, callbackUrl?: string): JsonObject {
  const { content, google, chosen } = card;
  const { type } = chosen;
  const mapped = {
    ...compact<ClassTypes["generic"]>(everyClass(card, id)),
    ...(callbackUrl === undefined ? {} : { callbackOptions: { url: callbackUrl } }),
    ...(type === "generic" ? {} : compact<ClassTypes["offer"]>(brandedClass(content))),
    ...compact<ClassTypes["generic"]>(MAPPINGS[type].classMembers(content)),
  };
  return mergeRawPart(mapped, google.class, type, "class");
}

function everyClass(card: SharedCard, id: string): Draft<ClassTypes["generic"]> {
  const { content, template, ids, texts, links, titleKeys, linkKeys } = card;
  const { pass, style } = content;
  return {
    id,
    classTemplateInfo: cardLayout(pass, template, style, {
      ids,
      texts: new Set(texts.map((module) => module.id ?? "")),
      links: new Set(links.map((link) => link.id ?? "")),
      titleKeys,
      linkKeys,
    }),
    textModulesData: texts,
    linksModuleData: { uris: links },
    appLinkData: appLinkOf(pass),
    merchantLocations: merchantLocations(pass),
    multipleDevicesAndHoldersAllowedStatus:
      pass.sharingProhibited === true ? "ONE_USER_ALL_DEVICES" : "MULTIPLE_HOLDERS",
  };
}

/** What all types but generic have. Google approves a class that is sent for review at once. */
function brandedClass(content: CardContent): Draft<ClassTypes["offer"]> {
  const { pass, images } = content;
  const issuer = localizeText(content, pass.organizationName);
  return {
    issuerName: defaultText(issuer) ?? NOTHING,
    localizedIssuerName: ifTranslated(issuer),
    reviewStatus: "UNDER_REVIEW",
    hexBackgroundColor: toHexColour(pass.backgroundColor),
    heroImage: images.hero,
  };
}
