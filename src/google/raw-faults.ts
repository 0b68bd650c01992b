/**
 * The linter's rules for the raw members of a template's `google` part: what raw-parts.ts leaves out or corrects, and what
 * Google would refuse inside them. The limits of lists, texts and dates are in raw-limits.ts.
 */
import { findValues, isObject, type JsonObject, memberOf, pointerTo } from "../json.ts";
import { type Finding, warning } from "../pkpass/finding.ts";
import { didYouMean, findNearest } from "../pkpass/lint/nearest.ts";
import { conflictsIn } from "./alternatives.ts";
import { CLASS_MEMBERS } from "./class-members.ts";
import { hasOffset } from "./dates.ts";
import type { GooglePart } from "./google-part.ts";
import { OBJECT_MEMBERS, REQUIRED_MEMBERS } from "./object-members.ts";
import { MAX_FOUND_INSIDE, memberMissing, rawLimitFaults } from "./raw-limits.ts";
import { isKnownMember, type Part, PROTECTED_MEMBERS } from "./raw-parts.ts";
import { isMissing, missingMembers, rawValueFaults } from "./raw-values.ts";
import type { GoogleType } from "./types.ts";

/** The class and the object of a pass without values of its own, with the raw members in them. */
type Merged = Readonly<Record<Part, JsonObject>>;

export function* rawFaults(google: GooglePart, type: GoogleType, merged: Merged): Iterable<Finding> {
  for (const part of ["class", "object"] as const) {
    const raw = google[part] ?? {};
    for (const [member, value] of Object.entries(raw)) {
      yield* checkMember(part, type, member, value);
      yield* checkValue(["google", part, member], member, value);
    }
    yield* checkTypes(raw, part, type);
    yield* checkRequired(raw, part, type, merged[part]);
    yield* checkInside(raw, part);
    yield* checkConflicts(raw, part);
    yield* rawLimitFaults(raw, part, merged[part]);
  }
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
  const given = value === null ? "null" : "a blank text";
  return isRequired && isMissing(value)
    ? `Google requires ${member}, so ${given} does not remove it.`
    : undefined;
}

function* checkValue(path: readonly string[], member: string, value: unknown): Iterable<Finding> {
  if (typeof value !== "string") return;
  if (member === "reviewStatus" && value !== "UNDER_REVIEW") {
    yield warning(
      "google_class_not_reviewed",
      pointerTo(path),
      `A class with the status ${value} may have no passes, so this is left out. Edgepass sends UNDER_REVIEW, and Google approves such a class at once.`,
      "Remove reviewStatus.",
    );
  }
  if (member.startsWith("local") && hasOffset(value)) {
    yield warning(
      "google_date_with_offset",
      pointerTo(path),
      "Times of flights are local at the airport, and Google refuses an offset. It is removed.",
      "Write the time of the airport's clocks without an offset.",
    );
  }
}

/** Values of another type, unknown names and words, at any depth. Google refuses the whole resource for them. */
function* checkTypes(raw: JsonObject, part: Part, type: GoogleType): Iterable<Finding> {
  const isMember = (name: string) => isKnownMember(type, part, name) && !PROTECTED_MEMBERS.has(name);
  for (const fault of rawValueFaults(raw, isMember, type)) {
    const { path, expected, known } = fault;
    const pointer = pointerTo(["google", part, ...path]);
    const refusal = `and refuses the whole ${part} for it`;
    if (fault.kind === "type") {
      const message = `Google takes ${expected} here, ${refusal}.`;
      yield warning("google_value_malformed", pointer, message, `Write ${expected}.`);
      continue;
    }
    const { kind, value } = fault;
    const guess = didYouMean(findNearest(kind === "value" ? toNewSpelling(value) : value, known));
    if (kind === "name") {
      const message = `Google has no member ${value} here, ${refusal}${guess}`;
      yield warning("google_member_unknown", pointer, message, `Use one of ${expected}.`);
    } else {
      const message = `Google does not know the value ${value}${guess}`;
      yield warning("google_value_unknown", pointer, message, `Use one of ${expected}.`);
    }
  }
}

/** What Google requires inside of raw members. */
function* checkRequired(
  raw: JsonObject,
  part: Part,
  type: GoogleType,
  merged: JsonObject,
): Iterable<Finding> {
  for (const { path, name } of missingMembers(raw, merged, type)) yield memberMissing(part, path, name);
}

/** An old spelling of a word, such as qrCode, as Google writes it now. */
function toNewSpelling(value: string): string {
  const isOld = /^[a-z][A-Za-z0-9]*$/.test(value);
  return isOld ? value.replaceAll(/[A-Z]/g, "_$&").toUpperCase() : value;
}

/** Values at any depth. */
function* checkInside(raw: JsonObject, part: Part): Iterable<Finding> {
  const images = findValues(raw, (_value, key) => key === "sourceUri", MAX_FOUND_INSIDE);
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
}

/** At any depth. */
function* checkConflicts(raw: JsonObject, part: Part): Iterable<Finding> {
  const found = findValues(
    raw,
    (value) => isObject(value) && conflictsIn(value).length > 0,
    MAX_FOUND_INSIDE,
  );
  for (const { path, value } of found)
    for (const given of isObject(value) ? conflictsIn(value) : [])
      for (const dropped of given.slice(0, -1))
        yield warning(
          "google_members_conflict",
          pointerTo(["google", part, ...path, dropped]),
          `Google takes exactly one of ${given.join(" and ")}, so ${dropped} is left out.`,
          "Keep one of them.",
        );
}
