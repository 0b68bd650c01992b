/**
 * The places of a card's layout: each names paths into object and class, and shows the first of them that has something. Pure.
 *
 * Follows https://developers.google.com/wallet/reference/rest/v1/ClassTemplateInfo.
 */
import { isObject, type JsonObject } from "../../json.ts";
import { eitherText, localizedText } from "./localized-text.ts";

export interface GoogleResources {
  readonly class: JsonObject;
  readonly object: JsonObject;
}

/** What a place shows: a label and a value, or a link. */
export interface GoogleFact {
  readonly label: string;
  readonly value: string;
  readonly href?: string | undefined;
}

/** `.name` or `['id']` */
const STEP = /\['([^']*)'\]|([A-Za-z]\w*)/g;
const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/** The value at a path, such as `object.textModulesData['seat']`. */
export function valueAt(resources: GoogleResources, path: string): unknown {
  let value: unknown = resources;
  for (const [, id, name = ""] of path.matchAll(STEP)) {
    if (id !== undefined)
      value = Array.isArray(value) ? value.find((each) => isObject(each) && each.id === id) : undefined;
    else value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

/** What an item of the layout shows; undefined if none of its paths has something. */
export function itemFact(resources: GoogleResources, item: unknown, locale: string): GoogleFact | undefined {
  if (!isObject(item)) return undefined;
  const [first, second] = [item.firstValue, item.secondValue].map((selector) =>
    selectedFact(resources, selector, locale),
  );
  // Google writes two values with a slash between them.
  if (first !== undefined && second !== undefined)
    return { ...first, value: `${first.value} / ${second.value}` };
  return first ?? second;
}

function selectedFact(resources: GoogleResources, selector: unknown, locale: string): GoogleFact | undefined {
  for (const field of itemsIn(isObject(selector) ? selector.fields : undefined)) {
    const path = isObject(field) ? localizedText(field.fieldPath, locale) : "";
    const fact = factOf(valueAt(resources, path), locale);
    if (fact !== undefined) return fact;
  }
  return undefined;
}

/** A text module, a link, or another member. */
function factOf(value: unknown, locale: string): GoogleFact | undefined {
  if (isObject(value) && typeof value.uri === "string") return linkFact(value, value.uri, locale);
  const isModule = isObject(value) && (value.body !== undefined || value.localizedBody !== undefined);
  const label = isModule
    ? eitherText(value, "header", locale)
    : isObject(value)
      ? eitherText(value, "label", locale)
      : "";
  const text = isModule ? eitherText(value, "body", locale) : localizedText(value, locale);
  return text === "" ? undefined : { label, value: text };
}

/** The link as text if its address has another scheme. */
function linkFact(link: JsonObject, uri: string, locale: string): GoogleFact {
  const value = eitherText(link, "description", locale) || uri;
  const url = URL.parse(uri.toWellFormed());
  const href = url !== null && SAFE_SCHEMES.has(url.protocol) ? url.href : undefined;
  return { label: "", value, href };
}

/** The items of a row, from its start to its end. */
export function rowItems(row: unknown): readonly unknown[] {
  if (!isObject(row)) return [];
  const { oneItem, twoItems, threeItems } = row;
  if (isObject(threeItems)) return [threeItems.startItem, threeItems.middleItem, threeItems.endItem];
  if (isObject(twoItems)) return [twoItems.startItem, twoItems.endItem];
  return isObject(oneItem) ? [oneItem.item] : [];
}

export function itemsIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
