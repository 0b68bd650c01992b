/**
 * Merges the raw members of a template's `google` part over the mapped ones, and corrects what Google would refuse because members do not
 * go together or are too many. A raw member that is wrong by itself is written as it is: the linter reports it (raw-faults.ts).
 */
import { isObject, type JsonObject, memberOf } from "../json.ts";
import { mergePatch } from "../merge.ts";
import { withoutConflicts, withoutReplacedMembers } from "./alternatives.ts";
import { MAX_ROWS } from "./card-rows.ts";
import { CLASS_MEMBERS } from "./class-members.ts";
import { haveSameOffsets, withoutOffset } from "./dates.ts";
import { MAX_LOCATIONS } from "./locations.ts";
import { OBJECT_MEMBERS, REQUIRED_MEMBERS } from "./object-members.ts";
import { isMissing } from "./raw-values.ts";
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
  const given = withoutConflicts(Object.fromEntries(allowed)) as JsonObject;
  const own = Object.fromEntries(Object.entries(mapped));
  const merged = new Map(Object.entries(mergePatch(withoutReplacedMembers(own, given), given) as JsonObject));
  for (const required of REQUIRED_MEMBERS[type][part])
    if (isMissing(merged.get(required))) merged.set(required, own[required]);
  // A class with any other status takes no objects.
  if (Object.hasOwn(own, "reviewStatus")) merged.set("reviewStatus", own.reviewStatus);
  if (!isWholeVenue(merged.get("venue"))) merged.delete("venue");
  for (const [member, value] of merged) merged.set(member, corrected(member, value));
  return Object.fromEntries(merged);
}

/** The value of a merged member, as Google takes it. */
function corrected(member: string, value: unknown): unknown {
  switch (member) {
    case "classTemplateInfo":
      return withFewRows(value);
    case "merchantLocations":
      return firstItems(value, MAX_LOCATIONS);
    case "validTimeInterval":
      return withMatchingOffsets(value);
    default:
      return member.startsWith("local") && typeof value === "string" ? withoutOffset(value) : value;
  }
}

/** Google refuses a venue without a name or an address. */
function isWholeVenue(venue: unknown): boolean {
  return isObject(venue) && !isMissing(venue.name) && !isMissing(venue.address);
}

/** Without the start, if only one of the two ends has an offset. */
function withMatchingOffsets(interval: unknown): unknown {
  if (!isObject(interval) || haveSameOffsets(interval)) return interval;
  const { start: _start, ...others } = interval;
  return others;
}

function withFewRows(layout: unknown): unknown {
  const card = memberOf(layout, "cardTemplateOverride");
  const rows = memberOf(card, "cardRowTemplateInfos");
  if (!isObject(layout) || !isObject(card) || !Array.isArray(rows)) return layout;
  return {
    ...layout,
    cardTemplateOverride: { ...card, cardRowTemplateInfos: rows.slice(0, MAX_ROWS) },
  };
}

function firstItems(value: unknown, most: number): unknown {
  return Array.isArray(value) ? value.slice(0, most) : value;
}
