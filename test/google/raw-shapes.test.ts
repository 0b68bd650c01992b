/**
 * The table of the members of Google's classes and objects (src/google/raw-shapes.ts) is the one of Google's own types, which are
 * generated from its description of the API. They have no words of enums, which are texts there.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CLASS_MEMBERS } from "../../src/google/class-members.ts";
import { OBJECT_MEMBERS } from "../../src/google/object-members.ts";
import { type RawMember, rawMemberOf, rawShape } from "../../src/google/raw-shapes.ts";
import { CLASS_SHAPES } from "./stand-in/class-shapes.ts";
import { OBJECT_SHAPES } from "./stand-in/object-shapes.ts";
import { TYPES } from "./stand-in/resources.ts";
import { readShapes } from "./stand-in/shapes.ts";
import { SHARED_SHAPES } from "./stand-in/shared-shapes.ts";

const types = readFileSync(
  join(import.meta.dirname, "../../node_modules/@googleapis/walletobjects/build/v1.d.ts"),
  "utf8",
);
type Shape = ReadonlyMap<string, string>;
const schemas: ReadonlyMap<string, Shape> = new Map(
  [...types.matchAll(/export interface Schema\$(\w+) \{\n((?: {8}.*\n)*) {4}\}/g)].map(
    ([, name = "", body = ""]) => [
      name,
      new Map(
        [...body.matchAll(/^ {8}(\w+)\?: (?:Schema\$)?(\w+(?:\[\])?)(?: \| null)?;$/gm)].map(
          ([, member = "", type = ""]) => [member, type],
        ),
      ),
    ],
  ),
);

/** Google's name of a part that is compared already. */
const named = new Map<string, string>();

function compare(at: string, own: RawMember | undefined, theirs: string | undefined): string[] {
  const item = theirs?.replace("[]", "") ?? "none";
  if (own === undefined || own.isList !== theirs?.endsWith("[]")) return [`${at} is ${theirs}`];
  const plain = {
    text: "string",
    enum: "string",
    int64: "string",
    boolean: "boolean",
    number: "number",
    part: "",
  };
  if (own.type !== "part") return plain[own.type] === item ? [] : [`${at} is ${item}`];
  const shape = schemas.get(item);
  if (shape === undefined) return [`${at} is ${item}`];
  // Several parts of Google's with equal members are one here.
  const key = `${own.part} ${item}`;
  if (named.has(key)) return [];
  named.set(key, at);
  const ownShape = rawShape(own.part);
  const names = new Set([...shape.keys(), ...ownShape.keys()]);
  for (const ignored of IGNORED[item] ?? []) names.delete(ignored);
  names.delete("kind");
  return [...names].flatMap((name) => compare(`${at}.${name}`, ownShape.get(name), shape.get(name)));
}

/** The reservation of an event has less than that of a flight, and one part is enough for both. */
const IGNORED: Readonly<Record<string, readonly string[]>> = {
  EventReservationInfo: ["eticketNumber", "frequentFlyerInfo"],
};

test("each member of each type is as Google's types have it, at any depth", () => {
  const faults = [
    ["Class", CLASS_MEMBERS],
    ["Object", OBJECT_MEMBERS],
  ].flatMap(([part, table]) =>
    Object.entries(table as Readonly<Record<string, readonly string[]>>).flatMap(([type, members]) => {
      const schema = `${type[0]?.toUpperCase()}${type.slice(1)}${part}`;
      return members.flatMap((name) =>
        compare(`${schema}.${name}`, rawMemberOf(name, type), schemas.get(schema)?.get(name)),
      );
    }),
  );
  expect(faults).toEqual([]);
  expect(named.size).toBeGreaterThan(60);
});

test("the table has no member and no part that no type has", () => {
  const known = new Set<string>(
    [CLASS_MEMBERS, OBJECT_MEMBERS].flatMap((table) => Object.values(table).flat()),
  );
  expect([...rawShape("Resource").keys()].filter((name) => !known.has(name))).toEqual([]);
});

test("what is required inside of members is what the stand-in requires", () => {
  const shapes = readShapes({ ...SHARED_SHAPES, ...CLASS_SHAPES, ...OBJECT_SHAPES });
  const seen = new Set<string>();
  const differing = (at: string, own: RawMember | undefined, theirs: string): string[] => {
    const shape = shapes.get(theirs);
    if (own?.type !== "part" || shape === undefined || seen.has(`${own.part} ${theirs}`)) return [];
    seen.add(`${own.part} ${theirs}`);
    return [...rawShape(own.part)].flatMap(([name, inner]) => {
      const other = shape.get(name);
      if (other === undefined) return [];
      const isSame = inner.isRequired === other.isRequired;
      return [...(isSame ? [] : [`${at}.${name}`]), ...differing(`${at}.${name}`, inner, other.type)];
    });
  };
  const found = TYPES.flatMap((type) =>
    ["Class", "Object"].flatMap((kind) =>
      [...(shapes.get(`${type}${kind}`) ?? [])].flatMap(([name, { type: theirs }]) =>
        differing(`${type}${kind}.${name}`, rawMemberOf(name, type), theirs),
      ),
    ),
  );
  // Google's reference says so of an AppTarget, and the stand-in has one Uri for all places.
  expect(found.filter((at) => !at.endsWith(".targetUri.description"))).toEqual([]);
  expect(seen.size).toBeGreaterThan(20);
});
