/**
 * The linter's rules for the raw members of a template's `google` part: what raw-parts.ts leaves out or corrects, and what
 * Google would refuse inside them.
 */
import { findValues, isObject, type JsonObject, memberOf, pointerTo } from "../json.ts";
import { type Finding, warning } from "../pkpass/finding.ts";
import { didYouMean, findNearest } from "../pkpass/lint/nearest.ts";
import { CLASS_MEMBERS } from "./class-members.ts";
import { withoutOffset } from "./dates.ts";
import type { GooglePart } from "./google-part.ts";
import { MAX_LOCATIONS } from "./locations.ts";
import { OBJECT_MEMBERS, REQUIRED_MEMBERS } from "./object-members.ts";
import { isKnownMember, type Part, PROTECTED_MEMBERS } from "./raw-parts.ts";
import { rawValueFaults } from "./raw-values.ts";
import type { GoogleType } from "./types.ts";

export function* rawFaults(google: GooglePart, type: GoogleType): Iterable<Finding> {
  for (const part of ["class", "object"] as const) {
    const raw = google[part] ?? {};
    for (const [member, value] of Object.entries(raw)) {
      yield* checkMember(part, type, member, value);
      yield* checkValue(["google", part, member], member, value);
    }
    yield* checkTypes(raw, part, type);
    yield* checkInside(raw, part);
  }
  yield* checkConflicts(google.object ?? {});
}

function* checkMember(part: Part, type: GoogleType, member: string, value: unknown): Iterable<Finding> {
  const pointer = pointerTo(["google", part, member]);
  const ignored = reasonToIgnore(part, type, member, value);
  if (ignored !== undefined) {
    yield warning("google_member_ignored", pointer, ignored, `Remove ${member}.`);
  } else if (!isKnownMember(type, part, member)) {
    const known: readonly string[] = part === "class" ? CLASS_MEMBERS[type] : OBJECT_MEMBERS[type];
    yield warning(
      "google_member_unknown",
      pointer,
      `The ${part} of the type ${type} has no member ${member}, so it is left out${didYouMean(findNearest(member, known))}`,
      `Use a member of Google's ${type} ${part}.`,
    );
  }
}

function reasonToIgnore(part: Part, type: GoogleType, member: string, value: unknown): string | undefined {
  if (PROTECTED_MEMBERS.has(member)) return `Edgepass sets ${member} itself.`;
  if (member === "locations")
    return "Google ignores locations. The locations of pass.json are merchantLocations.";
  const isRequired = REQUIRED_MEMBERS[type][part].includes(member);
  return value === null && isRequired ? `Google requires ${member}, so null does not remove it.` : undefined;
}

function* checkValue(path: readonly string[], member: string, value: unknown): Iterable<Finding> {
  if (member === "reviewStatus" && value !== "UNDER_REVIEW" && value !== null) {
    yield warning(
      "google_class_not_reviewed",
      pointerTo(path),
      `A class with the status ${String(value)} may have no passes. Google approves a class that is UNDER_REVIEW at once.`,
      "Remove reviewStatus.",
    );
  }
  if (member.startsWith("local") && typeof value === "string" && withoutOffset(value) !== value) {
    yield warning(
      "google_date_with_offset",
      pointerTo(path),
      "Times of flights are local at the airport, and Google refuses an offset. It is removed.",
      "Write the time of the airport's clocks without an offset.",
    );
  }
  if (member === "merchantLocations" && Array.isArray(value) && value.length > MAX_LOCATIONS) {
    yield warning(
      "google_too_many_locations",
      pointerTo(path),
      `Google takes at most ${MAX_LOCATIONS} places. Here are ${value.length}, and the last ones are left out.`,
      `Keep at most ${MAX_LOCATIONS}.`,
    );
  }
}

const MAX_FOUND = 100;

/** Values of another type, unknown names and words, at any depth. Google refuses the whole resource for them. */
function* checkTypes(raw: JsonObject, part: Part, type: GoogleType): Iterable<Finding> {
  const isMember = (name: string) => isKnownMember(type, part, name) && !PROTECTED_MEMBERS.has(name);
  for (const { kind, path, value, expected, known } of rawValueFaults(raw, isMember, type)) {
    const pointer = pointerTo(["google", part, ...path]);
    const guess = didYouMean(findNearest(String(value), known));
    const refusal = `and refuses the whole ${part} for it`;
    if (kind === "type") {
      const message = `Google takes ${expected} here, ${refusal}.`;
      yield warning("google_value_malformed", pointer, message, `Write ${expected}.`);
    } else if (kind === "name") {
      const message = `Google has no member ${value} here, ${refusal}${guess}`;
      yield warning("google_member_unknown", pointer, message, `Use one of ${expected}.`);
    } else {
      const message = `Google does not know the value ${value}${guess}`;
      yield warning("google_value_unknown", pointer, message, `Use one of ${expected}.`);
    }
  }
}

/** Values at any depth. */
function* checkInside(raw: JsonObject, part: Part): Iterable<Finding> {
  const images = findValues(raw, (_value, key) => key === "sourceUri", MAX_FOUND);
  for (const { path, value } of images) {
    const uri = memberOf(value, "uri");
    if (value === null || (typeof uri === "string" && uri.startsWith("https://"))) continue;
    yield warning(
      "google_image_insecure",
      pointerTo(["google", part, ...path]),
      "Google loads images from https addresses only.",
      "Write the https address of a public image as sourceUri.uri.",
    );
  }
  for (const [index, module] of asItems(raw.textModulesData).entries()) {
    const id = memberOf(module, "id");
    if (id === undefined || /^[A-Za-z0-9_-]+$/.test(String(id))) continue;
    yield warning(
      "google_id_invalid",
      pointerTo(["google", part, "textModulesData", index, "id"]),
      `The id ${String(id)} has characters other than letters, digits, _ and -.`,
      "Use only letters, digits, _ and -.",
    );
  }
}

function asItems(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

const BALANCES = ["string", "int", "double", "money"];

function* checkConflicts(raw: JsonObject): Iterable<Finding> {
  for (const points of ["loyaltyPoints", "secondaryLoyaltyPoints"]) {
    const balance = memberOf(raw[points], "balance");
    const given = BALANCES.filter((name) => isGiven(memberOf(balance, name)));
    if (given.length > 1) {
      yield conflict(["google", "object", points, "balance"], given);
    }
  }
  if (isGiven(raw.ticketLeg) && isGiven(raw.ticketLegs)) {
    yield conflict(["google", "object", "ticketLeg"], ["ticketLeg", "ticketLegs"]);
  }
  const { start, end } = isObject(raw.validTimeInterval) ? raw.validTimeInterval : {};
  const [from, until] = [memberOf(start, "date"), memberOf(end, "date")];
  if (typeof from === "string" && typeof until === "string" && hasOffset(from) !== hasOffset(until)) {
    yield warning(
      "google_interval_offsets",
      "/google/object/validTimeInterval",
      "One end of the interval has an offset and the other has none. Google wants both or neither.",
      "Write both dates with an offset.",
    );
  }
}

function conflict(path: readonly string[], members: readonly string[]): Finding {
  return warning(
    "google_members_conflict",
    pointerTo(path),
    `Google takes exactly one of ${members.join(" and ")}.`,
    "Keep one of them.",
  );
}

const isGiven = (value: unknown) => value !== undefined && value !== null;
const hasOffset = (date: string) => withoutOffset(date) !== date;
