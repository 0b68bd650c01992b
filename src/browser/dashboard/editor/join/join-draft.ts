/**
 * The join page of a draft (src/templates/join-rule.ts): its address, and the questions of its form. Pure.
 */
import { isObject, type JsonObject } from "../../../../json.ts";
import { type FieldKind, fieldKind } from "../../../../pkpass/field-kind.ts";
import { textAt, withMember } from "../draft/pass-members.ts";
import { allFields, fieldName } from "../fields/field-list.ts";

/** The limit of the API. */
const MAX_SLUG = 64;

/** "Café Zoë, Berlin" → "cafe-zoe-berlin". Empty: no letter of the name can be in an address. */
export function slugOf(name: string): string {
  const plain = name.replaceAll("ß", "ss").normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const words = plain.replaceAll(/[^a-z0-9]+/g, "-");
  return words.replace(/^-/, "").slice(0, MAX_SLUG).replace(/-$/, "");
}

/** A join page with only a button. */
export function newJoin(name: string): JsonObject {
  const slug = slugOf(name);
  return { slug: slug === "" ? "card" : slug, fields: [] };
}

export const JOIN_TYPES = [
  ["text", "Text"],
  ["email", "E-mail address"],
  ["tel", "Phone number"],
  ["date", "Date"],
  ["select", "Choice"],
  ["checkbox", "Checkbox"],
] as const;
export type JoinType = (typeof JOIN_TYPES)[number][0];

/** A field of the template that an answer can be shown in. */
export interface AskableField {
  readonly key: string;
  readonly label: string;
  readonly kind: Exclude<FieldKind, "number">;
}

/** Answers are texts and dates, so a field that shows a number cannot be asked for. */
export function askableFields(pass: JsonObject): readonly AskableField[] {
  const found = new Map<string, AskableField>();
  for (const field of allFields(pass)) {
    const key = textAt(field, "key");
    const kind = fieldKind({ ...field, key, value: "" });
    if (key !== "" && kind !== "number" && !found.has(key))
      found.set(key, { key, kind, label: fieldName(field) });
  }
  return [...found.values()];
}

export function joinFieldsOf(join: JsonObject): readonly JsonObject[] {
  return objectsIn(join.fields);
}

const objectsIn = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** A question for the field, as most people would ask it. */
export function questionFor({ key, label, kind }: AskableField): JsonObject {
  const type = typeFor(`${key} ${label}`, kind);
  const autocomplete = type === "text" && /\bname\b/i.test(`${key} ${label}`) ? { autocomplete: "name" } : {};
  return { key, label: sentenceCase(label), type, required: true, ...autocomplete };
}

function typeFor(text: string, kind: AskableField["kind"]): JoinType {
  if (kind === "date" || /birth/i.test(text)) return "date";
  if (/mail/i.test(text)) return "email";
  return /phone|mobile|\btel\b/i.test(text) ? "tel" : "text";
}

/** Labels of cards are often in capitals, and questions are not. */
function sentenceCase(label: string): string {
  if (label !== label.toUpperCase()) return label;
  return label.slice(0, 1) + label.slice(1).toLowerCase();
}

/** Changes the type of a question, and removes the members that only other types have. */
export function withJoinType(question: JsonObject, type: string): JsonObject {
  const { options, maxLength, pattern, ...kept } = question;
  const isTyped = type === "text" || type === "email" || type === "tel";
  return {
    ...kept,
    type,
    ...(isTyped && maxLength !== undefined ? { maxLength } : {}),
    ...(isTyped && pattern !== undefined ? { pattern } : {}),
    ...(type === "select" ? { options: Array.isArray(options) ? options : [] } : {}),
  };
}

/** @param value empty or undefined: the member is left out */
export function withOptional(object: JsonObject, key: string, value: unknown): JsonObject {
  return withMember(object, key, value === "" ? undefined : value);
}

/** The order with one item one place up (-1) or down (1). */
export function movedItem<T>(items: readonly T[], index: number, by: -1 | 1): readonly T[] {
  const item = items[index];
  const to = index + by;
  if (item === undefined || to < 0 || to >= items.length) return items;
  return items.toSpliced(index, 1).toSpliced(to, 0, item);
}

/** One option in each line. */
export function optionsOf(text: string): readonly string[] {
  return text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
}

/** A number that is typed. Another text stays as it is, and the service says what is wrong. */
export function numberOf(text: string): number | string {
  return /^\d{1,15}$/.test(text.trim()) ? Number(text) : text.trim();
}
