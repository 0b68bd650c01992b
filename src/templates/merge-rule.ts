/**
 * Merges a change into a rule of a template (`scan`, `join`) by key (RFC 7396). The result must be a whole rule.
 */
import type * as z from "zod";
import { ApiError } from "../errors.ts";
import { type JsonObject, pointerTo } from "../json.ts";
import { mergePatch } from "../merge.ts";
import { describeIssue, explainIssues } from "../pkpass/lint/issue-texts.ts";
import { safeParseExactly } from "../pkpass/schema/exact-number.ts";

/**
 * The rule after a change. @param patch null removes the rule
 * @throws ApiError invalid_body, with a pointer into the request
 */
export function mergeRule<Rule>(
  member: string,
  schema: z.ZodType<Rule>,
  stored: Rule | null,
  patch: JsonObject | null,
): Rule | null {
  return patch === null ? null : parseRule(member, schema, mergePatch(stored ?? {}, patch));
}

/** @param merged the rule after a change @throws ApiError invalid_body, with a pointer into the request */
export function parseRule<Rule>(member: string, schema: z.ZodType<Rule>, merged: unknown): Rule {
  const parsed = safeParseExactly(schema, merged, describeIssue);
  if (parsed.success) return parsed.data;
  const [issue] = explainIssues(parsed.error.issues);
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  const path = [member, ...(issue?.path ?? []), ...unknown];
  const fault = unknown.length > 0 ? "cannot be a member here. null removes it" : issue?.message;
  throw new ApiError(
    "invalid_body",
    `After the change, "${path.map(String).join(".")}" ${fault ?? "is invalid"}.`,
    { pointer: pointerTo(path) },
  );
}
