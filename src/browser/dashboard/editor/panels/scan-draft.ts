/**
 * What a scan does, as it is edited, and the sentence that says it. Pure. The rule itself: src/templates/scan-rule.ts.
 */
import { isNumber, isObject, type JsonObject, toDouble, toText } from "../../../../json.ts";
import { textAt, withMember } from "../draft/pass-members.ts";
import { allFields, fieldName } from "../fields/field-list.ts";
import { isDateKind, isNumberKind, kindOf } from "../fields/value-kind.ts";

export const SCAN_ACTIONS = [
  ["redeem", "Redeem once", "For tickets and vouchers that are used once"],
  ["show", "Only show", "For members, who come again and again"],
  ["add", "Add to a number", "For stamps, points and visits that are left"],
] as const;
export type ScanAction = (typeof SCAN_ACTIONS)[number][0];

export function actionOf(scan: JsonObject | null): ScanAction {
  return SCAN_ACTIONS.find(([action]) => action === scan?.action)?.[0] ?? "redeem";
}

/** A new rule. Redeeming is what happens without one. */
export function newRule(action: ScanAction, pass: JsonObject): JsonObject | null {
  switch (action) {
    case "redeem":
      return null;
    case "show":
      return { action };
    case "add":
      return { action, field: numberFields(pass)[0]?.key ?? "", by: 1 };
  }
}

export interface NumberField {
  readonly key: string;
  readonly name: string;
}

/** The fields that a scan can add to: those that show a number, each key once. */
export function numberFields(pass: JsonObject): readonly NumberField[] {
  const found = new Map<string, NumberField>();
  for (const field of allFields(pass)) {
    const key = textAt(field, "key");
    const kind = kindOf(field);
    const isNumeric = isNumberKind(kind) || (!isDateKind(kind) && isNumber(field.value));
    if (isNumeric && key !== "" && !found.has(key)) found.set(key, { key, name: fieldName(field) });
  }
  return [...found.values()];
}

/** Numbers that can be added: what src/templates/addable.ts takes. */
const ADDABLE = /^-?\d{1,12}(\.\d{1,6})?$/;

/** Why a rule cannot have this number, or an empty text. @param isNeeded whether there must be one */
export function addableFault(value: unknown, isNeeded: boolean): string {
  if (value === undefined) return isNeeded ? "Write a number." : "";
  return isNumber(value) && ADDABLE.test(toText(value))
    ? ""
    : "Write a number such as 1 or 0.5, with at most 12 digits before the point and 6 after it.";
}

/** The same for what a scan adds, which must change something. */
export function byFault(value: unknown): string {
  const isZero = isNumber(value) && toDouble(value) === 0;
  return isZero ? "Write a number other than 0." : addableFault(value, true);
}

export const TIME_UNITS = [
  ["1", "seconds"],
  ["60", "minutes"],
  ["3600", "hours"],
  ["86400", "days"],
] as const;
const MOST_SECONDS = 30 * 24 * 60 * 60;

/** The largest unit of which the time is a whole number. */
export function unitOf(seconds: unknown): number {
  const units = TIME_UNITS.map(([size]) => Number(size));
  return units.findLast((size) => typeof seconds === "number" && seconds % size === 0) ?? 60;
}

/** A time in another unit. The product of two doubles is not exact: 1.1 hours are 3960 seconds. */
export function secondsIn(count: number, unit: number): number {
  return Math.round(count * unit * 1000) / 1000;
}

export function secondsFault(seconds: unknown): string {
  if (seconds === undefined) return "";
  const isValid =
    typeof seconds === "number" && Number.isInteger(seconds) && seconds >= 1 && seconds <= MOST_SECONDS;
  return isValid ? "" : "Write a whole number of seconds, minutes, hours or days: at most 30 days.";
}

/**
 * Changes a member of the rule. A reward needs a limit, so it is removed with the last limit and comes back with the next one.
 * @param lastReward the reward that was removed
 */
export function withRuleMember(
  rule: JsonObject,
  member: string,
  value: unknown,
  lastReward?: unknown,
): JsonObject {
  const changed = withMember(rule, member, value);
  if (!hasLimit(changed)) return withMember(changed, "reward", undefined);
  return hasLimit(rule) ? changed : withMember(changed, "reward", lastReward);
}

/** Whether there is a highest or a lowest value. */
export function hasLimit({ max, min }: JsonObject): boolean {
  return max !== undefined || min !== undefined;
}

/** What happens, as sentences. */
export function ruleWords(scan: JsonObject | null, pass: JsonObject): string {
  switch (actionOf(scan)) {
    case "redeem":
      return "The first scan redeems the pass. Every later one says that it was already used.";
    case "show":
      return "A scan shows the pass and whether it is valid. Nothing changes.";
    case "add":
      return addWords(scan ?? {}, pass);
  }
}

function addWords(rule: JsonObject, pass: JsonObject): string {
  const { by, max, min, atMostEverySeconds, reward } = rule;
  const key = textAt(rule, "field");
  const name = numberFields(pass).find((field) => field.key === key)?.name ?? key;
  if (!isNumber(by) || name === "") return "Choose a field, and what each scan adds to it.";
  const isLess = toDouble(by) < 0;
  const size = toText(by).replace("-", "");
  const first = isLess ? `Each scan takes ${size} from ${name}.` : `Each scan adds ${size} to ${name}.`;
  const limit = isLess ? min : max;
  const every =
    typeof atMostEverySeconds === "number"
      ? ` Each pass counts at most once in ${timeWords(atMostEverySeconds)}.`
      : "";
  if (!isNumber(limit)) return first + every;
  const at =
    size === "1"
      ? `At ${toText(limit)}`
      : `If the next would be ${isLess ? "below" : "above"} ${toText(limit)},`;
  if (!isObject(reward))
    return size === "1"
      ? `${first} ${at} the next scan changes nothing.${every}`
      : `${first} ${at} a scan changes nothing.${every}`;
  const gift = textAt(reward, "label") || "the reward";
  const reset = isNumber(reward.resetTo) ? ` and set it to ${toText(reward.resetTo)}` : "";
  return `${first} ${at} ${size === "1" ? "the next" : "a"} scan can give ${gift}${reset}.${every}`;
}

/** "1 hour", "90 seconds". */
function timeWords(seconds: number): string {
  const unit = unitOf(seconds);
  const count = seconds / unit;
  const name = TIME_UNITS.find(([size]) => Number(size) === unit)?.[1] ?? "";
  return `${count} ${count === 1 ? name.slice(0, -1) : name}`;
}
