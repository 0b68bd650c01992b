/**
 * The places of a value, each with the schema that it has there, and what a schema says of a key.
 */
import * as z from "zod";
import { isObject } from "../schema/primitives.ts";

type Schema = z.core.$ZodType;

/** A key of the value, or an item of a list. */
export interface Place {
  readonly path: readonly PropertyKey[];
  readonly value: unknown;
  /** Undefined: the object that holds the key does not know it. */
  readonly schema: Schema | undefined;
  /** The object around it, and what that is by the schema. An item of a list has those of the list. */
  readonly siblings: Readonly<Record<string, unknown>>;
  readonly holder: z.ZodObject;
}

/** Everything inside the value that the schema has a word on, and every key that it does not know. */
export function* placesIn(value: unknown, schema: Schema, path: readonly PropertyKey[]): Generator<Place> {
  const holder = bare(schema);
  if (!(holder instanceof z.ZodObject) || !isObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const known = Object.hasOwn(holder.shape, key) ? holder.shape[key] : undefined;
    const place = { path: [...path, key], value: inner, schema: known, siblings: value, holder };
    yield place;
    if (known !== undefined) yield* placesBelow(place, known);
  }
}

function* placesBelow(place: Place, schema: Schema): Generator<Place> {
  const list = bare(schema);
  if (!(list instanceof z.ZodArray)) {
    yield* placesIn(place.value, list, place.path);
    return;
  }
  for (const [index, value] of Array.isArray(place.value) ? place.value.entries() : []) {
    const item = { ...place, path: [...place.path, index], value, schema: list.element };
    yield item;
    yield* placesBelow(item, list.element);
  }
}

/** The schema without what makes it optional. */
function bare(schema: Schema): Schema {
  return isWrapped(schema) ? bare(schema.unwrap()) : schema;
}

function isWrapped(schema: Schema) {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable;
}

/** What the schema says of a key: the iOS that brought it, the key that replaced it, the words that are known. */
export interface KeyMeta {
  readonly since?: string;
  readonly instead?: string;
  readonly known?: readonly string[];
  /** Its name in the OpenAPI document. */
  readonly id?: string;
  /** Apple's name for it, where that is another. */
  readonly title?: string;
}

/** The outermost word counts. */
export function metaOf(schema: Schema): KeyMeta {
  const own: KeyMeta = z.globalRegistry.get(schema) ?? {};
  return isWrapped(schema) ? { ...metaOf(schema.unwrap()), ...own } : own;
}

const indexes = new WeakMap<Schema, ReadonlyMap<string, ReadonlySet<string>>>();

/** The objects anywhere in the schema that know the key, by Apple's names for them. */
export function holdersOf(key: string, schema: Schema): readonly string[] {
  const index = indexes.get(schema) ?? indexOf(schema);
  indexes.set(schema, index);
  return [...(index.get(key) ?? [])];
}

function indexOf(schema: Schema): ReadonlyMap<string, ReadonlySet<string>> {
  const index = new Map<string, Set<string>>();
  const seen = new Set<Schema>();
  const waiting = [schema];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const inner = bare(next);
    if (seen.has(inner)) continue;
    seen.add(inner);
    if (inner instanceof z.ZodArray) waiting.push(inner.element);
    if (!(inner instanceof z.ZodObject)) continue;
    const name = nameOf(inner);
    for (const [key, known] of Object.entries(inner.shape)) {
      index.set(key, (index.get(key) ?? new Set()).add(name));
      waiting.push(known);
    }
  }
  return index;
}

/** As Apple's documentation calls the object. */
export function nameOf(holder: z.ZodObject): string {
  const { id = "pass.json", title = id } = metaOf(holder);
  return title;
}
