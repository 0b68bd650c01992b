/**
 * Reads and changes single members of a pass.json that people are editing, so that they may have any type. Pure.
 */
import { isNumber, type JsonObject, toText } from "../../../../json.ts";

/** The text of a member, or empty if it is absent or not a text. */
export function textAt(pass: JsonObject, key: string): string {
  const value = pass[key];
  return typeof value === "string" ? value : "";
}

/** A value as it is edited: an exact number with all of its digits. Empty if it is neither a text nor a number. */
export function valueText(value: unknown): string {
  return typeof value === "string" || isNumber(value) ? toText(value) : "";
}

/** @param value undefined removes the member. A member keeps its place */
export function withMember(pass: JsonObject, key: string, value: unknown): JsonObject {
  if (value !== undefined) return { ...pass, [key]: value };
  return Object.fromEntries(Object.entries(pass).filter(([each]) => each !== key));
}

/** A time of pass.json as a datetime-local field has it, in the time zone of this computer. Empty if it cannot be read. */
export function toLocalTime(text: string): string {
  const time = new Date(text);
  if (text === "" || Number.isNaN(time.getTime())) return "";
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
