/**
 * Turns zod issues into findings: what the value is, what it should be, and how to fix it.
 */
import type * as z from "zod";
import { isExactNumber, isObject, pointerTo } from "../../json.ts";
import type { CodeOf } from "../codes.ts";
import { error, type Finding, warning } from "../finding.ts";
import { didYouMean, findNearest } from "./nearest.ts";

type Issue = z.core.$ZodIssue;

/** The `params` that our own schema checks attach to an issue. */
interface Params {
  readonly code?: CodeOf<"error">;
  /** A code that makes the finding a warning. */
  readonly warningCode?: CodeOf<"warning">;
  readonly cure?: string;
}

const MAX_SHOWN = 60;

/**
 * @param whole the value that was parsed, to look up the value at the path of the issue
 * @param root the first segment of the pointer
 */
export function toFinding(issue: Issue, whole: unknown, root: string): Finding {
  const pointer = pointerTo([root, ...issue.path]);
  const name = issue.path.length === 0 ? `${root}.json` : `"${issue.path.map(String).join(".")}"`;
  const value = valueAt(whole, issue.path);
  const expected = findExpected(issue);
  if (expected !== undefined && value === undefined) {
    return error("missing_key", pointer, `${name} is missing.`, `Add it. It must be ${expected.what}.`);
  }
  if (expected !== undefined && !expected.types.includes(jsonType(value))) {
    const message = `${name} must be ${expected.what}, but is ${shorten(value)}.`;
    return error("wrong_type", pointer, message, `Write ${expected.what}.`);
  }
  if (issue.code === "invalid_value") {
    const meant = typeof value === "string" ? findNearest(value, issue.values.map(String)) : undefined;
    const cure = `Write ${meant ?? joinValues(issue.values)}.`;
    const message = `${name} must be ${joinValues(issue.values)}, but is ${shorten(value)}${didYouMean(meant)}`;
    return error("invalid_value", pointer, message, cure);
  }
  const said = issueText(issue);
  const separator = /^(must|has|is) /.test(said) ? " " : ": ";
  const {
    code = "invalid_value",
    warningCode,
    cure = suggestCure(issue),
  }: Params = issue.code === "custom" ? (issue.params ?? {}) : {};
  const message = `${name}${separator}${said}.`;
  return warningCode === undefined
    ? error(code, pointer, message, cure)
    : warning(warningCode, pointer, message, cure);
}

/** The expected JSON types if the type is wrong; undefined for any other fault. */
function findExpected(issue: Issue): { types: readonly string[]; what: string } | undefined {
  switch (issue.code) {
    case "invalid_type":
      return { types: [], what: typeName(issue.expected) };
    case "invalid_union": {
      const expected = issue.errors.flatMap((issues) => issues.flatMap((inner) => findExpected(inner) ?? []));
      return {
        types: expected.flatMap(({ types }) => types),
        what: expected.map(({ what }) => what).join(" or "),
      };
    }
    case "invalid_value": {
      const what = joinValues(issue.values);
      return { types: issue.values.map(jsonType), what };
    }
    default:
      return undefined;
  }
}

/** The message of our schema, or our wording of zod's size limits. */
function issueText(issue: Issue): string {
  const isDefault = issue.message.startsWith("Too ");
  if (issue.code === "too_big" && isDefault) return `must be at most ${issue.maximum}${unit(issue.origin)}`;
  if (issue.code === "too_small" && isDefault)
    return `must be at least ${issue.minimum}${unit(issue.origin)}`;
  return issue.message;
}

function unit(origin: string): string {
  return origin === "string" ? " characters long" : origin === "array" ? " items long" : "";
}

function suggestCure(issue: Issue): string {
  switch (issue.code) {
    case "too_big":
      return issue.origin === "string"
        ? `Shorten it to at most ${issue.maximum} characters.`
        : issue.origin === "array"
          ? `Keep at most ${issue.maximum} items.`
          : `Write a value of at most ${issue.maximum}.`;
    case "too_small":
      if (issue.origin === "string")
        return issue.minimum === 1
          ? "Write a text that is not empty."
          : `Write at least ${issue.minimum} characters.`;
      return issue.origin === "array"
        ? `Add items until there are at least ${issue.minimum}.`
        : `Write a value of at least ${issue.minimum}.`;
    default:
      return issue.message.startsWith("must be a")
        ? `Write ${issue.message.slice("must be ".length)}.`
        : "Correct the value.";
  }
}

function valueAt(whole: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)];
    return isObject(value) && Object.hasOwn(value, key) ? value[String(key)] : undefined;
  }, whole);
}

/** The JSON type of a value. */
export function jsonType(value: unknown): string {
  if (value === null) return "null";
  if (isExactNumber(value)) return "number";
  return Array.isArray(value) ? "array" : typeof value;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "an integer",
  boolean: "true or false",
  array: "an array",
  object: "an object",
  record: "an object",
};

/** A JSON type or one of zod's, in words. */
export function typeName(type: string): string {
  return TYPE_NAMES[type] ?? type;
}

/** The allowed values, in words. */
export function joinValues(values: readonly unknown[]): string {
  const texts = values.map(String);
  return texts.length < 2 ? texts.join("") : `one of ${texts.join(", ")}`;
}

/** The value as JSON, truncated if it is long. For an object or array, only the type. */
function shorten(value: unknown): string {
  if (isObject(value) || Array.isArray(value)) return typeName(jsonType(value));
  const json = JSON.stringify(value);
  return json.length > MAX_SHOWN ? `${json.slice(0, MAX_SHOWN)}…` : json;
}
