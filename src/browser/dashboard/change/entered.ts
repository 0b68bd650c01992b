/**
 * What a person types into the fields of a pass or an event, and the value that is sent: numbers keep their exact digits, and dates
 * get the time zone of this computer. Pure.
 */
import { type JsonObject, pointerTo, toNumber, toText } from "../../../json.ts";
import type { Fields } from "../drafts.ts";
import type { Problem } from "../problem.ts";
import type { FieldValue, TemplateField } from "./template-fields.ts";

/** A field of the form: what the pass or event says itself, and what is shown if it says nothing. */
export interface InputField extends Pick<TemplateField, "key" | "name" | "kind" | "ignoresTimeZone"> {
  readonly own: FieldValue | undefined;
  readonly below: FieldValue | undefined;
  /** Whether it is on the back of the card, where texts have several lines. */
  readonly isLong: boolean;
}

/** What the form sends. */
export interface Entered {
  readonly body: JsonObject;
  /** The first thing that cannot be sent. */
  readonly fault: Problem | null;
}

/** The name of the field's text among what was typed. */
export function typedName(key: string): string {
  return `value:${key}`;
}

export function valuePointer(key: string): string {
  return pointerTo(["values", key]);
}

/** What the input has before anything was typed. */
export function shownText({ own, below, ...field }: InputField): string {
  return textOfValue(field, own ?? below);
}

type Form = Pick<InputField, "kind" | "ignoresTimeZone">;

/** A value as its input has it. */
export function textOfValue({ kind, ignoresTimeZone }: Form, value: FieldValue | undefined): string {
  if (value === undefined) return "";
  return kind === "date" ? localText(toText(value), ignoresTimeZone) : toText(value);
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const FAULTS = {
  number: "Type a number, such as 12 or 4.5.",
  date: "Choose a day and a time.",
} as const;

/** The value that was typed, or a sentence that says what is wrong with it. */
function valueOfText(field: InputField, typed: string): { readonly value: FieldValue } | string {
  if (field.kind === "text") return { value: typed };
  const text = typed.trim();
  if (field.kind === "number") return NUMBER.test(text) ? { value: toNumber(text) } : FAULTS.number;
  const value = dateOfLocal(text, field.ignoresTimeZone ? (field.own ?? field.below) : undefined);
  return value === undefined ? FAULTS.date : { value };
}

/**
 * The member `values` of a change. A text that was emptied removes the own value, so that the value of the layer below
 * is shown again. A field that was not changed is not sent.
 */
export function changedFieldValues(fields: readonly InputField[], typed: Fields) {
  const entries: [string, JsonObject][] = [];
  let fault: Problem | null = null;
  for (const field of fields) {
    const text = typed[typedName(field.key)];
    if (text === undefined || text === shownText(field)) continue;
    if (text.trim() === "") {
      if (field.own !== undefined) entries.push([field.key, { value: null }]);
      continue;
    }
    const entered = valueOfText(field, text);
    if (typeof entered === "string") fault ??= faultAt(valuePointer(field.key), entered);
    else entries.push([field.key, entered]);
  }
  return { values: Object.fromEntries(entries), fault };
}

/** A problem that this page found by itself, without asking the server. */
export function faultAt(pointer: string, detail: string): Problem {
  return { detail, code: null, pointer };
}

/** One more, with all digits. @returns undefined if the text is not a number, or one that nobody counts with */
export function plusOne(text: string): string | undefined {
  const [, whole, fraction = ""] = /^(-?\d{1,30})(\.\d{1,30})?$/.exec(text.trim()) ?? [];
  if (whole === undefined) return undefined;
  const scale = 10n ** BigInt(Math.max(0, fraction.length - 1));
  const sum = BigInt(whole + fraction.slice(1)) + scale;
  if (fraction === "") return String(sum);
  const digits = String(sum < 0n ? -sum : sum).padStart(fraction.length, "0");
  const at = digits.length - (fraction.length - 1);
  return `${sum < 0n ? "-" : ""}${digits.slice(0, at)}.${digits.slice(at)}`;
}

const two = (number: number) => String(number).padStart(2, "0");

/** A date of pass.json as datetime-local has it. @param isAsWritten in its own time zone, and not that of this computer */
export function localText(text: string, isAsWritten = false): string {
  if (isAsWritten) return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.exec(text)?.[0] ?? "";
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return "";
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/**
 * The date as Wallet reads it: with a time zone, and without parts of seconds.
 * @param before the earlier value, whose time zone is kept. Without one, the date gets that of this computer
 * @returns undefined if it is no date
 */
export function dateOfLocal(local: string, before?: FieldValue): string | undefined {
  const date = new Date(local);
  const minutes = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.exec(local)?.[0];
  if (minutes === undefined || Number.isNaN(date.getTime())) return undefined;
  const zone = /(Z|[+-]\d\d:\d\d)$/.exec(before === undefined ? "" : toText(before))?.[0];
  return minutes + (zone ?? zoneOf(date));
}

/** "+01:00" */
function zoneOf(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const minutes = Math.abs(offset);
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
