/**
 * A value and its schema, walked together: what zod refuses, keys that nobody documents (with the one that was meant),
 * keys that another replaced, and words of an enumeration that Wallet does not know.
 *
 * It judges what stands in one place. What depends on several (styles and images, minimum sets) is for the rules beside
 * it (lint.ts lists them).
 * Follows the schema (schema.ts), and RFC 6901 for the pointers.
 */
import type * as z from "zod";
import { type Finding, pointerOf, warning } from "../finding.ts";
import { wholePass } from "../schema/pass.ts";
import { findingOf } from "./issues.ts";
import { nearest, sameButForCase } from "./nearest.ts";
import { holdersOf, metaOf, nameOf, type Place, placesIn } from "./places.ts";

/** Of errors and of warnings each: lint.ts shows a few hundred, and a stranger's file may have any number. */
const MOST = 2000;
/** Names that are compared with all known ones: a misspelled key is one of few. */
const MOST_GUESSES = 200;

type Guess = typeof nearest | undefined;

/**
 * What is wrong with a value by its schema alone, errors first: at most 2000 of either.
 * @param root where the value stands in the body that was sent
 */
export function walk(
  value: unknown,
  schema: z.ZodType,
  root: "pass" | "personalization" = "pass",
): Finding[] {
  const issues = issuesOf(value, schema).slice(0, MOST);
  const errors = issues.map((issue) => findingOf(issue, value, root));
  // What is wrong already needs no second word.
  const judged = new Set(errors.map(({ pointer }) => pointer));
  const warnings: Finding[] = [];
  for (const place of placesIn(value, schema, [root])) {
    if (warnings.length === MOST) break;
    const guess = warnings.length < MOST_GUESSES ? nearest : undefined;
    const doubt = doubtOf(place, schema, guess);
    if (doubt !== undefined && !judged.has(doubt.pointer)) warnings.push(doubt);
  }
  return [...errors, ...warnings];
}

/** zod hands on its issues as the arguments of a call, and of a hundred thousand the stack has no room. */
function issuesOf(value: unknown, schema: z.ZodType): readonly z.core.$ZodIssue[] {
  try {
    return schema.safeParse(value).error?.issues ?? [];
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault;
    const params = { cure: "Correct the items of its lists: most of them have the wrong shape." };
    return [{ code: "custom", path: [], message: "has more faults than can be told", params }];
  }
}

/** The iOS version that a pass asks for where all of its keys are to take effect, and the first key that does. */
export interface Since {
  /** Such as "18.0". */
  readonly version: string;
  readonly pointer: string;
}

/** The greatest iOS version that any key of pass.json asks for. Undefined: every Wallet knows them all. */
export function sinceOf(pass: unknown): Since | undefined {
  let greatest: Since | undefined;
  for (const { schema, value, path } of placesIn(pass, wholePass, ["pass"])) {
    const version = schema === undefined || value === null ? undefined : metaOf(schema).since;
    if (version === undefined || Number(version) <= Number(greatest?.version ?? 0)) continue;
    greatest = { version, pointer: pointerOf(path) };
  }
  return greatest;
}

function doubtOf(place: Place, root: z.ZodType, guess: Guess): Finding | undefined {
  const { schema, value, siblings } = place;
  const pointer = pointerOf(place.path);
  if (schema === undefined) return unknownKey(pointer, place, root, guess);
  const { instead, known } = metaOf(schema);
  // Beside the key that replaced it, the old one is there on purpose: older phones read it.
  if (instead !== undefined && siblings[instead] === undefined) {
    const message = `"${String(place.path.at(-1))}" is deprecated: ${instead} took its place.`;
    return warning("deprecated_key", pointer, message, `Give ${instead}; what is there may stay beside it.`);
  }
  if (known !== undefined && typeof value === "string" && !known.includes(value)) {
    const meant = guess?.(value, known);
    const message = `"${value}" is none of the words that Apple documents here${ending(meant)}`;
    const cure = meant === undefined ? `Give one of ${known.join(", ")}.` : `Write ${meant}.`;
    return warning("unknown_value", pointer, message, cure);
  }
  return undefined;
}

function unknownKey(pointer: string, { path, holder }: Place, root: z.ZodType, guess: Guess): Finding {
  const key = String(path.at(-1));
  const known = guess === undefined ? [] : Object.keys(holder.shape);
  const elsewhere = holdersOf(key, root);
  const meant = sameButForCase(key, known) ?? (elsewhere.length > 0 ? undefined : guess?.(key, known));
  const unknown = `"${key}" is no key of ${nameOf(holder)} that Apple documents`;
  if (meant !== undefined) {
    return warning("unknown_key", pointer, `${unknown}${ending(meant)}`, `Write ${meant}.`);
  }
  if (elsewhere.length > 0) {
    const message = `${unknown}; it is one of ${elsewhere.join(" and of ")}.`;
    return warning("unknown_key", pointer, message, `Move it to ${elsewhere.join(" or ")}.`);
  }
  const cure = "Leave it out, unless Wallet knows it by now: it is passed on as it stands.";
  return warning("unknown_key", pointer, `${unknown}.`, cure);
}

function ending(meant: string | undefined): string {
  return meant === undefined ? "." : `; did you mean "${meant}"?`;
}
