/**
 * Narrows the types of JSON values that were not validated. A rule checks only values of the type that it expects; the
 * schema reports the others.
 */
import { isObject, type JsonObject } from "../../json.ts";

/** The object, or an empty one. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The array, or an empty one. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The string, or undefined. */
export function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The strings of an array. */
export function asStrings(value: unknown): readonly string[] {
  return asArray(value).filter((item) => typeof item === "string");
}
