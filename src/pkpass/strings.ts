/**
 * pass.strings: the translations of one language as Wallet reads them, `"key" = "value";` a line.
 *
 * Written in UTF-8, and the file opens with a quotation mark: readers that are not Apple's guess the encoding from the
 * first byte, and take anything else for UTF-16. Read as Apple's own parser reads it: UTF-8 or UTF-16, comments, words
 * without quotes. Follows Apple's "String Resources" (escapes of .strings files).
 */
import { lineOfBadUtf8 } from "./strict-json.ts";

const ESCAPES: Record<string, string> = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** @param translations text as it stands in pass.json → its translation. */
export function passStrings(translations: Readonly<Record<string, string>>): Uint8Array {
  const lines = Object.entries(translations)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([text, translation]) => `${quoted(text)} = ${quoted(translation)};\n`);
  return new TextEncoder().encode(lines.join(""));
}

function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped
  const escaped = text.replace(/[\\"\u0000-\u001f\u007f]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, "0");
    return ESCAPES[character] ?? `\\U${code}`;
  });
  return `"${escaped}"`;
}

export type ReadStrings =
  | {
      readonly outcome: "strings";
      readonly strings: Readonly<Record<string, string>>;
      /** What is legal, and surely not what was meant: in words, with the line. */
      readonly doubts: readonly string[];
    }
  | { readonly outcome: "broken"; readonly why: string };

/** The translations in a pass.strings, text as it stands in pass.json → its translation. */
export function readStrings(bytes: Uint8Array): ReadStrings {
  const text = decoded(bytes);
  if (typeof text !== "string") return text;
  try {
    return new Parser(text).pairs();
  } catch (fault) {
    if (fault instanceof SyntaxError) return { outcome: "broken", why: fault.message };
    throw fault;
  }
}

function decoded(bytes: Uint8Array): string | ReadStrings {
  const broken = (why: string): ReadStrings => ({ outcome: "broken", why });
  const [first, second] = bytes;
  if (String.fromCharCode(...bytes.subarray(0, 6)) === "bplist") return broken(OTHER_KIND);
  if (bytes.length > 1 && (first === 0 || second === 0))
    return broken("it is UTF-16 without a byte order mark, and iPhones cannot tell");
  const isLittle = first === 0xff && second === 0xfe;
  const isUtf16 = isLittle || (first === 0xfe && second === 0xff);
  try {
    // The decoder takes the byte order mark away.
    if (isUtf16)
      return new TextDecoder(isLittle ? "utf-16le" : "utf-16be", { fatal: true, ignoreBOM: false }).decode(
        bytes,
      );
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return broken(isUtf16 ? "it is broken UTF-16" : `it is not UTF-8 in line ${lineOfBadUtf8(bytes)}`);
  }
}

const OTHER_KIND = 'it is another kind of property list, and has to be lines of text: "key" = "value";';
/** Enough to see what is wrong with all the others. */
const MOST_DOUBTS = 10;

/** What a letter behind a backslash stands for; any other letter stands for itself. */
const ESCAPED: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\n": "\n",
};
/** Letters and signs that need no quotes. */
const WORD = /[A-Za-z0-9_$/:.-]+/y;
const PLAIN = /[^"'\\]+/y;
const HEX = /[0-9A-Fa-f]{1,4}/y;
const SPACE = /\s+/y;

class Parser {
  readonly #text: string;
  readonly #doubts: string[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** @throws SyntaxError with the line */
  pairs(): ReadStrings {
    if (/^\s*[<{]/.test(this.#text)) throw this.#fault(OTHER_KIND);
    const strings = new Map<string, string>();
    for (this.#space(); this.#at < this.#text.length; this.#space()) {
      const key = this.#string("a text in quotes");
      if (strings.has(key)) this.#doubt(`${JSON.stringify(key.slice(0, 40))} stands twice`);
      strings.set(key, this.#symbol("=") ? this.#string("a text in quotes behind =") : key);
      if (!this.#symbol(";")) throw this.#fault("a semicolon is missing");
    }
    return { outcome: "strings", strings: Object.fromEntries(strings), doubts: this.#doubts };
  }

  /** Space and comments. */
  #space(): void {
    for (;;) {
      if (this.#match(SPACE) !== undefined) continue;
      const comment = this.#text.slice(this.#at, this.#at + 2);
      const closing = comment === "/*" ? "*/" : comment === "//" ? "\n" : undefined;
      if (closing === undefined) return;
      const end = this.#text.indexOf(closing, this.#at + 2);
      if (end < 0 && closing === "*/") throw this.#fault("a comment is not closed");
      this.#at = end < 0 ? this.#text.length : end + closing.length;
    }
  }

  /** Whether the sign stands here; it is read over. */
  #symbol(sign: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #string(wanted: string): string {
    this.#space();
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== "'") {
      const word = this.#match(WORD);
      if (word === undefined) throw this.#fault(`${wanted} is missing`);
      return word;
    }
    const opened = this.#at;
    this.#at += 1;
    const parts: string[] = [];
    for (;;) {
      const plain = this.#match(PLAIN);
      if (plain !== undefined) parts.push(plain);
      const sign = this.#text[this.#at];
      this.#at += 1;
      if (sign === quote) break;
      if (sign === undefined) {
        this.#at = opened;
        throw this.#fault("a text is not closed");
      }
      parts.push(sign === "\\" ? this.#escape() : sign);
    }
    const text = parts.join("");
    if (!text.isWellFormed()) throw this.#fault("a text holds half a character (an unpaired surrogate)");
    return text;
  }

  /** What stands behind a backslash. */
  #escape(): string {
    const letter = this.#text[this.#at] ?? "";
    this.#at += 1;
    if (letter === "U") {
      const code = this.#match(HEX);
      if (code === undefined) throw this.#fault("\\U has no hexadecimal digits behind it");
      return String.fromCharCode(Number.parseInt(code, 16));
    }
    const meant = ESCAPED[letter];
    if (meant === undefined && /[A-Za-z0-9]/.test(letter))
      this.#doubt(`\\${letter} is no escape, and shows as "${letter}"${letter === "u" ? ": write \\U" : ""}`);
    return meant ?? letter;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #doubt(why: string): void {
    if (this.#doubts.length === MOST_DOUBTS) return; // a line is counted from the start
    this.#doubts.push(`${why} (line ${this.#line()})`);
  }

  #fault(why: string): SyntaxError {
    return new SyntaxError(`${why} (line ${this.#line()})`);
  }

  #line(): number {
    return this.#text.slice(0, this.#at).split("\n").length;
  }
}
