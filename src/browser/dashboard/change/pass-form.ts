/**
 * The form of a pass: what it sends to issue one, and to change one. Pure.
 */
import { isObject, type JsonObject, memberOf } from "../../../json.ts";
import type { Fields } from "../drafts.ts";
import type { ListedPass } from "../pass-answers.ts";
import type { Problem } from "../problem.ts";
import {
  changedFieldValues,
  dateOfLocal,
  type Entered,
  faultAt,
  type InputField,
  localText,
} from "./entered.ts";
import { fieldValueOf, memberText, templateFields } from "./template-fields.ts";

/** The places where the form shows what is wrong, besides its values. */
export const PASS_POINTERS = [
  ...["/serialNumber", "/barcodeMessage", "/externalId", "/tags", "/eventId", "/pass/expirationDate"],
] as const;

/** What the form reads of a pass. */
export type ChangeablePass = Pick<ListedPass, "barcodeMessage" | "externalId" | "tags" | "eventId" | "pass">;

/** The texts of the form besides its values, as they are before anything was typed. */
export function passTexts(pass: ChangeablePass | undefined) {
  return {
    serialNumber: "",
    barcodeMessage: pass?.barcodeMessage ?? "",
    externalId: pass?.externalId ?? "",
    tags: (pass?.tags ?? []).join(", "),
    eventId: pass?.eventId === null || pass === undefined ? "" : String(pass.eventId),
    expirationDate: localText(memberText(pass?.pass, "expirationDate")),
  };
}

/** @param template its pass.json @param own values of the pass @param event values of its event */
export function inputFields(
  template: JsonObject,
  own: JsonObject = {},
  event: JsonObject = {},
): InputField[] {
  return templateFields(template).map((field) => {
    const value = fieldValueOf(memberOf(own, field.key));
    const below = fieldValueOf(memberOf(event, field.key)) ?? field.value;
    const isLong = field.section === "backFields" && field.kind === "text";
    return { ...field, own: value, below, isLong };
  });
}

/**
 * The same without the template: from the content of the pass, which has its own values in place of those of the template.
 * @param content pass.json of all layers
 */
export function inputFieldsOfContent(content: JsonObject, own: JsonObject): InputField[] {
  return inputFields(content, own).map((field) =>
    field.own === undefined ? field : { ...field, below: undefined },
  );
}

/** The body of a new pass. What is empty is left out, so that the template's is shown. */
export function newPassBody(fields: readonly InputField[], typed: Fields): Entered {
  const { values, fault } = changedFieldValues(
    fields.map((field) => ({ ...field, own: undefined, below: undefined })),
    typed,
  );
  const text = (name: string) => (typed[name] ?? "").trim();
  const expires = expiry(text("expirationDate"));
  const entries = [
    ["serialNumber", text("serialNumber")],
    ["barcodeMessage", text("barcodeMessage")],
    ["externalId", text("externalId")],
    ["values", values],
    ["tags", tagsOf(text("tags"))],
    ["eventId", text("eventId") === "" ? "" : Number(text("eventId"))],
    ["pass", expires.date === undefined ? {} : { expirationDate: expires.date }],
  ] as const;
  return {
    body: Object.fromEntries(entries.filter(([, value]) => !isEmpty(value))),
    fault: fault ?? expires.fault,
  };
}

/** The body of a change: only what differs from the pass. */
export function passChangeBody(pass: ChangeablePass, fields: readonly InputField[], typed: Fields): Entered {
  const { values, fault } = changedFieldValues(fields, typed);
  const texts: Fields = passTexts(pass);
  const changed = (name: string) => {
    const text = typed[name]?.trim();
    return text === undefined || text === texts[name] ? undefined : text;
  };
  const orNone = (text: string | undefined) => (text === "" ? null : text);
  const tags = changed("tags");
  const eventId = changed("eventId");
  const end = changed("expirationDate");
  const expires = end === undefined || end === "" ? { date: orNone(end), fault: null } : expiry(end);
  const entries = [
    ["values", isEmpty(values) ? undefined : values],
    ["barcodeMessage", orNone(changed("barcodeMessage"))],
    ["externalId", orNone(changed("externalId"))],
    ["tags", tags === undefined || isSameSet(tagsOf(tags), pass.tags) ? undefined : tagsOf(tags)],
    ["eventId", eventId === undefined || eventId === "" ? orNone(eventId) : Number(eventId)],
    ["pass", expires.date === undefined ? undefined : { expirationDate: expires.date }],
  ] as const;
  return {
    body: Object.fromEntries(entries.filter(([, value]) => value !== undefined)),
    fault: fault ?? expires.fault,
  };
}

/** "vip, row-7" */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(",").map((tag) => tag.trim()))].filter((tag) => tag !== "");
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each) => other.includes(each));
}

/** The expiration date for a typed time. Empty: none. */
export function expiry(text: string): { readonly date: string | undefined; readonly fault: Problem | null } {
  const date = dateOfLocal(text);
  const isWrong = text !== "" && date === undefined;
  return { date, fault: isWrong ? faultAt("/pass/expirationDate", "Choose a day and a time.") : null };
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === "" || (isObject(value) && Object.keys(value).length === 0);
}
