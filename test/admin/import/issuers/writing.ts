/**
 * How the software of different issuers writes the text files of a .pkpass: pass.json and pass.strings.
 *
 * Most writers of pass.json follow RFC 8259. Those with trailing commas, comments and a byte order mark do not.
 */
import { bytesOf } from "../../../pkpass/archives.ts";

/** JSON with whole numbers of any length. */
export type Json =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };
/** Writes pass.json. */
export type Writer = (pass: JsonObject) => string;

/** One line, as most libraries write it. */
export function compact(value: Json, indent?: number): string {
  const text = JSON.stringify(
    value,
    (_key, member: Json) => (typeof member === "bigint" ? `bigint ${member}` : member),
    indent,
  );
  return text.replace(/"bigint (-?\d+)"/g, "$1");
}

export const indented: Writer = (pass) => compact(pass, 2);
/** .NET: indented, with Windows' line ends. */
export const indentedForWindows: Writer = (pass) => indented(pass).replaceAll("\n", "\r\n");
/** Python's json.dumps: ASCII only. */
export const asciiOnly: Writer = (pass) =>
  compact(pass).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
/** PHP's json_encode: ASCII only, and slashes escaped. */
export const escapedSlashes: Writer = (pass) => asciiOnly(pass).replaceAll("/", "\\/");
/** A text template with a loop: a comma after each member. */
export const trailingCommas: Writer = (pass) => indented(pass).replace(/\n *[}\]]/g, ",$&");
/** Edited in a text editor that adds a byte order mark. */
export const commentsAndByteOrderMark: Writer = (pass) =>
  `\ufeff// Test system\n${indented(pass).replace(/^ {2}"/gm, '  /* key */ "')}\n`;

export type Encoding = "utf-8" | "utf-8 with a mark" | "utf-16le" | "utf-16be";

/** pass.strings with a comment. */
export function stringsFile(texts: Readonly<Record<string, string>>, encoding: Encoding): Uint8Array {
  const lines = Object.entries(texts).map(
    ([text, translation]) => `${quoted(text)} = ${quoted(translation)};`,
  );
  const content = ["/* Generated. Do not edit. */", ...lines, ""].join("\n");
  switch (encoding) {
    case "utf-8":
      return bytesOf(content);
    case "utf-8 with a mark":
      return bytesOf(`\ufeff${content}`);
    case "utf-16le":
      return utf16(`\ufeff${content}`, true);
    case "utf-16be":
      return utf16(`\ufeff${content}`, false);
  }
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}

function utf16(text: string, isLittleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), isLittleEndian);
  return bytes;
}
