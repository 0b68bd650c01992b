/**
 * What zod refuses, as a finding: what was given, what is wanted, and what to do.
 */
import type * as z from "zod";
import { error, type Finding, type LintCode, pointerOf } from "../finding.ts";
import { isObject } from "../schema/primitives.ts";
import { nearest } from "./nearest.ts";

type Issue = z.core.$ZodIssue;

/** What a check of the schema adds to its message (`params` of an issue). */
interface Params {
  readonly code?: LintCode;
  readonly cure?: string;
}

const MAX_SHOWN = 60;

/** @param whole the value that was parsed, for what stands at the issue's place */
export function findingOf(issue: Issue, whole: unknown, root: string): Finding {
  const pointer = pointerOf([root, ...issue.path]);
  const name = issue.path.length === 0 ? `${root}.json` : `"${issue.path.map(String).join(".")}"`;
  const value = valueAt(whole, issue.path);
  const wanted = wantedBy(issue);
  if (wanted !== undefined && value === undefined) {
    return error("missing_key", pointer, `${name} is missing.`, `Add it: ${wanted.what}.`);
  }
  if (wanted !== undefined && !wanted.types.includes(typeOf(value))) {
    const message = `${name} must be ${wanted.what}, and is ${shown(value)}.`;
    return error("wrong_type", pointer, message, `Give ${wanted.what}.`);
  }
  if (issue.code === "invalid_value") {
    const meant = typeof value === "string" ? nearest(value, issue.values.map(String)) : undefined;
    const cure = meant === undefined ? `Give ${listed(issue.values)}.` : `Did you mean ${meant}? Give that.`;
    return error(
      "invalid_value",
      pointer,
      `${name} is ${shown(value)}, and has to be ${listed(issue.values)}.`,
      cure,
    );
  }
  const { code = "invalid_value", cure = cureOf(issue) }: Params =
    issue.code === "custom" ? (issue.params ?? {}) : {};
  return error(code, pointer, `${name}: ${saidBy(issue)}.`, cure);
}

/** The JSON types that would do, where the type is what is wrong; undefined where it is something else. */
function wantedBy(issue: Issue): { types: readonly string[]; what: string } | undefined {
  switch (issue.code) {
    case "invalid_type":
      return { types: [], what: typeNamed(issue.expected) };
    case "invalid_union": {
      const wanted = issue.errors.flatMap((issues) => issues.flatMap((inner) => wantedBy(inner) ?? []));
      return {
        types: wanted.flatMap(({ types }) => types),
        what: wanted.map(({ what }) => what).join(" or "),
      };
    }
    case "invalid_value": {
      const what = listed(issue.values);
      return { types: issue.values.map(typeOf), what };
    }
    default:
      return undefined;
  }
}

/** The schema's own words, where it has some. */
function saidBy(issue: Issue): string {
  const isZods = issue.message.startsWith("Too ");
  if (issue.code === "too_big" && isZods) return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
  if (issue.code === "too_small" && isZods) return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
  return issue.message;
}

function unitOf(origin: string): string {
  return origin === "string" ? " characters long" : origin === "array" ? " long" : "";
}

function cureOf(issue: Issue): string {
  switch (issue.code) {
    case "too_big":
      return `Bring it down to ${issue.maximum} or less.`;
    case "too_small":
      return Number(issue.minimum) === 1
        ? "Do not leave it empty."
        : `Bring it up to ${issue.minimum} or more.`;
    default:
      return issue.message.startsWith("must be ")
        ? `Make it ${issue.message.slice("must be ".length)}.`
        : "Correct the value.";
  }
}

function valueAt(whole: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)];
    return isObject(value) && Object.hasOwn(value, key) ? value[String(key)] : undefined;
  }, whole);
}

function typeOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

function typeNamed(type: string): string {
  return TYPE_NAMES[type] ?? type;
}

function listed(values: readonly unknown[]): string {
  const texts = values.map(String);
  return texts.length < 2 ? texts.join("") : `one of ${texts.join(", ")}`;
}

/** What was given, as JSON; a long one in part, an object by its type. */
function shown(value: unknown): string {
  if (typeof value === "object" && value !== null) return typeNamed(typeOf(value));
  const json = JSON.stringify(value);
  return json.length > MAX_SHOWN ? `${json.slice(0, MAX_SHOWN)}…` : json;
}
