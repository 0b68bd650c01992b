/**
 * Checks a value against its schema: validation errors, undocumented keys (with a suggestion), deprecated keys, and
 * undocumented values of enumerations.
 *
 * It checks values one by one. What depends on several values (styles and images, minimum sets) is checked by the rules
 * (lint.ts lists them).
 * Follows the schema (schema/schema.ts).
 */
import type * as z from "zod";
import { pointerTo } from "../../json.ts";
import { type Finding, warning } from "../finding.ts";
import { safeParseExactly } from "../schema/exact-number.ts";
import { finishedPass } from "../schema/pass.ts";
import { toFinding } from "./issues.ts";
import { didYouMean, findIgnoringCase, findNearest } from "./nearest.ts";
import { appleName, findParents, readMeta, type SchemaNode, walkNodes } from "./schema-nodes.ts";

/**
 * The limit for errors, and also for warnings. Only the first 200 are shown, but a hostile file can cause any number.
 */
const MAX_EACH = 2000;
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
  const issues = validate(value, schema).slice(0, MAX_EACH);
  const errors = issues.map((issue) => toFinding(issue, value, root));
  // A value with an error needs no warning.
  const withError = new Set(errors.map(({ pointer }) => pointer));
  const warnings: Finding[] = [];
  for (const node of walkNodes(value, schema, [root])) {
    if (warnings.length === MAX_EACH) break;
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
  const pointer = pointerTo(node.path);
  if (schema === undefined) return unknownKey(pointer, node, root, guess);
  const { instead, known } = readMeta(schema);
  // A deprecated key together with its replacement is intentional, because older phones read the deprecated key.
  if (instead !== undefined && siblings[instead] === undefined) {
    const message = `"${String(node.path.at(-1))}" is deprecated. ${instead} replaces it.`;
    const cure = `Add ${instead}. You may keep the old key for older versions of iOS.`;
    return warning("deprecated_key", pointer, message, cure);
  }
  if (known !== undefined && typeof value === "string" && !known.includes(value)) {
    const meant = guess?.(value, known);
    const message = `"${value}" is not one of the values that Apple documents${didYouMean(meant)}`;
    const cure = meant === undefined ? `Write one of ${known.join(", ")}.` : `Write ${meant}.`;
    return warning("unknown_value", pointer, message, cure);
  }
  return undefined;
}

function unknownKey(pointer: string, { path, parent }: SchemaNode, root: z.ZodType, guess: Guess): Finding {
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
