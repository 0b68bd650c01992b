/**
 * The fields of a pass.json that may be incomplete or wrong: what they are called, and what kind of value they take. Pure.
 */
import { type ExactNumber, isNumber, isObject, type JsonObject, memberOf } from "../../../json.ts";
import { type FieldKind, fieldKind } from "../../../pkpass/field-kind.ts";
import { SECTIONS, type Section, STYLES } from "../../../pkpass/styles.ts";

export type FieldValue = string | number | ExactNumber;

export interface TemplateField {
  readonly key: string;
  /** What a person calls it: its label, or its key if it has none. */
  readonly name: string;
  readonly section: Section;
  /** The kind of the value. A field without a style takes a number if it has one now. */
  readonly kind: FieldKind;
  /** Undefined: the template has none. */
  readonly value: FieldValue | undefined;
  /** Empty: phones show no text when the value changes. */
  readonly changeMessage: string;
  /** Whether a date is shown in the time zone that it is written in. */
  readonly ignoresTimeZone: boolean;
}

/** The fields in their order, the first of each key. */
export function templateFields(pass: JsonObject): TemplateField[] {
  const byKey = new Map<string, TemplateField>();
  for (const style of STYLES) {
    for (const section of SECTIONS) {
      const fields = memberOf(memberOf(pass, style), section);
      for (const field of Array.isArray(fields) ? fields : []) {
        const read = readField(field, section);
        if (read === undefined) continue;
        const known = byKey.get(read.key);
        // If two styles have the same field, the stricter kind counts, as on the server.
        if (known === undefined) byKey.set(read.key, read);
        else if (known.kind === "text") byKey.set(read.key, { ...known, kind: read.kind });
      }
    }
  }
  return [...byKey.values()];
}

function readField(field: unknown, section: Section): TemplateField | undefined {
  const key = memberText(field, "key");
  if (key === "" || !isObject(field)) return undefined;
  const value = fieldValueOf(field);
  const label = memberText(field, "label").trim();
  const style = fieldKind({ key, ...field });
  return {
    key,
    name: label === "" ? key : label,
    section,
    kind: style === "text" && isNumber(value) ? "number" : style,
    value,
    changeMessage: memberText(field, "changeMessage"),
    ignoresTimeZone: memberOf(field, "ignoresTimeZone") === true,
  };
}

export function fieldValueOf(field: unknown): FieldValue | undefined {
  const value = memberOf(field, "value");
  return typeof value === "string" || isNumber(value) ? value : undefined;
}

/** Empty: the value has no such text. */
export function memberText(value: unknown, member: string): string {
  const text = memberOf(value, member);
  return typeof text === "string" ? text : "";
}
