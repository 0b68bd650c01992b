/**
 * The layout of a card: at most three rows of at most three fields on its front, and a list of all other fields on its details
 * page. Each place names the value of the object first and that of the class second, and Google shows the first that is
 * there: so a change of a template or an event is a change of one class.
 *
 * Follows https://developers.google.com/wallet/reference/rest/v1/ClassTemplateInfo.
 */
import type { TemplatePass } from "../pkpass/schema/schema.ts";
import { ONE_ROW, ONLY_IN, type Section, type Style } from "../pkpass/styles.ts";
import { cardFields } from "./card-content.ts";
import { compact } from "./compact.ts";
import type { CardRow, ClassTemplateInfo, TemplateItem } from "./types.ts";

export const MAX_ROWS = 3;
const MAX_ITEMS = 3;

/** What a class has, for the paths of the layout. */
export interface Layout {
  /** Field key → module id. */
  readonly ids: ReadonlyMap<string, string>;
  /** The ids of the text modules and of the links that the class has. */
  readonly texts: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
  /** Fields that Google shows as the title of the card, from a member of the class. */
  readonly titleKeys: ReadonlySet<string>;
  /** Fields of the back that are links, or may become one by the value of a pass. */
  readonly linkKeys: ReadonlySet<string>;
}

/** @param pass template and event merged @param template for fields that the event hides, and a pass may show again */
export function cardLayout(
  pass: TemplatePass,
  template: TemplatePass,
  style: Style,
  layout: Layout,
): ClassTemplateInfo {
  const rows = frontRows(pass, style, layout.titleKeys).slice(0, MAX_ROWS);
  const onFront = new Set(rows.flat());
  const itemOf = (key: string) => toItem(textPaths(key, layout));
  const details: TemplateItem[] = [];
  for (const { key, section } of cardFields(template, style)) {
    if (onFront.has(key) || !isDrawn(section, style)) continue;
    details.push(itemOf(key));
    if (layout.linkKeys.has(key)) details.push(toItem(linkPaths(layout.ids.get(key) ?? key, layout)));
  }
  const listed = new Set([...layout.linkKeys].map((key) => layout.ids.get(key)));
  for (const id of layout.links) if (!listed.has(id)) details.push(toItem(linkPaths(id, layout)));
  // Without this list, Google shows all modules: the value of a pass, and also the value of the class that it replaces.
  if (details.length === 0) details.push(...rows.flat().map(itemOf));
  return compact<ClassTemplateInfo>({
    cardTemplateOverride: { cardRowTemplateInfos: rows.map((keys) => toRow(keys.map(itemOf))) },
    detailsTemplateOverride: { detailsItemInfos: details.map((item) => ({ item })) },
  });
}

/** The keys of the fields between title and barcode, in rows of at most three. All of them, also those beyond the third row. */
export function frontRows(
  pass: TemplatePass,
  style: Style,
  titleKeys: ReadonlySet<string>,
): readonly (readonly string[])[] {
  const fields = cardFields(pass, style);
  const of = (section: Section, row?: 0 | 1) =>
    fields.filter((each) => {
      return each.section === section && (row === undefined || (each.field.row ?? 0) === row);
    });
  const [header, primary, secondary] = [of("headerFields"), of("primaryFields"), of("secondaryFields")];
  const auxiliary = [of("auxiliaryFields", 0), of("auxiliaryFields", 1)];
  const rows =
    style === "boardingPass"
      ? [[...header, ...primary], ...auxiliary, secondary]
      : ONE_ROW.has(style)
        ? [
            [...header, ...primary],
            [...secondary, ...auxiliary.flat()],
          ]
        : [
            [...header, ...primary],
            secondary,
            ...auxiliary,
            isDrawn("footerFields", style) ? of("footerFields") : [],
          ];
  return rows.flatMap((row) => splitEvenly(row.map(({ key }) => key).filter((key) => !titleKeys.has(key))));
}

function isDrawn(section: Section, style: Style): boolean {
  return ONLY_IN[section]?.includes(style) ?? true;
}

/** Four keys are two rows of two: a row with a single field looks like a mistake. */
function splitEvenly(keys: readonly string[]): string[][] {
  const count = Math.ceil(keys.length / MAX_ITEMS);
  const size = Math.ceil(keys.length / count);
  return Array.from({ length: count }, (_, index) => keys.slice(index * size, (index + 1) * size));
}

/** A title is a member of the class, so its module is only shown if the pass has a value of its own. */
function textPaths(key: string, { ids, texts, titleKeys }: Layout): string[] {
  const id = ids.get(key) ?? key;
  const isShared = texts.has(id) && !titleKeys.has(key);
  return [`object.textModulesData['${id}']`, ...(isShared ? [`class.textModulesData['${id}']`] : [])];
}

function linkPaths(id: string, { links }: Layout): string[] {
  const shared = links.has(id) ? [`class.linksModuleData.uris['${id}']`] : [];
  return [`object.linksModuleData.uris['${id}']`, ...shared];
}

function toItem(paths: readonly string[]): TemplateItem {
  return compact<TemplateItem>({ firstValue: { fields: paths.map((fieldPath) => ({ fieldPath })) } });
}

function toRow(items: readonly TemplateItem[]): CardRow {
  const [first, second, third] = items;
  if (third !== undefined) {
    return compact<CardRow>({ threeItems: { startItem: first, middleItem: second, endItem: third } });
  }
  if (second !== undefined) return compact<CardRow>({ twoItems: { startItem: first, endItem: second } });
  return compact<CardRow>({ oneItem: { item: first } });
}
