/**
 * The form of an event: the values that it gives to its passes, and what else it overrides. Pure.
 */
import { memberOf, toText } from "../../../json.ts";
import type { Fields } from "../drafts.ts";
import type { ChangeableTemplate, ListedEvent } from "./change-answers.ts";
import { changedFieldValues, type Entered, type InputField, localText, typedName } from "./entered.ts";
import { expiry } from "./pass-form.ts";
import { fieldValueOf, memberText, templateFields } from "./template-fields.ts";

export const EVENT_POINTERS = ["/name", "/externalId", "/pass/expirationDate", "/pass/voided"] as const;

/** The texts of the form besides its values, as they are before anything was typed. */
export function eventTexts(event: ListedEvent) {
  return {
    name: event.name,
    externalId: event.externalId ?? "",
    expirationDate: localText(memberText(event.pass, "expirationDate")),
    voided: memberOf(event.pass, "voided") === true ? "voided" : "",
  };
}

/**
 * The fields that the event may give a value: those of the templates of its project, and those that it has a value for. The first
 * template with the field says what it is called.
 */
export function eventFields(event: ListedEvent, templates: readonly ChangeableTemplate[]): InputField[] {
  const fields = new Map<string, InputField>();
  const own = (key: string) => fieldValueOf(memberOf(event.values, key));
  for (const { pass } of templates) {
    for (const field of templateFields(pass)) {
      if (fields.has(field.key)) continue;
      const isLong = field.section === "backFields" && field.kind === "text";
      // What is shown without the event's value differs from template to template.
      fields.set(field.key, { ...field, own: own(field.key), below: undefined, isLong });
    }
  }
  for (const key of Object.keys(event.values)) {
    const value = own(key);
    const kind = value === undefined || typeof value === "string" ? "text" : "number";
    const unknown = {
      key,
      name: key,
      kind,
      own: value,
      below: undefined,
      ignoresTimeZone: false,
      isLong: false,
    } as const;
    if (!fields.has(key)) fields.set(key, unknown);
  }
  return [...fields.values()];
}

/** The fields that the form shows: those with a value, and those that were chosen to get one. */
export function shownEventFields(fields: readonly InputField[], typed: Fields): InputField[] {
  return fields.filter(({ key, own }) => own !== undefined || typed[typedName(key)] !== undefined);
}

/** The body of a change: only what differs from the event. */
export function eventChangeBody(event: ListedEvent, fields: readonly InputField[], typed: Fields): Entered {
  const { values, fault } = changedFieldValues(fields, typed);
  const texts: Fields = eventTexts(event);
  const changed = (name: string) => {
    const text = typed[name]?.trim();
    return text === undefined || text === texts[name] ? undefined : text;
  };
  const externalId = changed("externalId");
  const end = changed("expirationDate");
  const voided = changed("voided");
  const expires = end === undefined || end === "" ? { date: end, fault: null } : expiry(end);
  const pass = {
    ...(expires.date === undefined ? {} : { expirationDate: expires.date === "" ? null : expires.date }),
    ...(voided === undefined ? {} : { voided: voided === "" ? null : true }),
  };
  const entries = [
    ["name", changed("name")],
    ["externalId", externalId === "" ? null : externalId],
    ["values", Object.keys(values).length === 0 ? undefined : values],
    ["pass", Object.keys(pass).length === 0 ? undefined : pass],
  ] as const;
  return {
    body: Object.fromEntries(entries.filter(([, value]) => value !== undefined)),
    fault: fault ?? expires.fault,
  };
}

/** "gate B", for a list. The first ones. */
export function eventSummary({ values }: ListedEvent): string[] {
  const texts = Object.entries(values).flatMap(([key, { value }]) =>
    value === undefined ? [] : [`${key}: ${toText(value)}`],
  );
  return texts.slice(0, 3);
}
