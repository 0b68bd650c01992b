/**
 * Strict JSON, as Wallet reads pass.json: what is wrong is told with its line, and what JavaScript's own parser lets
 * pass (a key twice in one object, half a character, a file that is a thousand levels deep) is told too.
 *
 * Follows RFC 8259. UTF-8 only: Apple asks for it.
 */

export type ReadJson =
  | {
      readonly outcome: "json";
      readonly value: unknown;
      readonly byteOrderMark: boolean;
      /** Keys that stand twice in their object: readers differ in which of the two they take. */
      readonly repeated: readonly (readonly PropertyKey[])[];
    }
  | { readonly outcome: "broken"; readonly why: string };

/** Deeper than any pass.json. */
const MOST_LEVELS = 64;

/** Space, then one token. What is none of them is an error there. */
const TOKEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what JSON refuses in a text
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?))/y;
const SPACE = /[ \t\n\r]*/y;

export function readJson(bytes: Uint8Array): ReadJson {
  const text = decoded(bytes);
  if (typeof text !== "string") return text;
  const byteOrderMark = text.startsWith("\uFEFF");
  const json = byteOrderMark ? text.slice(1) : text;
  try {
    const repeated = new Scan(json).whole();
    return { outcome: "json", value: JSON.parse(json), byteOrderMark, repeated };
  } catch (fault) {
    if (fault instanceof SyntaxError) return { outcome: "broken", why: fault.message };
    throw fault;
  }
}

function decoded(bytes: Uint8Array): string | ReadJson {
  const broken = (why: string): ReadJson => ({ outcome: "broken", why });
  if (bytes.length === 0) return broken("it is empty");
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16 || first === 0 || second === 0) return broken("it is UTF-16, and has to be UTF-8");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return broken(`it is not UTF-8 in line ${lineOfBadUtf8(bytes)}`);
  }
}

/** The first line whose bytes are not UTF-8; 1 is the first. No line end is part of a longer character in UTF-8. */
export function lineOfBadUtf8(bytes: Uint8Array): number {
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

interface Open {
  /** Of an object: those that stood already. Undefined for an array. */
  readonly keys: Set<string> | undefined;
  /** Where the scan is in it. */
  at: PropertyKey;
}

/** Walks over the tokens once, without recursion: whoever wrote the file decides how deep it is. */
class Scan {
  readonly #text: string;
  readonly #open: Open[] = [];
  readonly #repeated: PropertyKey[][] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** @returns the keys that are repeated. @throws SyntaxError */
  whole(): PropertyKey[][] {
    this.#value(this.#next("a value"));
    while (this.#open.length > 0) this.#member();
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
    if (this.#at < this.#text.length) throw this.#fault("something stands after its end");
    return this.#repeated;
  }

  /** What follows in the innermost object or array: a comma and a member, or its end. */
  #member(): void {
    const open = this.#open.at(-1);
    if (open === undefined) return;
    const closing = open.keys === undefined ? "]" : "}";
    const isFirst = open.at === "" || open.at === -1;
    const token = this.#next(isFirst ? `a member or ${closing}` : `a comma or ${closing}`);
    if (token === closing) {
      this.#open.pop();
      return;
    }
    if (!isFirst && token !== ",")
      throw this.#fault(`a comma or ${closing} is missing before ${shown(token)}`);
    const member = isFirst ? token : this.#next("a member");
    if (member === closing) throw this.#fault(`a comma stands before ${closing}`);
    if (open.keys === undefined) {
      open.at = Number(open.at) + 1;
      this.#value(member);
    } else {
      this.#key(open, open.keys, member);
      if (this.#next(":") !== ":") throw this.#fault("a colon is missing after a key");
      this.#value(this.#next("a value"));
    }
  }

  #key(open: Open, keys: Set<string>, token: string): void {
    if (!token.startsWith('"')) throw this.#fault(`a key in double quotes is missing before ${shown(token)}`);
    const key: string = JSON.parse(token);
    open.at = ` ${key}`; // never the empty one, which says that nothing was read yet
    if (keys.has(key))
      this.#repeated.push(this.#open.map(({ keys, at }) => (keys ? String(at).slice(1) : at)));
    keys.add(key);
  }

  #value(token: string): void {
    if (token === "{" || token === "[") {
      if (this.#open.length === MOST_LEVELS)
        throw this.#fault(`it is nested more than ${MOST_LEVELS} levels deep`);
      this.#open.push(token === "{" ? { keys: new Set(), at: "" } : { keys: undefined, at: -1 });
    } else if ("}],:".includes(token)) {
      throw this.#fault(`a value is missing before ${token}`);
    }
  }

  #next(wanted: string): string {
    TOKEN.lastIndex = this.#at;
    const [all, sign, string, word] = TOKEN.exec(this.#text) ?? [];
    if (all === undefined) {
      SPACE.lastIndex = this.#at;
      SPACE.test(this.#text);
      this.#at = SPACE.lastIndex;
      throw this.#fault(this.#why(wanted));
    }
    this.#at += all.length;
    // What Apple's parser cannot make a string of (RFC 8259 §8.2).
    if (string?.includes("\\u") === true && !JSON.parse(string).isWellFormed())
      throw this.#fault("a text holds half a character (an unpaired surrogate)");
    return sign ?? string ?? word ?? "";
  }

  /** Why what stands here is no token. */
  #why(wanted: string): string {
    const rest = this.#text.slice(this.#at, this.#at + 2);
    if (rest === "") return `it ends where ${wanted} is due`;
    if (rest === "//" || rest === "/*") return "JSON has no comments";
    if (rest.startsWith("'")) return "texts stand in double quotes, not in single ones";
    if (rest.startsWith('"'))
      return "a text here is not closed, or holds a control character or an escape that JSON does not know";
    return `${shown(rest)} stands where ${wanted} is due`;
  }

  #fault(why: string): SyntaxError {
    const before = this.#text.slice(0, this.#at).split("\n");
    return new SyntaxError(`${why} (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`);
  }
}

/** The beginning of it, as JSON: whatever it holds, it can be printed. */
function shown(text: string): string {
  return JSON.stringify(text.slice(0, 20));
}
