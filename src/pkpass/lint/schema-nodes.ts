/**
 * Walks a JSON value together with its schema, and reads the metadata of schemas.
 */
import * as z from "zod";
import { isObject } from "../../json.ts";

type Schema = z.core.$ZodType;

/** A key of the value or an item of an array, with its schema. */
export interface SchemaNode {
  readonly path: readonly PropertyKey[];
  readonly value: unknown;
  /** Undefined if the schema of the parent has no such key. */
  readonly schema: Schema | undefined;
  /** The object that has the key. For an item of an array: the object that has the array. */
  readonly siblings: Readonly<Record<string, unknown>>;
  /** The schema of that object. */
  readonly parent: z.ZodObject;
}

/** Yields every key and array item inside the value that the schema describes, and every key that it does not have. */
export function* walkNodes(
  value: unknown,
  schema: Schema,
  path: readonly PropertyKey[],
): Generator<SchemaNode> {
  const parent = unwrap(schema);
  if (!(parent instanceof z.ZodObject) || !isObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const known = Object.hasOwn(parent.shape, key) ? parent.shape[key] : undefined;
    const node = { path: [...path, key], value: inner, schema: known, siblings: value, parent };
    yield node;
    if (known !== undefined) yield* walkBelow(node, known);
  }
}

function* walkBelow(node: SchemaNode, schema: Schema): Generator<SchemaNode> {
  const list = unwrap(schema);
  if (!(list instanceof z.ZodArray)) {
    yield* walkNodes(node.value, list, node.path);
    return;
  }
  for (const [index, value] of Array.isArray(node.value) ? node.value.entries() : []) {
    const item = { ...node, path: [...node.path, index], value, schema: list.element };
    yield item;
    yield* walkBelow(item, list.element);
  }
}

/** The schema without optional and nullable. */
function unwrap(schema: Schema): Schema {
  return isWrapped(schema) ? unwrap(schema.unwrap()) : schema;
}

function isWrapped(schema: Schema) {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable;
}

/** The metadata of a key. */
export interface KeyMeta {
  /** The iOS version that introduced it. */
  readonly since?: string;
  /** The key that replaced it. */
  readonly instead?: string;
  /** The values that Apple documents. */
  readonly known?: readonly string[];
  /** "uri" for a URL that Wallet opens. */
  readonly format?: string;
  /** The name of the schema in the OpenAPI document. */
  readonly id?: string | undefined;
  /** Apple's name for it, if it is different. */
  readonly title?: string | undefined;
}

const metas = new WeakMap<Schema, KeyMeta>();

/** The metadata of the outermost schema takes precedence. It is kept, because a pass has many values of one schema. */
export function readMeta(schema: Schema): KeyMeta {
  const known = metas.get(schema);
  if (known !== undefined) return known;
  const own: KeyMeta = z.globalRegistry.get(schema) ?? {};
  const meta = isWrapped(schema) ? { ...readMeta(schema.unwrap()), ...own } : own;
  metas.set(schema, meta);
  return meta;
}

const indexes = new WeakMap<Schema, ReadonlyMap<string, ReadonlySet<string>>>();

/** The names of all objects in the schema that contain the key. */
export function findParents(key: string, schema: Schema): readonly string[] {
  const index = indexes.get(schema) ?? buildIndex(schema);
  indexes.set(schema, index);
  return [...(index.get(key) ?? [])];
}

function buildIndex(schema: Schema): ReadonlyMap<string, ReadonlySet<string>> {
  const index = new Map<string, Set<string>>();
  const seen = new Set<Schema>();
  const queue = [schema];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const inner = unwrap(next);
    if (seen.has(inner)) continue;
    seen.add(inner);
    if (inner instanceof z.ZodArray) queue.push(inner.element);
    if (!(inner instanceof z.ZodObject)) continue;
    const name = appleName(inner);
    for (const [key, known] of Object.entries(inner.shape)) {
      index.set(key, (index.get(key) ?? new Set()).add(name));
      queue.push(known);
    }
  }
  return index;
}

/** The name of the object in Apple's documentation. */
export function appleName(parent: z.ZodObject): string {
  const { id = "pass.json", title = id } = readMeta(parent);
  return title;
}
