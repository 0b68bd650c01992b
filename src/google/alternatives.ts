/**
 * Members of which Google takes only one, such as `doorsOpenLabel` and `customDoorsOpenLabel`. If an object has both, it refuses the
 * whole class or object. The names mean the same in all parts. Pure.
 *
 * Follows https://developers.google.com/wallet/reference/rest ("Both … may not be set", "Exactly one of …").
 */
import { isObject, type JsonObject } from "../json.ts";

/** By the name of their part (raw-shapes.ts): groups of which the part must have exactly one member. */
export const EXACTLY_ONE_OF: Readonly<Record<string, readonly string[]>> = {
  Balance: ["string", "int", "double", "money"],
  Carrier: ["carrierIataCode", "carrierIcaoCode"],
  Row: ["oneItem", "twoItems", "threeItems"],
};

/** Groups of names. If a raw part has several of a group, the last one of the group counts. */
const ALTERNATIVES: readonly (readonly string[])[] = [
  ...Object.values(EXACTLY_ONE_OF),
  ["ticketLeg", "ticketLegs"],
  ["ticketSeat", "ticketSeats"],
  ["sourceUri", "privateImageId"],
  ["firstValue", "predefinedItem"],
  ...[
    ...["confirmationCodeLabel", "gateLabel", "rowLabel", "seatLabel", "sectionLabel", "doorsOpenLabel"],
    ...["concessionCategory", "fareClass", "ticketStatus"],
  ].map((name) => [name, prefixed("custom", name)]),
];

function prefixed(prefix: string, name: string): string {
  return `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Of each group, the names that the object has, if it has more than one. */
export function conflictsIn(object: JsonObject): readonly (readonly string[])[] {
  return ALTERNATIVES.map((names) => names.filter((name) => isGiven(object[name]))).filter(
    (given) => given.length > 1,
  );
}

/** The value with only the last member of each group, at any depth. */
export function withoutConflicts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutConflicts);
  if (!isObject(value)) return value;
  const dropped = new Set(conflictsIn(value).flatMap((given) => given.slice(0, -1)));
  const kept = Object.entries(value).filter(([name]) => !dropped.has(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutConflicts(inner)]));
}

/**
 * The mapped members without those that a raw member replaces, at any depth: its alternatives, and the translations of a text, because
 * Google prefers them to the text.
 */
export function withoutReplacedMembers(mapped: JsonObject, raw: JsonObject): JsonObject {
  const given = Object.keys(raw).filter((name) => isGiven(raw[name]));
  const replaced = new Set(
    given.flatMap((name) => [
      prefixed("localized", name),
      ...ALTERNATIVES.flatMap((names) => (names.includes(name) ? names : [])),
    ]),
  );
  const kept = Object.entries(mapped).filter(([name]) => !replaced.has(name) || Object.hasOwn(raw, name));
  return Object.fromEntries(
    kept.map(([name, value]) => {
      const inner = raw[name];
      return [name, isObject(value) && isObject(inner) ? withoutReplacedMembers(value, inner) : value];
    }),
  );
}

/** null removes a member, as in a merge patch. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
