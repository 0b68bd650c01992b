/**
 * Members of which Google takes one, such as `doorsOpenLabel` and `customDoorsOpenLabel`. If both are there, it refuses the whole class
 * or object. Their names mean the same wherever they are. Pure.
 *
 * Follows https://developers.google.com/wallet/reference/rest ("Both … may not be set", "Exactly one of …").
 */
import { isObject, type JsonObject } from "../json.ts";

/** Groups of names. If a raw part has several of a group, the last one counts. */
const ALTERNATIVES: readonly (readonly string[])[] = [
  ["string", "int", "double", "money"],
  ["ticketLeg", "ticketLegs"],
  ["ticketSeat", "ticketSeats"],
  ["carrierIataCode", "carrierIcaoCode"],
  ["sourceUri", "privateImageId"],
  ["oneItem", "twoItems", "threeItems"],
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

/** The value with one name of each group, at any depth. */
export function withoutConflicts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutConflicts);
  if (!isObject(value)) return value;
  const dropped = new Set(conflictsIn(value).flatMap((given) => given.slice(0, -1)));
  const kept = Object.entries(value).filter(([name]) => !dropped.has(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutConflicts(inner)]));
}

/**
 * The mapped members without those whose place a raw member takes, at any depth: its alternatives, and the translations of a text that
 * it replaces, because Google shows translations before the text.
 */
export function withoutOverridden(mapped: JsonObject, raw: JsonObject): JsonObject {
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
      return [name, isObject(value) && isObject(inner) ? withoutOverridden(value, inner) : value];
    }),
  );
}

const isGiven = (value: unknown) => value !== undefined && value !== null;
