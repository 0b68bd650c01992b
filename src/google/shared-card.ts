/**
 * What class and objects of a template and an event agree on: the type, the ids of modules, and what the class has.
 */
import type { TemplatePass } from "../pkpass/schema/schema.ts";
import type { Section } from "../pkpass/styles.ts";
import { type CardContent, cardFields } from "./card-content.ts";
import { type ChosenType, chooseType, MAPPINGS } from "./choose-type.ts";
import { fieldLinks } from "./field-links.ts";
import type { GooglePart } from "./google-part.ts";
import { moduleIds, textModule } from "./text-modules.ts";
import type { TextModule, Uri } from "./types.ts";
import { urlLinks } from "./url-links.ts";

export interface SharedCard {
  readonly chosen: ChosenType;
  readonly template: TemplatePass;
  /** Template and event merged. */
  readonly content: CardContent;
  readonly google: GooglePart;
  /** Field key → module id. */
  readonly ids: ReadonlyMap<string, string>;
  readonly texts: readonly TextModule[];
  readonly links: readonly Uri[];
  readonly titleKeys: ReadonlySet<string>;
  /** Fields of the back that are links, or may become one by the value of a pass. */
  readonly linkKeys: ReadonlySet<string>;
}

export function sharedCard(template: TemplatePass, content: CardContent, google: GooglePart): SharedCard {
  const chosen = chooseType(content, google.type);
  const ids = moduleIds(template, content.style);
  const titleKeys = new Set(MAPPINGS[chosen.type].titleKeys(content));
  const texts: TextModule[] = [];
  const links: Uri[] = [];
  const linkKeys = new Set<string>();
  for (const { key, section, field } of cardFields(content.pass, content.style)) {
    const id = ids.get(key) ?? key;
    const found = isBack(section) ? fieldLinks(content, id, field) : undefined;
    links.push(...(found?.uris ?? []));
    const text = found?.isLink === true ? undefined : textModule(content, id, field);
    if (text === undefined && isBack(section)) linkKeys.add(key);
    // A title is a member of the class already.
    if (text !== undefined && !titleKeys.has(key)) texts.push(text);
  }
  links.push(...urlLinks(content.pass, () => true));
  return { chosen, template, content, google, ids, texts, links, titleKeys, linkKeys };
}

/** Whether the fields of this section may have links. */
export function isBack(section: Section): boolean {
  return section === "backFields" || section === "additionalInfoFields";
}
