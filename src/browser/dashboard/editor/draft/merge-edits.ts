/**
 * Merges two edits of the same JSON. A member that only one of them changed gets that change. Pure.
 *
 * Lists whose items have a `key`, such as fields and questions, are merged item by item. Any other list is one value.
 */
import { isObject, type JsonObject, memberOf, writeJson } from "../../../../json.ts";

/** Undefined: the value is absent. Where both changed the same value, mine counts. */
export function mergeEdits(basis: unknown, mine: unknown, theirs: unknown): unknown {
  if (isSame(basis, mine)) return theirs;
  if (isSame(basis, theirs)) return mine;
  if (isObject(mine) && isObject(theirs)) return mergeObjects(basis, mine, theirs);
  const [before, own, other] = [keyedItems(basis ?? []), keyedItems(mine), keyedItems(theirs)];
  return before && own && other ? mergeItems(before, own, other) : mine;
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || writeJson(one ?? null) === writeJson(other ?? null);
}

function mergeObjects(basis: unknown, mine: JsonObject, theirs: JsonObject): JsonObject {
  const keys = new Set([...Object.keys(theirs), ...Object.keys(mine)]);
  const members = [...keys].flatMap((key) => {
    const merged = mergeEdits(memberOf(basis, key), memberOf(mine, key), memberOf(theirs, key));
    return merged === undefined ? [] : [[key, merged] as const];
  });
  return Object.fromEntries(members);
}

type Items = ReadonlyMap<string, JsonObject>;

/** @returns undefined if it is no list whose items have keys of their own */
function keyedItems(list: unknown): Items | undefined {
  if (!Array.isArray(list)) return undefined;
  const items = new Map<string, JsonObject>();
  for (const item of list) {
    if (!isObject(item) || typeof item.key !== "string" || items.has(item.key)) return undefined;
    items.set(item.key, item);
  }
  return items;
}

function mergeItems(basis: Items, mine: Items, theirs: Items): unknown[] {
  return mergedOrder(basis, mine, theirs).flatMap((key) => {
    const [before, own, other] = [basis.get(key), mine.get(key), theirs.get(key)];
    if (own === undefined && before !== undefined) return [];
    // The other edit removed the item, and mine did not change it.
    if (other === undefined && before !== undefined && isSame(before, own)) return [];
    return [mergeEdits(before, own, other ?? own)];
  });
}

/** The order of their list, or of mine if I moved items. New items of the other list keep the item that they follow. */
function mergedOrder(basis: Items, mine: Items, theirs: Items): readonly string[] {
  const left = [...basis.keys()].filter((key) => mine.has(key));
  const isMoved = left.join("\n") !== [...mine.keys()].filter((key) => basis.has(key)).join("\n");
  const order = [...(isMoved ? mine : theirs).keys()];
  let at = 0;
  for (const key of (isMoved ? theirs : mine).keys()) {
    const known = order.indexOf(key);
    if (known < 0) order.splice(at, 0, key);
    at = (known < 0 ? at : known) + 1;
  }
  return order;
}
