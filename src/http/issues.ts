/**
 * Describes zod's issues in words that say what is wrong. A limit comes with the actual length. If a value matches no member of
 * a union, or a key is not allowed in a record, the reason is given; zod itself only says "Invalid input" or "Invalid key".
 */
import type * as z from "zod";
import { typeName } from "../pkpass/lint/issues.ts";

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** The message of an issue for which the schema has none; undefined: zod's own. For `safeParse(value, { error })`. */
export function describeIssue(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case "too_big":
      return sizeFault(issue.origin, "at most", issue.maximum, issue.input);
    case "too_small":
      return sizeFault(issue.origin, "at least", issue.minimum, issue.input);
    default:
      return undefined;
  }
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
 * Replaces each issue of a union by the issues of the member that was probably meant, and each issue of a key by what is
 * wrong with the key.
 */
export function explainIssues(issues: readonly Issue[]): readonly Explained[] {
  return issues.flatMap((issue): readonly Explained[] => {
    if (issue.code === "invalid_type") return [{ ...issue, expectedTypes: [issue.expected] }];
    if (issue.code === "invalid_key") return issue.issues.map((inner) => ({ ...inner, path: issue.path }));
    // A union whose schema has a message of its own keeps it.
    if (issue.code !== "invalid_union" || issue.message !== UNEXPLAINED) return [issue];
    const members = issue.errors.filter((member) => member.length > 0).map(explainIssues);
    const meant = members.filter((member) => typesOf(member).length === 0);
    const [best] = meant.toSorted((a, b) => a.length - b.length);
    if (best !== undefined) return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
    const expectedTypes = [...new Set(members.flatMap(typesOf))];
    return [{ ...issue, message: `must be ${joinTypes(expectedTypes)}`, expectedTypes }];
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
