/**
 * Strict JSON, as Wallet reads pass.json. It reports errors with line and column, and it finds faults that JSON.parse
 * silently accepts: duplicate keys in one object, unpaired surrogates, and nesting of any depth.
 *
 * Follows RFC 8259. Only UTF-8 is accepted, as Apple requires.
 */
import { parseJson } from "../json.ts";
import { PARSED } from "../memory.ts";

export type StrictJson =
  | {
      readonly outcome: "json";
      readonly value: unknown;
      readonly byteOrderMark: boolean;
      /** Paths of the first keys that occur twice in one object. Parsers differ in which of the two they use. */
      readonly repeated: readonly (readonly PropertyKey[])[];
    }
  | { readonly outcome: "broken"; readonly why: string };

/** A path has up to 64 keys, and a hostile file may have a repeated key in every fifth byte. */
const MAX_REPEATED = 20;

/** White space, then one token: punctuation, the beginning of a string, or a literal or number. */
const TOKEN = /[ \t\n\r]*(?:([{}[\],:])|(")|(true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?))/y;
/** A piece of a string. A string may have megabytes, and an expression that matches a whole one would overflow the stack. */
const PIECE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids control characters in strings
  /[^"\\\u0000-\u001f]+|(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})){1,1000}/y;
const SPACE = /[ \t\n\r]*/y;

/** Parses a JSON file. `why` is lower-case text without a full stop, for the end of a sentence. */
export function parseStrictJson(bytes: Uint8Array): StrictJson {
  const text = decodeUtf8(bytes);
  if (typeof text !== "string") return text;
  const byteOrderMark = text.startsWith("\uFEFF");
  const json = byteOrderMark ? text.slice(1) : text;
  try {
    const repeated = new Scanner(json, PARSED.values).scan();
    return { outcome: "json", value: parseJson(json), byteOrderMark, repeated };
  } catch (fault) {
    if (fault instanceof SyntaxError) return { outcome: "broken", why: fault.message };
    throw fault;
  }
}

/**
 * What is wrong with text that JSON.parse refuses: lower-case text without a full stop, for the end of a sentence.
 * @param maxValues the largest number of values that the text may have
 * @returns undefined if this scanner finds nothing wrong
 */
export function findJsonFault(text: string, maxValues: number): string | undefined {
  try {
    new Scanner(text, maxValues).scan();
    return undefined;
  } catch (fault) {
    if (fault instanceof SyntaxError) return fault.message;
    throw fault;
  }
}

function decodeUtf8(bytes: Uint8Array): string | StrictJson {
  const broken = (why: string): StrictJson => ({ outcome: "broken", why });
  if (bytes.length === 0) return broken("it is empty");
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16 || first === 0 || second === 0) return broken("it is UTF-16, but must be UTF-8");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return broken(`line ${findInvalidUtf8Line(bytes)} is not valid UTF-8`);
  }
}

/** The number of the first line that is not UTF-8, from 1. A line feed is never part of a longer UTF-8 sequence. */
export function findInvalidUtf8Line(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  for (let line = 1, from = 0; ; line++) {
    const end = bytes.indexOf(0x0a, from);
    try {
      decoder.decode(bytes.subarray(from, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    from = end + 1;
  }
}

/** An object or array that is open at the scanner's position. */
interface Container {
  /** For an object, the keys that were read so far; undefined for an array. */
  readonly keys: Set<string> | undefined;
  /** For an array, the current index (-1 before the first item). For an object, the current key. */
  at: PropertyKey | undefined;
}

/** Reads the tokens once. It does not use recursion, because the author of the file controls the depth of nesting. */
class Scanner {
  readonly #text: string;
  readonly #maxValues: number;
  readonly #open: Container[] = [];
  readonly #repeated: PropertyKey[][] = [];
  #offset = 0;
  /** Where the last token begins, or the text that is no token. Faults name this place. */
  #start = 0;
  #values = 0;

  constructor(text: string, maxValues: number) {
    this.#text = text;
    this.#maxValues = maxValues;
  }

  /** @returns the paths of the repeated keys. @throws SyntaxError */
  scan(): PropertyKey[][] {
    this.#value(this.#next("a value"));
    while (this.#open.length > 0) this.#member();
    this.#skipSpace();
    if (this.#offset < this.#text.length) throw this.#fault("there is text after the end of the JSON value");
    return this.#repeated;
  }

  /**
   * Reads the next part of the innermost object or array: one member with the comma before it, or the closing bracket.
   */
  #member(): void {
    const open = this.#open.at(-1);
    if (open === undefined) return;
    const closing = open.keys === undefined ? "]" : "}";
    const isFirst = open.at === undefined || open.at === -1;
    const token = this.#next(isFirst ? `a member or ${closing}` : `a comma or ${closing}`);
    if (token === closing) {
      this.#open.pop();
      return;
    }
    if (!isFirst && token !== ",")
      throw this.#fault(`a comma or ${closing} is missing before ${quoteStart(token)}`);
    const member = isFirst ? token : this.#next("a member");
    if (member === closing) throw this.#fault(`there is a comma before ${closing}`);
    if (open.keys === undefined) {
      open.at = Number(open.at) + 1;
      this.#value(member);
    } else {
      this.#key(open, open.keys, member);
      if (this.#next(":") !== ":") throw this.#fault("a colon is missing after a key");
      this.#value(this.#next("a value"));
    }
  }

  #key(open: Container, keys: Set<string>, token: string): void {
    if (!token.startsWith('"'))
      throw this.#fault(`a key in double quotes is missing before ${quoteStart(token)}`);
    const key = String(parseJson(token));
    open.at = key;
    if (keys.has(key) && this.#repeated.length < MAX_REPEATED)
      this.#repeated.push(this.#open.map(({ at = "" }) => at));
    keys.add(key);
  }

  #value(token: string): void {
    this.#values += 1;
    if (this.#values > this.#maxValues) throw this.#fault(`it has more than ${this.#maxValues} values`);
    if (token === "{" || token === "[") {
      if (this.#open.length === PARSED.depth)
        throw this.#fault(`it is nested more than ${PARSED.depth} levels deep`);
      this.#open.push(token === "{" ? { keys: new Set(), at: undefined } : { keys: undefined, at: -1 });
    } else if ("}],:".includes(token)) {
      throw this.#fault(`a value is missing before ${token}`);
    }
  }

  /** Reads the next token. @param expected for the error message */
  #next(expected: string): string {
    TOKEN.lastIndex = this.#offset;
    const [all, punctuation, quote, literal] = TOKEN.exec(this.#text) ?? [];
    const string = quote && this.#string(TOKEN.lastIndex - 1);
    const token = punctuation ?? string ?? literal ?? "";
    if (all === undefined || token === "") {
      this.#skipSpace();
      throw this.#fault(this.#explain(expected));
    }
    this.#start = this.#offset + all.length - (quote ?? token).length;
    this.#offset = this.#start + token.length;
    // Apple's parser cannot make a string from unpaired surrogates (RFC 8259 §8.2).
    if (string?.includes("\\u") === true && !String(parseJson(string)).isWellFormed())
      throw this.#fault("a string contains half a character (an unpaired surrogate)");
    return token;
  }

  /** @returns the string that begins there, with its quotation marks; empty if it is malformed */
  #string(start: number): string {
    PIECE.lastIndex = start + 1;
    let end = PIECE.lastIndex;
    while (PIECE.test(this.#text)) end = PIECE.lastIndex;
    return this.#text[end] === '"' ? this.#text.slice(start, end + 1) : "";
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.#offset;
    SPACE.test(this.#text);
    this.#offset = SPACE.lastIndex;
    this.#start = this.#offset;
  }

  /** Why there is no token at the current offset. */
  #explain(expected: string): string {
    const rest = this.#text.slice(this.#offset, this.#offset + 2);
    if (rest === "") return `it ends where ${expected} is expected`;
    if (rest === "//" || rest === "/*") return "JSON has no comments";
    if (rest.startsWith("'")) return "strings need double quotes, not single quotes";
    if (rest.startsWith('"'))
      return "a string is not closed, or contains a control character or an escape that JSON does not have";
    return `found ${quoteStart(rest)} where ${expected} is expected`;
  }

  #fault(why: string): SyntaxError {
    let line = 1;
    let lineStart = 0;
    for (;;) {
      const end = this.#text.indexOf("\n", lineStart);
      if (end < 0 || end >= this.#start) break;
      line += 1;
      lineStart = end + 1;
    }
    return new SyntaxError(`${why} (line ${line}, column ${this.#start - lineStart + 1})`);
  }
}

/** The first characters as a JSON string, so that the message is printable whatever the file contains. */
function quoteStart(text: string): string {
  return JSON.stringify(text.slice(0, 20));
}
