/**
 * The sections of a style in words, and which of their fields Wallet draws. Pure.
 */
import type { JsonObject } from "../../../../json.ts";
import {
  FIELD_LIMITS,
  ONE_ROW,
  ONLY_IN,
  ROW_LENGTH,
  type Section,
  type Style,
} from "../../../../pkpass/styles.ts";
import { STYLE_WORDS } from "../../template-words.ts";
import { asField, entriesOf, type FieldPlace, fieldAt, fieldName } from "./field-list.ts";

export const SECTION_NAMES: Readonly<Record<Section, string>> = {
  headerFields: "Header",
  primaryFields: "Primary",
  secondaryFields: "Secondary",
  auxiliaryFields: "Auxiliary",
  footerFields: "Footer",
  backFields: "Back",
  additionalInfoFields: "More information",
};

/** The order in which people read a pass. */
const ORDER = Object.keys(SECTION_NAMES) as readonly Section[];

/** Whether the style has this section. Back and more information have no limit. */
export function hasSection(style: Style, section: Section): boolean {
  if (ONLY_IN[section]?.includes(style) === false) return false;
  const isBehind = section === "backFields" || section === "additionalInfoFields";
  return isBehind || FIELD_LIMITS[style][section] !== undefined;
}

/** The sections of the style, and those that have fields although no phone draws them. */
export function sectionsShown(pass: JsonObject, style: Style): readonly Section[] {
  return ORDER.filter((section) => hasSection(style, section) || entriesOf(pass, style, section).length > 0);
}

/** Whether the section has two rows, each with its own limit. */
export function hasTwoRows(style: Style, section: Section): boolean {
  return style === "eventTicket" && section === "auxiliaryFields";
}

/** Whether Wallet draws the field. */
export function isDrawn(pass: JsonObject, { style, section, index }: FieldPlace): boolean {
  if (!hasSection(style, section)) return false;
  const limit = FIELD_LIMITS[style][section] ?? Number.POSITIVE_INFINITY;
  const entries = entriesOf(pass, style, section);
  if (hasTwoRows(style, section)) {
    const rowOf = (entry: unknown) => (asField(entry).row === 1 ? 1 : 0);
    const before = entries.slice(0, index).filter((entry) => rowOf(entry) === rowOf(entries[index]));
    return before.length < limit;
  }
  if (ONE_ROW.has(style) && section === "auxiliaryFields") {
    const secondary = entriesOf(pass, style, "secondaryFields").length;
    return index < Math.max(0, ROW_LENGTH - secondary);
  }
  return index < limit;
}

/** How many fields of the section are drawn, and how many are not. */
export function drawnWords(pass: JsonObject, style: Style, section: Section): string {
  const { length } = entriesOf(pass, style, section);
  if (!hasSection(style, section)) return `${STYLE_WORDS[style]}: Wallet does not show this section.`;
  const hidden = Array.from({ length }, (_, index) => index).filter(
    (index) => !isDrawn(pass, { style, section, index }),
  ).length;
  const rest = hidden === 0 ? "" : ` ${hidden === 1 ? "One is" : `${hidden} are`} not shown.`;
  return limitWords(style, section) + rest;
}

function limitWords(style: Style, section: Section): string {
  if (section === "backFields") return "Behind the pass. As many as you like.";
  if (section === "additionalInfoFields") return "In the details of an event. As many as you like.";
  if (ONE_ROW.has(style) && (section === "secondaryFields" || section === "auxiliaryFields"))
    return `Secondary and auxiliary fields share one row of ${ROW_LENGTH}.`;
  const limit = FIELD_LIMITS[style][section];
  return `Wallet draws at most ${limit}${hasTwoRows(style, section) ? " in each of two rows" : ""}.`;
}

/** "Points, 2 of 3 in Secondary": for screen readers. */
export function placeWords(pass: JsonObject, place: FieldPlace): string {
  const { length } = entriesOf(pass, place.style, place.section);
  const name = fieldName(fieldAt(pass, place));
  return `${name}, ${place.index + 1} of ${length} in ${SECTION_NAMES[place.section]}`;
}
