/**
 * Compares raw members of a template's `google` part with what Google takes: the type of each value, names inside of objects, the
 * words of enums, and what it requires. For a value of another type or a required member that is missing, Google refuses the whole class or
 * object.
 */
import { isNumber, isObject, type JsonObject, toText } from "../json.ts";
import { EXACTLY_ONE_OF } from "./alternatives.ts";
import { type RawMember, rawMemberOf, rawShape } from "./raw-shapes.ts";

/**
 * - type: no JSON value of this type is possible there
 * - name: the object has no such member
 * - value: it is no word of the enum. Google may have new ones
 */
export type RawFault = FaultPlace &
  ({ readonly kind: "type" } | { readonly kind: "name" | "value"; readonly value: string });

interface FaultPlace {
  /** From the class or the object. */
  readonly path: readonly PropertyKey[];
  /** What Google takes: a description of the type; otherwise the names or the words. */
  readonly expected: string;
  readonly known: readonly string[];
}

/**
 * @param isMember whether the class or the object has a member of this name. Others are left out
 * @param type undefined if it is not known yet
 */
export function* rawValueFaults(
  raw: JsonObject,
  isMember: (name: string) => boolean,
  type?: string,
): Iterable<RawFault> {
  for (const [name, value] of Object.entries(raw)) {
    const member = isMember(name) ? rawMemberOf(name, type) : undefined;
    if (member !== undefined) yield* checkMember(member, value, [name]);
  }
}

/** null removes a member, or is as good as absent. In a list, it is no item. */
function* checkMember(member: RawMember, value: unknown, path: readonly PropertyKey[]): Iterable<RawFault> {
  if (value === null) return;
  if (!member.isList) {
    yield* checkOne(member, value, path);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* checkOne(member, item, [...path, index]);
  } else {
    yield { kind: "type", path, expected: "a list", known: [] };
  }
}

function* checkOne(member: RawMember, value: unknown, path: readonly PropertyKey[]): Iterable<RawFault> {
  const { type, part, words } = member;
  if (!FITS[type](value)) {
    const names = [...rawShape(part).keys()];
    const expected = type === "part" ? `an object with ${names.join(", ")}` : EXPECTED[type];
    yield { kind: "type", path, expected, known: [] };
  } else if (type === "enum" && typeof value === "string" && !words.includes(value)) {
    yield { kind: "value", path, value, expected: words.join(", "), known: words };
  } else if (type === "part" && isObject(value)) {
    const shape = rawShape(part);
    for (const [name, inner] of Object.entries(value)) {
      const of = shape.get(name);
      const known = [...shape.keys()];
      if (of !== undefined) yield* checkMember(of, inner, [...path, name]);
      // Google's own mark of a part, which it ignores.
      else if (name !== "kind")
        yield { kind: "name", path: [...path, name], value: name, expected: known.join(", "), known };
    }
  }
}

export interface MissingMember {
  /** The path of the part that lacks it, from the class or the object. */
  readonly path: readonly PropertyKey[];
  /** A name, or several with "or" between them if one of them is enough. */
  readonly name: string;
}

/**
 * What Google requires inside of raw members and the merged result does not have.
 * @param merged the class or the object with the raw members in it
 */
export function* missingMembers(raw: JsonObject, merged: JsonObject, type: string): Iterable<MissingMember> {
  for (const [name, value] of Object.entries(raw)) {
    const member = rawMemberOf(name, type);
    if (member !== undefined) yield* missingInside(member, value, merged[name], [name]);
  }
}

function* missingInside(
  member: RawMember,
  raw: unknown,
  merged: unknown,
  path: readonly PropertyKey[],
): Iterable<MissingMember> {
  if (member.type !== "part") return;
  if (Array.isArray(raw) && Array.isArray(merged)) {
    // A raw list replaces the mapped one, so its items are those of the result.
    for (const [index, item] of merged.entries())
      yield* missingInside(member, raw[index], item, [...path, index]);
  } else if (isObject(raw) && isObject(merged)) {
    const names = EXACTLY_ONE_OF[member.part] ?? [];
    if (names.length > 0 && names.every((name) => isMissing(merged[name])))
      yield { path, name: names.join(" or ") };
    for (const [name, inner] of rawShape(member.part)) {
      if (inner.isRequired && isMissing(merged[name])) yield { path, name };
      else yield* missingInside(inner, raw[name], merged[name], [...path, name]);
    }
  }
}

/** A blank text is as good as none: Google refuses it where a member is required. */
export function isMissing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

const isText = (value: unknown) => typeof value === "string";
/** Google reads a number from a text too. */
const isDigits = (value: unknown, digits: RegExp) =>
  (isNumber(value) || typeof value === "string") && digits.test(toText(value));

const FITS: Readonly<Record<RawMember["type"], (value: unknown) => boolean>> = {
  text: isText,
  enum: isText,
  boolean: (value) => typeof value === "boolean",
  number: (value) => isDigits(value, /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i),
  int64: (value) => isDigits(value, /^-?\d{1,19}$/),
  part: isObject,
};
const EXPECTED = {
  text: "a text",
  enum: "a text",
  boolean: "true or false",
  number: "a number",
  int64: "a whole number as text",
} as const;
