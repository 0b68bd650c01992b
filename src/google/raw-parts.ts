/**
 * Merges the raw members of a template's `google` part over the mapped ones, and sees that Google does not refuse the result for
 * them.
 */
import { isObject, type JsonObject } from "../json.ts";
import { mergePatch } from "../merge.ts";
import { CLASS_MEMBERS } from "./class-members.ts";
import { withoutOffset } from "./dates.ts";
import { MAX_LOCATIONS } from "./locations.ts";
import { OBJECT_MEMBERS, REQUIRED_MEMBERS } from "./object-members.ts";
import type { GoogleType } from "./types.ts";

/** What Edgepass alone decides. */
export const PROTECTED_MEMBERS: ReadonlySet<string> = new Set(["id", "classId", "state"]);

export type Part = "class" | "object";

/** Whether a resource of this type can have the member. */
export function isKnownMember(type: GoogleType, part: Part, member: string): boolean {
  const known: readonly string[] = part === "class" ? CLASS_MEMBERS[type] : OBJECT_MEMBERS[type];
  return known.includes(member);
}

/** @param raw null removes a member that is not required */
export function mergeRawPart(
  mapped: object,
  raw: JsonObject | undefined,
  type: GoogleType,
  part: Part,
): JsonObject {
  const allowed = Object.entries(raw ?? {}).filter(([member]) => {
    return isKnownMember(type, part, member) && !PROTECTED_MEMBERS.has(member);
  });
  const own = Object.fromEntries(Object.entries(mapped));
  const merged = new Map(Object.entries(mergePatch(own, Object.fromEntries(allowed)) as JsonObject));
  for (const required of REQUIRED_MEMBERS[type][part])
    if (!merged.has(required)) merged.set(required, own[required]);
  for (const points of ["loyaltyPoints", "secondaryLoyaltyPoints"]) replaceBalance(merged, raw, points);
  // Google takes one of the two.
  if (merged.has("ticketLegs")) merged.delete("ticketLeg");
  if (!isWholeVenue(merged.get("venue"))) merged.delete("venue");
  for (const [member, value] of merged)
    if (member.startsWith("local") && typeof value === "string") merged.set(member, withoutOffset(value));
  const locations = merged.get("merchantLocations");
  if (Array.isArray(locations)) merged.set("merchantLocations", locations.slice(0, MAX_LOCATIONS));
  return Object.fromEntries(merged);
}

/** A balance is one of four members, so a raw one replaces the mapped one and is not merged into it. */
function replaceBalance(merged: Map<string, unknown>, raw: JsonObject | undefined, member: string): void {
  const [own, given] = [merged.get(member), raw?.[member]];
  if (isObject(own) && isObject(given) && isObject(given.balance))
    merged.set(member, { ...own, balance: given.balance });
}

/** Google refuses a venue without a name or an address. */
function isWholeVenue(venue: unknown): boolean {
  return isObject(venue) && venue.name !== undefined && venue.address !== undefined;
}
