/**
 * Reads what people entered in the form of a join page: checks each answer, and turns the answers into the values of the pass.
 *
 * Pure. Follows HTML's form controls: the browser checks the same, but a request need not come from a browser.
 */

import { MAX_CHARACTERS } from "../limits.ts";
import type { FieldKind } from "../pkpass/schema/field-kinds.ts";
import type { FieldOverrides } from "../pkpass/schema/schema.ts";
import { DEFAULT_MAX_ANSWER, type JoinField, toShownValue } from "../templates/join-field.ts";
import type { JoinRule } from "../templates/join-rule.ts";
import { compilePattern } from "../templates/pattern.ts";

export const CONSENT = "consent";
export const NONCE = "nonce";

/** HTML's definition of a valid email address. */
const EMAIL =
  /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)+$/i;
const PHONE_NUMBER = /^\+?[\d\s()./-]{3,40}$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const CONTROL_CHARACTERS = /[\p{Cc}\u2028\u2029]/gu;
const LINE_BREAK = /\r\n?/g;
const VISIBLE = /[^\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/** Name of the input → what was entered. */
export type Entered = ReadonlyMap<string, string>;
/** What is wrong with an answer. The page has the texts. */
export type Fault =
  | {
      readonly fault: "missing" | "unticked" | "noConsent" | "option" | "date" | "email" | "phone" | "format";
    }
  | { readonly fault: "tooLong"; readonly max: number; readonly length: number };

/** Name of the input → what is wrong. */
export type Faults = ReadonlyMap<string, Fault>;

export interface Answers {
  readonly entered: Entered;
  readonly faults: Faults;
  /** Valid only if there are no faults. */
  readonly values: FieldOverrides;
}

/** The name of the input of a field. It follows the key, so an answer stays with its question if the rule changes. */
export function inputName({ key }: Pick<JoinField, "key">): string {
  return `field.${key}`;
}

/** @param kinds of the template's fields */
export function readAnswers(
  rule: JoinRule,
  form: URLSearchParams,
  kinds: Readonly<Record<string, FieldKind>>,
): Answers {
  const entered = new Map<string, string>();
  const faults = new Map<string, Fault>();
  const values: Record<string, { value: string }> = {};
  for (const field of rule.fields) {
    const name = inputName(field);
    const answer = readAnswer(field, form.get(name) ?? "");
    entered.set(name, answer.slice(0, MAX_CHARACTERS.joinAnswer));
    const fault = findFault(field, answer);
    if (fault !== undefined) faults.set(name, fault);
    else if (answer !== "") values[field.key] = { value: toValue(field, answer, kinds[field.key]) };
  }
  if (rule.consent !== undefined) {
    const hasAgreed = form.get(CONSENT) !== null;
    if (hasAgreed) entered.set(CONSENT, "on");
    else faults.set(CONSENT, { fault: "noConsent" });
  }
  return { entered, faults, values };
}

/**
 * The answer without control characters, and empty if it has no visible character. An option is returned as it is in the
 * rule.
 */
function readAnswer({ type, options }: JoinField, text: string): string {
  const answer = clean(text);
  const option = type === "select" ? options?.find((one) => clean(one) === answer) : undefined;
  return option ?? answer;
}

function clean(text: string): string {
  const line = text.replaceAll(LINE_BREAK, "\n").replaceAll(CONTROL_CHARACTERS, " ").trim().normalize();
  return VISIBLE.test(line) ? line : "";
}

function toValue(field: JoinField, answer: string, kind: FieldKind | undefined): string {
  if (field.type === "checkbox") return field.options?.[0] ?? "Yes";
  return toShownValue(answer, field.type, kind);
}

function findFault(field: JoinField, answer: string): Fault | undefined {
  const { type, required = false, maxLength = DEFAULT_MAX_ANSWER, pattern } = field;
  if (answer === "") return required ? { fault: missing(type) } : undefined;
  switch (type) {
    case "checkbox":
      return undefined;
    case "select":
      return field.options?.includes(answer) === true ? undefined : { fault: "option" };
    case "date":
      return isDay(answer) ? undefined : { fault: "date" };
    case "email":
    case "tel":
    case "text":
      if (answer.length > maxLength) return { fault: "tooLong", max: maxLength, length: answer.length };
      if (type === "email" && !EMAIL.test(answer)) return { fault: "email" };
      if (type === "tel" && !(PHONE_NUMBER.test(answer) && /\d/.test(answer))) return { fault: "phone" };
      if (pattern !== undefined && !compilePattern(pattern)(answer)) return { fault: "format" };
      return undefined;
  }
}

function missing(type: JoinField["type"]): "unticked" | "option" | "missing" {
  switch (type) {
    case "checkbox":
      return "unticked";
    case "select":
      return "option";
    default:
      return "missing";
  }
}

/** Whether the day exists in the calendar. */
function isDay(text: string): boolean {
  if (!DATE.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
