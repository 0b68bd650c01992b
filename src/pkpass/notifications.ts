/**
 * The texts that phones show on the lock screen when a pass changes, or why they show none.
 *
 * Follows Apple's "PassFieldContent": changeMessage is the text for a changed field, %@ in it is replaced by the new value, and
 * without a changeMessage there is no text. The following is not documented:
 *
 * - that only a different `value` counts as a change, and neither a label nor an attributedValue. A field that the pass did not
 *   have before counts as changed. (A guess.)
 * - that the value is formatted in the field's styles, as on the pass (a guess). format-value.ts says what it cannot know.
 * - that one general text, such as "Store Card changed", is shown if several texts are due at once
 *   (github.com/justdmitry/PassKitHelper/issues/18) or if %@ is missing (github.com/tomasmcguinness/dotnet-passbook/issues/119).
 *
 * Translations are not applied: the texts are those of pass.json.
 */
import { toText } from "../json.ts";
import { CHANGE_PLACEHOLDER, changeText } from "./change-text.ts";
import { limitText } from "./finding.ts";
import { type Field, fieldsOf } from "./schema/fields.ts";
import type { TemplatePass } from "./schema/schema.ts";

/** Why phones show no text. The first ones are about the whole change, the last one is about one field. */
export const SILENT_REASONS = [
  "nothing_changed",
  "not_installed",
  "no_pass",
  "only_images_changed",
  "no_field_changed",
  "no_change_message",
] as const;
export type SilentReason = (typeof SILENT_REASONS)[number];

export type Notification =
  /** The text for one field. */
  | { readonly kind: "text"; readonly field: string; readonly text: string }
  /** iOS composes a text of its own for these fields. */
  | { readonly kind: "general"; readonly fields: readonly string[]; readonly message: string }
  | {
      readonly kind: "silent";
      readonly reason: SilentReason;
      readonly message: string;
      /** The field that it is about, if it is about one. */
      readonly field?: string;
    };

/** More items help nobody, and an answer must stay small. */
export const MAX_NOTIFICATIONS = 50;

/**
 * What phones show for the fields that changed: for each its text, or that it has none.
 * @param before pass.json that phones have @param after pass.json that they will get
 * @param locale BCP 47, for dates, numbers and money
 */
export function findNotifications(before: TemplatePass, after: TemplatePass, locale: string): Notification[] {
  const changed = findChangedFields(before, after);
  if (changed.length === 0)
    return [silent("no_field_changed", "No value of a field changed. Phones show texts only for fields.")];
  const withText = changed.filter(({ changeMessage = "" }) => changeMessage.includes(CHANGE_PLACEHOLDER));
  const unusual = changed.filter(
    ({ changeMessage = "" }) => changeMessage !== "" && !changeMessage.includes(CHANGE_PLACEHOLDER),
  );
  const withoutText = changed.filter(({ changeMessage = "" }) => changeMessage === "");
  return [
    ...withText.map((field) => ({
      kind: "text" as const,
      field: field.key,
      text: changeText(field, locale),
    })),
    ...general(unusual, "changeMessage has no placeholder %@, which Apple requires."),
    ...(withText.length > 1 ? general(withText, "Several fields with a changeMessage change at once.") : []),
    ...withoutText.map(({ key }) =>
      silent("no_change_message", `"${key}" has no changeMessage, so phones show no text for it.`, key),
    ),
  ].slice(0, MAX_NOTIFICATIONS);
}

/** A silence about the whole change, or about one field. */
export function silent(reason: SilentReason, message: string, field?: string): Notification {
  return { kind: "silent", reason, message: limitText(message), ...(field !== undefined && { field }) };
}

function general(fields: readonly Field[], why: string): Notification[] {
  if (fields.length === 0) return [];
  const keys = fields.slice(0, MAX_NOTIFICATIONS).map(({ key }) => key);
  const shown = 'Phones are reported to show one general text then, such as "Store Card changed".';
  return [{ kind: "general", fields: keys, message: `${why} ${shown}` }];
}

/** The new fields, without those whose value is the same as before. */
function findChangedFields(before: TemplatePass, after: TemplatePass): Field[] {
  const values = new Map([...byKey(before)].map(([key, field]) => [key, shownValue(field)]));
  return [...byKey(after).values()].filter((field) => values.get(field.key) !== shownValue(field));
}

/** posterGeneric and its fallback style have the same fields. The first of each key counts. */
function byKey(pass: TemplatePass): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const { field } of fieldsOf(pass)) if (!fields.has(field.key)) fields.set(field.key, field);
  return fields;
}

function shownValue({ value = "" }: Field): string {
  return toText(value);
}
