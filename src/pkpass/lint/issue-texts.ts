/**
 * Describes zod's issues in words that say what is wrong and what is expected. A limit comes with the actual length. If a value
 * matches no member of a union, or a key is not allowed in a record, the reason is given; zod itself only says "Invalid input" or
 * "Invalid key".
 */
import type * as z from "zod";
import { joinValues, jsonType, typeName } from "./issues.ts";

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** What zod's formats are called here, with an example. */
const FORMATS: Readonly<Record<string, string>> = {
  datetime: "a time such as 2026-12-01T09:00:00Z",
};

/** The message of an issue for which the schema has none; undefined: zod's own. For `safeParse(value, { error })`. */
export function describeIssue(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return typeFault([issue.expected], issue.input);
    case "invalid_value":
      return valueFault(issue.values, issue.input);
    case "invalid_format":
      return FORMATS[issue.format] && `must be ${FORMATS[issue.format]}`;
    case "invalid_union":
      return discriminatorFault(issue);
    case "too_big":
      return sizeFault(issue.origin, "at most", issue.maximum, issue.input);
    case "too_small":
      return sizeFault(issue.origin, "at least", issue.minimum, issue.input);
    default:
      return undefined;
  }
}

function typeFault(expected: readonly string[], input: unknown): string {
  if (input === undefined) return "is missing";
  const isShown = typeof input === "boolean" || (typeof input === "number" && expected.includes("int"));
  return `must be ${joinTypes(expected)}, but is ${isShown ? String(input) : typeName(jsonType(input))}`;
}

function valueFault(values: readonly unknown[], input: unknown): string {
  return `${input === undefined ? "is missing. It " : ""}must be ${joinValues(values)}`;
}

/** If a union is decided by one member, and that member has none of its values. */
function discriminatorFault({ discriminator, options, input }: RawIssue): string | undefined {
  if (typeof discriminator !== "string" || !Array.isArray(options)) return undefined;
  const isObject = typeof input === "object" && input !== null;
  return valueFault(options, isObject ? Reflect.get(input, discriminator) : undefined);
}

function sizeFault(
  origin: string,
  bound: "at most" | "at least",
  limit: number | bigint,
  input: unknown,
): string | undefined {
  if (bound === "at least" && limit === 1 && (input === "" || Array.isArray(input)))
    return "must not be empty";
  if (typeof input === "string") return `must have ${bound} ${limit} characters (this has ${input.length})`;
  if (Array.isArray(input)) return `must have ${bound} ${limit} items (this has ${input.length})`;
  return origin === "number" || origin === "int" ? `must be ${bound} ${limit}` : undefined;
}

/** An issue of a value that should have another type, with these types. */
type Explained = Issue & { readonly expectedTypes?: readonly string[] };

/**
 * The faults of these issues, at most one for each place: a value of the wrong type may also have the wrong length. Replaces
 * each issue of a union by the issues of the member that was probably meant, each issue of a key by what is wrong with the key,
 * and an issue of several unknown keys by one of each.
 */
export function explainIssues(issues: readonly Issue[]): readonly Issue[] {
  const byPlace = new Map<string, Issue>();
  for (const issue of explain(issues).flatMap(splitKeys)) {
    const place = JSON.stringify([issue.path.map(String), issue.code === "unrecognized_keys" && issue.keys]);
    if (!byPlace.has(place)) byPlace.set(place, issue);
  }
  return [...byPlace.values()];
}

/** Of one object, because each fault repeats the path, which may be long. */
const MAX_UNKNOWN_KEYS = 5;

function splitKeys(issue: Issue): Issue[] {
  if (issue.code !== "unrecognized_keys") return [issue];
  return issue.keys.slice(0, MAX_UNKNOWN_KEYS).map((key) => ({ ...issue, keys: [key] }));
}

function explain(issues: readonly Issue[]): readonly Explained[] {
  return issues.flatMap((issue): readonly Explained[] => {
    if (issue.code === "invalid_type") return [{ ...issue, expectedTypes: [issue.expected] }];
    if (issue.code === "invalid_key") return issue.issues.map((inner) => ({ ...inner, path: issue.path }));
    // A union whose schema has a message of its own keeps it.
    if (issue.code !== "invalid_union" || issue.message !== UNEXPLAINED) return [issue];
    const members = issue.errors.filter((member) => member.length > 0).map(explain);
    const meant = members.filter((member) => typesOf(member).length === 0);
    const [best] = meant.toSorted((a, b) => a.length - b.length);
    if (best !== undefined) return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
    const expectedTypes = [...new Set(members.flatMap(typesOf))];
    return [{ ...issue, message: typeFault(expectedTypes, issue.input), expectedTypes }];
  });
}

const UNEXPLAINED = "Invalid input";

/**
 * The types that this member of a union allows for the whole value, if the value has none of them: then the member was not
 * meant. Otherwise empty.
 */
function typesOf(member: readonly Explained[]): readonly string[] {
  return member.flatMap(({ path, expectedTypes = [] }) => (path.length === 0 ? expectedTypes : []));
}

function joinTypes(expected: readonly string[]): string {
  const names = expected.map(typeName);
  const last = names.at(-1) ?? "another value";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} or ${last}`;
}
