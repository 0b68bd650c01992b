/**
 * The fields of a draft: add, change, move and remove them. Pure. Every member of a field is kept, also those that the editor
 * does not know. The draft may be wrong, as people type it: what is no list of fields has none.
 */
import { isObject, type JsonObject, memberOf } from "../../../../json.ts";
import { SECTIONS, type Section, STYLES, type Style } from "../../../../pkpass/styles.ts";
import { textAt, withMember } from "../draft/pass-members.ts";

export interface FieldPlace {
  readonly style: Style;
  readonly section: Section;
  readonly index: number;
}

/** The styles of a pass: usually one, or posterGeneric with the one that older phones show. */
export function stylesIn(pass: JsonObject): readonly Style[] {
  return STYLES.filter((style) => isObject(pass[style]));
}

export function entriesOf(pass: JsonObject, style: Style, section: Section): readonly unknown[] {
  const entries = memberOf(pass[style], section);
  return Array.isArray(entries) ? entries : [];
}

export function fieldAt(pass: JsonObject, { style, section, index }: FieldPlace): JsonObject {
  return asField(entriesOf(pass, style, section)[index]);
}

export function asField(entry: unknown): JsonObject {
  return isObject(entry) ? entry : {};
}

/** How people know the field. */
export function fieldName(field: JsonObject): string {
  return textAt(field, "label") || textAt(field, "key") || "Field without a label";
}

/** The fields of all styles. */
export function allFields(pass: JsonObject): readonly JsonObject[] {
  return STYLES.flatMap((style) => fieldsIn(pass, style));
}

export function fieldsIn(pass: JsonObject, style: Style): readonly JsonObject[] {
  return SECTIONS.flatMap((section) => entriesOf(pass, style, section).map(asField));
}

export function changeField(pass: JsonObject, place: FieldPlace, field: JsonObject): JsonObject {
  const { style, section, index } = place;
  return withEntries(pass, style, section, entriesOf(pass, style, section).with(index, field));
}

/** @param entry whatever was removed, or a new field */
export function insertField(pass: JsonObject, place: FieldPlace, entry: unknown): JsonObject {
  const { style, section, index } = place;
  return withEntries(pass, style, section, entriesOf(pass, style, section).toSpliced(index, 0, entry));
}

export function removeField(pass: JsonObject, { style, section, index }: FieldPlace): JsonObject {
  return withEntries(pass, style, section, entriesOf(pass, style, section).toSpliced(index, 1));
}

/** @param to its index does not count the field itself */
export function moveField(pass: JsonObject, from: FieldPlace, to: FieldPlace): JsonObject {
  const entry = entriesOf(pass, from.style, from.section)[from.index];
  return entry === undefined ? pass : insertField(removeField(pass, from), to, entry);
}

/** The place after the last field of a section, if the field at `from` leaves its own. */
export function endOf(pass: JsonObject, style: Style, section: Section, from?: FieldPlace): FieldPlace {
  const { length } = entriesOf(pass, style, section);
  const isOwn = from?.style === style && from.section === section;
  return { style, section, index: isOwn ? length - 1 : length };
}

/** A section without fields is left out. */
function withEntries(
  pass: JsonObject,
  style: Style,
  section: Section,
  entries: readonly unknown[],
): JsonObject {
  const sections = pass[style];
  const value = entries.length === 0 ? undefined : entries;
  return { ...pass, [style]: withMember(isObject(sections) ? sections : {}, section, value) };
}
