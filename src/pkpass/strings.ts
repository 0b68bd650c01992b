/**
 * pass.strings: the translations of one language as Wallet reads them, one `"key" = "value";` per line.
 *
 * It writes UTF-8 that starts with a quotation mark, because parsers other than Apple's guess the encoding from the
 * first byte and treat anything else as UTF-16. It reads what Apple's own parser accepts: UTF-8 or UTF-16, comments,
 * words without quotes. Follows Apple's "String Resources" (escapes of .strings files).
 */
import { findInvalidUtf8Line } from "./strict-json.ts";

const ESCAPES: Record<string, string> = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** @param translations text of pass.json → its translation */
export function writeStrings(translations: Readonly<Record<string, string>>): Uint8Array {
  const lines = Object.entries(translations)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([text, translation]) => `${quote(text)} = ${quote(translation)};\n`);
  return new TextEncoder().encode(lines.join(""));
}

function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters have to be escaped
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
      /** Descriptions of valid syntax that is almost certainly a mistake, each with its line. */
      readonly suspicions: readonly string[];
    }
  | { readonly outcome: "broken"; readonly why: string };

/** Parses a pass.strings: text of pass.json → its translation. */
export function readStrings(bytes: Uint8Array): ReadStrings {
  const text = decode(bytes);
  if (typeof text !== "string") return text;
  try {
    return new Parser(text).parse();
  } catch (fault) {
    if (fault instanceof SyntaxError) return { outcome: "broken", why: fault.message };
    throw fault;
  }
}

function decode(bytes: Uint8Array): string | ReadStrings {
  const broken = (why: string): ReadStrings => ({ outcome: "broken", why });
  const [first, second] = bytes;
  if (String.fromCharCode(...bytes.subarray(0, 6)) === "bplist") return broken(WRONG_FORMAT);
  if (bytes.length > 1 && (first === 0 || second === 0))
    return broken("it is UTF-16 without a byte order mark, which iPhones do not detect");
  const isLittleEndian = first === 0xff && second === 0xfe;
  const isUtf16 = isLittleEndian || (first === 0xfe && second === 0xff);
  const encoding = isUtf16 ? (isLittleEndian ? "utf-16le" : "utf-16be") : "utf-8";
  try {
    // The decoder removes the byte order mark.
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return broken(
      isUtf16 ? "it is not valid UTF-16" : `line ${findInvalidUtf8Line(bytes)} is not valid UTF-8`,
    );
  }
}

const WRONG_FORMAT =
  'it is a property list in another format, but must contain lines such as "key" = "value";';
/** Enough examples for the author to find all others. */
const MAX_SUSPICIONS = 10;

/** Letter after a backslash → what it means. Any other letter means itself. */
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
/** Characters that need no quotes. */
const WORD = /[A-Za-z0-9_$/:.-]+/y;
const PLAIN = /[^"'\\]+/y;
const HEX = /[0-9A-Fa-f]{1,4}/y;
const SPACE = /\s+/y;

class Parser {
  readonly #text: string;
  readonly #suspicions: string[] = [];
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** @throws SyntaxError with the line */
  parse(): ReadStrings {
    if (/^\s*[<{]/.test(this.#text)) throw this.#fault(WRONG_FORMAT);
    const strings = new Map<string, string>();
    for (this.#skipSpace(); this.#offset < this.#text.length; this.#skipSpace()) {
      const key = this.#string("a string in quotes");
      if (strings.has(key)) this.#suspect(`the key ${JSON.stringify(key.slice(0, 40))} occurs twice`);
      strings.set(key, this.#symbol("=") ? this.#string("a string in quotes after =") : key);
      if (!this.#symbol(";")) throw this.#fault("a semicolon is missing");
    }
    // No schema of a JSON body lets this key through (http/validate.ts).
    if (strings.delete("__proto__")) this.#suspect("the key __proto__ cannot be stored, and was left out");
    return { outcome: "strings", strings: Object.fromEntries(strings), suspicions: this.#suspicions };
  }

  /** Skips white space and comments. */
  #skipSpace(): void {
    for (;;) {
      if (this.#match(SPACE) !== undefined) continue;
      const comment = this.#text.slice(this.#offset, this.#offset + 2);
      const closing = comment === "/*" ? "*/" : comment === "//" ? "\n" : undefined;
      if (closing === undefined) return;
      const end = this.#text.indexOf(closing, this.#offset + 2);
      if (end < 0 && closing === "*/") throw this.#fault("a comment is not closed");
      this.#offset = end < 0 ? this.#text.length : end + closing.length;
    }
  }

  /** Consumes the symbol if it comes next. @returns whether it did */
  #symbol(symbol: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#offset] !== symbol) return false;
    this.#offset += 1;
    return true;
  }

  /** @param expected for the error message */
  #string(expected: string): string {
    this.#skipSpace();
    const quotationMark = this.#text[this.#offset];
    if (quotationMark !== '"' && quotationMark !== "'") {
      const word = this.#match(WORD);
      if (word === undefined) throw this.#fault(`${expected} is missing`);
      return word;
    }
    const start = this.#offset;
    this.#offset += 1;
    const parts: string[] = [];
    for (;;) {
      const plain = this.#match(PLAIN);
      if (plain !== undefined) parts.push(plain);
      const character = this.#text[this.#offset];
      this.#offset += 1;
      if (character === quotationMark) break;
      if (character === undefined) {
        this.#offset = start;
        throw this.#fault("a string is not closed");
      }
      parts.push(character === "\\" ? this.#escape() : character);
    }
    const text = parts.join("");
    if (!text.isWellFormed()) throw this.#fault("a string contains half a character (an unpaired surrogate)");
    return text;
  }

  /** Reads what follows a backslash. */
  #escape(): string {
    const letter = this.#text[this.#offset] ?? "";
    this.#offset += 1;
    if (letter === "U") {
      const code = this.#match(HEX);
      if (code === undefined) throw this.#fault("\\U has no hexadecimal digits after it");
      return String.fromCharCode(Number.parseInt(code, 16));
    }
    const meaning = ESCAPED[letter];
    if (meaning === undefined && /[A-Za-z0-9]/.test(letter))
      this.#suspect(
        `\\${letter} is not an escape, and shows as "${letter}"${letter === "u" ? "; use \\U instead" : ""}`,
      );
    return meaning ?? letter;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#offset += found.length;
    return found;
  }

  #suspect(why: string): void {
    if (this.#suspicions.length === MAX_SUSPICIONS) return; // counting lines is slow
    this.#suspicions.push(`${why} (line ${this.#line()})`);
  }

  #fault(why: string): SyntaxError {
    return new SyntaxError(`${why} (line ${this.#line()})`);
  }

  #line(): number {
    return this.#text.slice(0, this.#offset).split("\n").length;
  }
}
