/**
 * Checks a value against its schema: validation errors, undocumented keys (with a suggestion), deprecated keys,
 * undocumented values of enumerations, URLs that cannot be opened, and empty lists of semantic tags.
 *
 * It checks values one by one. The rules check what depends on several values, such as styles and images, and minimum sets
 * (lint.ts lists the rules). Follows the schema (schema/schema.ts).
 */
import type * as z from "zod";
import { pointerTo } from "../../json.ts";
import { type Finding, MAX_FOUND, warning } from "../finding.ts";
import { safeParseExactly } from "../schema/exact-number.ts";
import { finishedPass } from "../schema/pass.ts";
import { toFinding } from "./issues.ts";
import { didYouMean, findIgnoringCase, findNearest } from "./nearest.ts";
import { appleName, findParents, readMeta, type SchemaNode, walkNodes } from "./schema-nodes.ts";

/** How many unknown names are compared with all known ones. Real files contain few misspelled keys. */
const MAX_GUESSES = 200;

type Guess = typeof findNearest | undefined;

/**
 * Errors first, then warnings: at most 2000 of each.
 * @param root the first segment of the pointers
 */
export function schemaFindings(
  value: unknown,
  schema: z.ZodType,
  root: "pass" | "personalization" = "pass",
): Finding[] {
  const issues = validate(value, schema).slice(0, MAX_FOUND);
  const errors = issues.map((issue) => toFinding(issue, value, root));
  // A value with an error needs no warning.
  const withError = new Set(errors.map(({ pointer }) => pointer));
  const warnings: Finding[] = [];
  for (const node of walkNodes(value, schema, [root])) {
    if (warnings.length === MAX_FOUND) break;
    const guess = warnings.length < MAX_GUESSES ? findNearest : undefined;
    const found = checkNode(node, schema, guess);
    if (found !== undefined && !withError.has(found.pointer)) warnings.push(found);
  }
  return [...errors, ...warnings];
}

/** zod passes all issues as arguments of one call, and hundreds of thousands of arguments overflow the stack. */
function validate(value: unknown, schema: z.ZodType): readonly z.core.$ZodIssue[] {
  try {
    return safeParseExactly(schema, value).error?.issues ?? [];
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault;
    const params = { cure: "Check the item types of its arrays: most items have the wrong type." };
    return [{ code: "custom", path: [], message: "has too many validation errors to list", params }];
  }
}

/** An iOS version, and the first key that needs it. */
export interface MinimumVersion {
  /** Such as "18.0". */
  readonly version: string;
  readonly pointer: string;
}

/** The lowest iOS version that supports all keys of pass.json. Undefined if all versions support them. */
export function findMinimumVersion(pass: unknown): MinimumVersion | undefined {
  let minimum: MinimumVersion | undefined;
  for (const { schema, value, path } of walkNodes(pass, finishedPass, ["pass"])) {
    const version = schema === undefined || value === null ? undefined : readMeta(schema).since;
    if (version === undefined || Number(version) <= Number(minimum?.version ?? 0)) continue;
    minimum = { version, pointer: pointerTo(path) };
  }
  return minimum;
}

function checkNode(node: SchemaNode, root: z.ZodType, guess: Guess): Finding | undefined {
  const { schema, value, siblings } = node;
  if (schema === undefined) return unknownKey(node, root, guess);
  const { instead, known, format } = readMeta(schema);
  // A deprecated key together with its replacement is intentional, because older phones read the deprecated key.
  if (instead !== undefined && siblings[instead] === undefined) {
    const message = `"${String(node.path.at(-1))}" is deprecated. ${instead} replaces it.`;
    const cure = `Add ${instead}. You may keep the old key for older versions of iOS.`;
    return warning("deprecated_key", pointerTo(node.path), message, cure);
  }
  if (known !== undefined && typeof value === "string" && !known.includes(value)) {
    const meant = guess?.(value, known);
    const message = `"${value}" is not one of the values that Apple documents${didYouMean(meant)}`;
    const cure = meant === undefined ? `Write one of ${known.join(", ")}.` : `Write ${meant}.`;
    return warning("unknown_value", pointerTo(node.path), message, cure);
  }
  if (format === "uri" && typeof value === "string" && !isOpenable(value)) {
    const message = `"${String(node.path.at(-1))}" is not a URL, so Wallet draws no button for it and opens nothing.`;
    return warning(
      "url_invalid",
      pointerTo(node.path),
      message,
      "Write a URL with its scheme, such as https://example.com/.",
    );
  }
  if (Array.isArray(value) && value.length === 0 && appleName(node.parent) === "SemanticTags") {
    const message = `The semantic tag ${String(node.path.at(-1))} is an empty list, so Wallet has nothing to show.`;
    return warning("semantic_tag_empty", pointerTo(node.path), message, "Add its values, or remove the tag.");
  }
  return undefined;
}

/** A host with a port, whose name looks like a scheme to a URL parser: example.com:8080/path. */
const HOST_AND_PORT = /^(?:localhost|[^/?#:.]*(?:\.[^/?#:.]*)+):\d+(?:[/?#]|$)/;
/** URL.canParse accepts spaces in a path, but iOS before 17 does not. */
const SPACE = /\s/;

/** Whether Wallet can open the URL: it has a scheme and can be parsed. */
function isOpenable(url: string): boolean {
  return URL.canParse(url) && !SPACE.test(url) && !HOST_AND_PORT.test(url);
}

function unknownKey({ path, parent }: SchemaNode, root: z.ZodType, guess: Guess): Finding {
  const pointer = pointerTo(path);
  const key = String(path.at(-1));
  const known = guess === undefined ? [] : Object.keys(parent.shape);
  const parents = findParents(key, root);
  const meant = findIgnoringCase(key, known) ?? (parents.length > 0 ? undefined : guess?.(key, known));
  const unknown = `"${key}" is not a documented key of ${appleName(parent)}`;
  if (meant !== undefined) {
    return warning("unknown_key", pointer, `${unknown}${didYouMean(meant)}`, `Rename it to ${meant}.`);
  }
  if (parents.length > 0) {
    const message = `${unknown}, but of ${parents.join(" and ")}.`;
    return warning("unknown_key", pointer, message, `Move it to ${parents.join(" or ")}.`);
  }
  const cure = "Remove it, unless a newer version of Wallet supports it: Edgepass passes it on unchanged.";
  return warning("unknown_key", pointer, `${unknown}.`, cure);
}
