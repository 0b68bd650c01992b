/**
 * Parses `pass.strings`, Apple's old property list format with `"key" = "value";` pairs and C comments, in UTF-8. It
 * does not support the whole format: Wallet also accepts UTF-16, but other clients fail for it, so this check demands
 * UTF-8.
 *
 * Follows "Strings Files" in Apple's Internationalization and Localization Guide.
 */
import { demand, readUtf8 } from "./iphone-invalid-pass.ts";

const SPACE_OR_COMMENT = /(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\n]*)*/y;
const QUOTED = /"((?:[^"\\]|\\[\s\S])*)"/y;
const ESCAPED: Record<string, string> = { '"': '"', "\\": "\\", n: "\n", r: "\r", t: "\t", "'": "'" };

/**
 * The pairs of one file. `name` is only used in objections.
 * @throws InvalidPass if the bytes are not UTF-8 or cannot be parsed to the end
 */
export function parseStrings(bytes: Uint8Array, name: string): Record<string, string> {
  const text = readUtf8(bytes, name);
  const pairs = new Map<string, string>();
  let at = 0;

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const demandHere = (condition: unknown, wanted: string): void => {
    const line = text.slice(0, at).split("\n").length;
    demand(condition, `${name} line ${line}: ${wanted} expected`);
  };
  const symbol = (wanted: string): void => {
    match(SPACE_OR_COMMENT);
    demandHere(text[at] === wanted, wanted);
    at += 1;
  };
  const quoted = (): string => {
    match(SPACE_OR_COMMENT);
    const found = match(QUOTED);
    demandHere(found, "a quoted string");
    return (found?.[1] ?? "").replace(/\\([\s\S])/g, (written, letter: string) => {
      const plain = ESCAPED[letter];
      demandHere(plain !== undefined, `a known escape instead of ${written}`);
      return plain ?? "";
    });
  };

  for (match(SPACE_OR_COMMENT); at < text.length; match(SPACE_OR_COMMENT)) {
    const key = quoted();
    symbol("=");
    const value = quoted();
    symbol(";");
    demand(!pairs.has(key), `${name} holds the key ${JSON.stringify(key)} twice`);
    pairs.set(key, value);
  }
  return Object.fromEntries(pairs);
}
