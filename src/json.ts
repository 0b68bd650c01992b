/**
 * Reads and writes JSON, for bodies, imports, JSON columns and messages. No other file of src calls JSON.parse
 * (test/architecture.test.ts), so this file decides how numbers and keys are read.
 *
 * A number never becomes another number. JavaScript's numbers are doubles, which hold 15 to 17 digits. A number that no
 * double equals, such as 12345678901234567890, is an exact number: an object that is written as the same digits.
 *
 * Follows RFC 8259, RFC 6901 for pointers, and ECMA-262 for JSON.rawJSON.
 */
import { FINDINGS } from "./memory.ts";

/** A number that no double equals: it keeps the text of the number. Spreading or cloning it would lose it. */
export interface ExactNumber {
  readonly rawJSON: `${number}`;
}

declare global {
  // TypeScript has no types yet for what engines already have: JSON.rawJSON and the source of a parsed number.
  interface JSON {
    rawJSON(text: string): ExactNumber;
    isRawJSON(value: unknown): value is ExactNumber;
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
    ): unknown;
  }
}

declare const content: unique symbol;

/** JSON text of a value of type `T`, as a JSON column holds it. At run time it is a plain string. */
export type Json<T> = string & { readonly [content]: T };

/**
 * Parses JSON. Text that this program wrote (`Json<T>`) has the type of the value that was written. Any other text is
 * `unknown`, and a schema has to check it.
 * @throws SyntaxError
 */
export function parseJson<T>(text: Json<T>): T;
export function parseJson(text: string): unknown;
export function parseJson(text: string): unknown {
  return LONG_NUMBER.test(text) ? JSON.parse(text, reviveNumber) : JSON.parse(text);
}

/**
 * Parses JSON, and rounds each number to a double. Use it for text from an unknown sender if only its strings are read: for
 * hostile text `parseJson` takes many times longer.
 * @throws SyntaxError
 */
export function parseRounded(text: string): unknown {
  return JSON.parse(text);
}

/**
 * Matches text that may have a number that no double equals: one with more than 15 digits, or with an exponent of three
 * digits. It also matches inside strings, which costs only time. All other text is parsed without the slow callback.
 */
const LONG_NUMBER = /[:,[]\s*-?(?:[\d.]{16}|[\d.]+[eE][+-]?\d{3})/;

function reviveNumber(_key: string, value: unknown, { source }: { source?: string }): unknown {
  return typeof value === "number" && source !== undefined ? toNumber(source) : value;
}

/** The number that a JSON number denotes: a double if one equals it, otherwise an exact number. */
export function toNumber(literal: string): number | ExactNumber {
  const double = Number(literal);
  return normalize(String(double)) === normalize(literal) ? double : JSON.rawJSON(literal);
}

/** The digits of the number and its power of ten, without its sign, so that equal numbers have equal texts. */
function normalize(literal: string): string {
  const [mantissa = "", exponent = "0"] = literal.replace("-", "").toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = (whole + fraction).replace(/^0+/, "");
  // A regular expression would take quadratic time for many zeros that are followed by another digit.
  let length = digits.length;
  while (digits[length - 1] === "0") length -= 1;
  if (length === 0) return "0";
  return `${digits.slice(0, length)}e${Number(exponent) - fraction.length + digits.length - length}`;
}

/** Minified JSON. Equal values with equal order of keys give equal text. */
export function writeJson<T>(value: T): Json<T> {
  return JSON.stringify(value) as Json<T>;
}

/** The size of a JSON text before it is parsed. */
export interface JsonSize {
  /** Objects, arrays and members. An empty object or array may count twice. */
  readonly values: number;
  /** How deeply objects and arrays are nested. */
  readonly depth: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Measures JSON in UTF-8 without parsing it. It stops as soon as one of the two numbers exceeds `most`. */
export function measureJson(bytes: Uint8Array, most: JsonSize): JsonSize {
  let values = 1;
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < bytes.length && values <= most.values && deepest <= most.depth; ) {
    const byte = bytes[at] ?? 0;
    if (OPENING.has(byte)) deepest = Math.max(deepest, ++depth);
    else if (CLOSING.has(byte)) depth -= 1;
    if (byte === COMMA || OPENING.has(byte)) values += 1;
    at = byte === QUOTE ? findStringEnd(bytes, at) : at + 1;
  }
  return { values, depth: deepest };
}

/** The position after the string that begins at `from`, or the end of the text if it is not closed. */
export function findStringEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from + 1); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let before = at - 1;
    while (before > from && bytes[before] === BACKSLASH) before -= 1;
    // An even number of backslashes before the quotation mark escape each other.
    if ((at - before) % 2 === 1) return at + 1;
  }
  return bytes.length;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether the value is a JSON object: not an array, not null and not an exact number. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isExactNumber(value);
}

/**
 * The member of an object or an array; undefined if it has none. Only own members, because a key may be the name of a
 * property that every object inherits.
 */
export function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}

/** Whether the value is a number that no double equals. A client's own `{"rawJSON": "1"}` is not. */
export function isExactNumber(value: unknown): value is ExactNumber {
  // The first conditions are only for speed.
  return typeof value === "object" && value !== null && "rawJSON" in value && JSON.isRawJSON(value);
}

/** Whether the value is a JSON number, exact or not. */
export function isNumber(value: unknown): value is number | ExactNumber {
  return typeof value === "number" || isExactNumber(value);
}

/** The nearest double, for comparisons. */
export function toDouble(value: number | ExactNumber): number {
  return typeof value === "number" ? value : Number(value.rawJSON);
}

/** A string or number as text: an exact number with all of its digits. */
export function toText(value: string | number | ExactNumber): string {
  return isExactNumber(value) ? value.rawJSON : String(value);
}

/**
 * Whether programs cannot read the number at all: it is larger than every double, such as 1e400. Most parsers make it
 * infinite, and others refuse the whole file.
 */
export function isBeyondDoubles(value: unknown): value is ExactNumber {
  return isExactNumber(value) && !Number.isFinite(Number(value.rawJSON));
}

/** A value inside another one, and its path. */
export interface FoundValue {
  readonly path: readonly PropertyKey[];
  readonly value: unknown;
}

/**
 * The values inside `root` for which `matches` is true. It does not look inside such a value. It uses recursion, so the depth
 * of `root` must be limited.
 * @param limit the largest number of values
 */
export function findValues(
  root: unknown,
  matches: (value: unknown, key: PropertyKey | undefined) => boolean,
  limit: number,
): FoundValue[] {
  const found: FoundValue[] = [];
  const path: PropertyKey[] = [];
  const visit = (value: unknown) => {
    if (found.length === limit) return;
    if (matches(value, path.at(-1))) found.push({ path: [...path], value });
    else if (Array.isArray(value)) value.forEach(enter);
    else if (isObject(value)) for (const key of Object.keys(value)) enter(value[key], key);
  };
  const enter = (member: unknown, key: PropertyKey) => {
    path.push(key);
    visit(member);
    path.pop();
  };
  visit(root);
  return found;
}

/**
 * RFC 6901: a path of keys as a pointer (`["images", "fr.lproj/logo.png"]` → `/images/fr.lproj~1logo.png`). If it would be
 * too long, because of a very long key, it is the pointer of an object or array that contains the value.
 */
export function pointerTo(path: readonly PropertyKey[]): string {
  let pointer = "";
  for (const key of path) {
    const token = String(key);
    if (pointer.length + token.length >= FINDINGS.pointerCharacters) break;
    pointer += `/${token.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  }
  return pointer;
}

/** RFC 6901 §4: the path of a pointer, the opposite of `pointerTo`. */
export function parsePointer(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}
