/**
 * The linter's rules for lists, texts and dates in the raw members of a template's `google` part, as Google's reference limits them.
 */
import { findValues, isObject, type JsonObject, memberOf, pointerTo } from "../json.ts";
import { type Finding, warning } from "../pkpass/finding.ts";
import { isGiven } from "./alternatives.ts";
import { MAX_ROWS } from "./card-rows.ts";
import { hasOffset, haveSameOffsets } from "./dates.ts";
import { MAX_LOCATIONS } from "./locations.ts";
import type { Part } from "./raw-parts.ts";
import { MAX_MODULES } from "./text-modules.ts";

/** @param merged the class or the object with the raw members in it */
export function* rawLimitFaults(raw: JsonObject, part: Part, merged: JsonObject): Iterable<Finding> {
  yield* checkLists(raw, part);
  yield* checkIds(raw, part);
  yield* checkTexts(raw, part);
  yield* checkLegs(raw, part, merged);
  yield* checkIntervals(raw, part);
}

/** The greatest number of items that Google takes or shows. A list that it would refuse is shortened (raw-parts.ts). */
const LISTS = [
  {
    code: "google_too_many_fields",
    path: ["textModulesData"],
    most: MAX_MODULES,
    says: `shows at most ${MAX_MODULES} text modules`,
  },
  {
    code: "google_too_many_links",
    path: ["linksModuleData", "uris"],
    most: MAX_MODULES,
    says: `shows at most ${MAX_MODULES} links`,
  },
  {
    code: "google_too_many_locations",
    path: ["merchantLocations"],
    most: MAX_LOCATIONS,
    says: `takes at most ${MAX_LOCATIONS} places, and the last ones are left out`,
  },
  {
    code: "google_too_many_rows",
    path: ["classTemplateInfo", "cardTemplateOverride", "cardRowTemplateInfos"],
    most: MAX_ROWS,
    says: `takes at most ${MAX_ROWS} rows, and the last ones are left out`,
  },
] as const;

function* checkLists(raw: JsonObject, part: Part): Iterable<Finding> {
  for (const { code, path, most, says } of LISTS) {
    const { length } = asItems(valueAt(raw, path));
    if (length <= most) continue;
    const pointer = pointerTo(["google", part, ...path]);
    yield warning(code, pointer, `Google ${says}. Here are ${length}.`, `Keep at most ${most}.`);
  }
}

/** Lists whose items the layout names by their ids. */
const LISTS_WITH_IDS = [["textModulesData"], ["imageModulesData"], ["linksModuleData", "uris"]] as const;

function* checkIds(raw: JsonObject, part: Part): Iterable<Finding> {
  for (const list of LISTS_WITH_IDS) {
    const modules = asItems(valueAt(raw, list));
    for (const [index, module] of modules.entries()) {
      const id = memberOf(module, "id");
      if (typeof id !== "string" || /^[A-Za-z0-9_-]+$/.test(id)) continue;
      yield warning(
        "google_id_invalid",
        pointerTo(["google", part, ...list, index, "id"]),
        `The id ${id} has characters other than letters, digits, _ and -.`,
        "Use only letters, digits, _ and -.",
      );
    }
  }
}

const TEXTS = [
  {
    path: ["hexBackgroundColor"],
    takes: "a colour such as #3c1e0a",
    fits: matches(/^#(?:[0-9a-f]{3}){1,2}$/i),
  },
  { path: ["countryCode"], takes: "a code of two letters, such as AT", fits: matches(/^[A-Z]{2}$/) },
  {
    path: ["balanceUpdateTime", "date"],
    takes: "a date with an offset, such as 2027-03-05T06:30:00Z",
    fits: hasOffset,
  },
] as const;

function* checkTexts(raw: JsonObject, part: Part): Iterable<Finding> {
  for (const { path, takes, fits } of TEXTS) {
    const text = valueAt(raw, path);
    if (typeof text !== "string" || fits(text)) continue;
    yield warning(
      "google_value_malformed",
      pointerTo(["google", part, ...path]),
      `Google takes ${takes} here, and refuses the whole ${part} for another text.`,
      `Write ${takes}.`,
    );
  }
}

function matches(pattern: RegExp) {
  return (text: string) => pattern.test(text);
}

/** What Google requires of a leg depends on the other members of the leg. */
function* checkLegs(raw: JsonObject, part: Part, merged: JsonObject): Iterable<Finding> {
  if (part === "class") return;
  const legs = isObject(raw.ticketLeg) ? [[["ticketLeg"], merged.ticketLeg] as const] : [];
  const listed = asItems(raw.ticketLegs).map((leg, index) => [["ticketLegs", index], leg] as const);
  for (const [path, leg] of [...legs, ...listed]) {
    if (!isObject(leg)) continue;
    const { originName, originStationCode, destinationName, destinationStationCode } = leg;
    const isCodeMissing = isGiven(destinationStationCode) && !isGiven(originStationCode);
    const isNameMissing = !isGiven(originName) && (isGiven(destinationName) || !isGiven(originStationCode));
    if (isCodeMissing) yield memberMissing(part, path, "originStationCode");
    if (isNameMissing) yield memberMissing(part, path, "originName");
  }
}

export function memberMissing(part: Part, path: readonly PropertyKey[], name: string): Finding {
  return warning(
    "google_member_missing",
    pointerTo(["google", part, ...path]),
    `Google requires ${name} here, and refuses the whole ${part} without it.`,
    `Add ${name}.`,
  );
}

/** The greatest number of places that a search at any depth finds. */
export const MAX_FOUND_INSIDE = 100;

/** At any depth. The pass may have the other end of its own interval. */
function* checkIntervals(raw: JsonObject, part: Part): Iterable<Finding> {
  const isMixed = (value: unknown) => isObject(value) && !haveSameOffsets(value);
  for (const { path } of findValues(raw, isMixed, MAX_FOUND_INSIDE))
    yield offsetsDiffer(part, path, "One end of the interval has an offset and the other has none.");
  const ends = ["start", "end"].map((end) => valueAt(raw, ["validTimeInterval", end, "date"]));
  const [only, other] = ends.filter((date) => typeof date === "string");
  if (only === undefined || other !== undefined || hasOffset(only)) return;
  const words =
    "This date has no offset, and a date of the pass, such as its expirationDate, always has one.";
  yield offsetsDiffer(part, ["validTimeInterval"], words);
}

function offsetsDiffer(part: Part, path: readonly PropertyKey[], words: string): Finding {
  return warning(
    "google_interval_offsets",
    pointerTo(["google", part, ...path]),
    `${words} Google wants both or neither.`,
    "Write dates with an offset.",
  );
}

function asItems(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function valueAt(raw: JsonObject, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => memberOf(inner, name), raw);
}
