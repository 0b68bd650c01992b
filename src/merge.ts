/**
 * Merges JSON objects: a change into what is stored (RFC 7396, JSON Merge Patch), and one layer of a pass over another.
 *
 * In both, objects merge by key, and everything else replaces the whole value: also an array and an exact number. Keys keep
 * their order, and new ones follow, as with json_patch of SQLite.
 */
import { isObject } from "./json.ts";

/**
 * The value after the patch. A null in the patch removes the member with its key.
 * @param target undefined if nothing is stored
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

/** The lower value, overridden by the upper one. A null inside is a value like any other. */
export function mergeLayers(lower: unknown, upper: unknown): unknown {
  if (!isObject(lower) || !isObject(upper)) return upper;
  const merged = new Map(Object.entries(lower));
  for (const [key, value] of Object.entries(upper)) merged.set(key, mergeLayers(merged.get(key), value));
  return Object.fromEntries(merged);
}
