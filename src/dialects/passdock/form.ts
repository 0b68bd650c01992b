/**
 * Parses a form body whose keys can be nested, such as `pass[bar][message]=x`.
 *
 * Follows the URL standard's application/x-www-form-urlencoded. The syntax of nested keys is the one that Passdock's
 * clients use.
 */
import { ApiError } from "../../errors.ts";

/** A value in a form: text, or an object for nested keys. */
export interface FormValues {
  [key: string]: string | FormValues;
}

/** `pass[relevance][locations][latitude]` has four levels. */
const MAX_LEVELS = 8;
/** A template has 100 fields, and each field has three parts. */
const MAX_PAIRS = 1000;
const AMPERSAND = 0x26;

/** @throws ApiError invalid_body */
export function parseForm(bytes: Uint8Array): FormValues {
  // Counted before they are parsed: a form of two bytes for each pair would become a hundred times larger.
  if (countPairs(bytes) > MAX_PAIRS)
    throw new ApiError("invalid_body", `The form has more than ${MAX_PAIRS} keys.`);
  const pairs = new URLSearchParams(decodeForm(bytes));
  const form = createValues();
  for (const [name, value] of pairs) {
    const path = parseNestedKey(name);
    const last = path.pop() ?? name;
    let at = form;
    for (const key of path) {
      const inner = at[key];
      const next = typeof inner === "object" ? inner : createValues();
      at[key] = next;
      at = next;
    }
    at[last] = value;
  }
  return form;
}

function countPairs(bytes: Uint8Array): number {
  let pairs = 1;
  for (let at = bytes.indexOf(AMPERSAND); at >= 0; at = bytes.indexOf(AMPERSAND, at + 1)) pairs += 1;
  return pairs;
}

/** Refuses bytes that are not UTF-8. The URL standard replaces them with U+FFFD, and the pass would show that. */
function decodeForm(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
    for (const [escaped] of text.matchAll(/(%[89a-f][0-9a-f])+/gi)) decodeURIComponent(escaped);
    return text;
  } catch {
    throw new ApiError("invalid_body", "The form is not UTF-8.");
  }
}

/** `pass[bar][message]` → ["pass", "bar", "message"]. A name in any other form is one key. */
function parseNestedKey(name: string): string[] {
  if (!/^[^[\]]+(\[[^[\]]+\])+$/.test(name)) {
    if (!/^(pass|thumbnail)\[/.test(name)) return [name];
    const detail = `The key "${name.slice(0, 80)}" cannot be parsed. Send lists in a form as JSON: pass={"relevance": {"locations": […]}}.`;
    throw new ApiError("invalid_body", detail);
  }
  const path = name.slice(0, -1).split(/\]?\[/);
  if (path.length <= MAX_LEVELS) return path;
  throw new ApiError("invalid_body", `The form has a key with more than ${MAX_LEVELS} levels.`);
}

/** An object without a prototype, because the client chooses the keys. */
function createValues(): FormValues {
  return Object.create(null);
}
