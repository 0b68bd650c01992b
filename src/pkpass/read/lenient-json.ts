/**
 * Mends JSON that people wrote by hand: it removes trailing commas and comments, so that the strict parser can read the
 * rest. Only files are mended; the bodies of requests stay strict.
 *
 * Apple's Foundation accepts a comma before } and ], and no comments. Comments are mended for templates that people keep by
 * hand. Everything that is removed becomes spaces, so that a fault that remains keeps its line.
 * Follows RFC 8259, and JSON5 1.0 for the two kinds of comments.
 */
import { findStringEnd } from "../../json.ts";

export type MendKind = "trailing_comma" | "comment";

/** One thing that was removed. Line and column are those of its first character, from 1. */
export interface Mend {
  readonly kind: MendKind;
  readonly line: number;
  readonly column: number;
}

export interface MendedJson {
  /** As long as the original. */
  readonly bytes: Uint8Array;
  /** The first mends of each kind, in the order of the file. */
  readonly mends: readonly Mend[];
  /** How many there are of each kind. */
  readonly counts: Readonly<Record<MendKind, number>>;
}

/** The limit for mends with a place, of each kind. A hostile file can have one in every third byte. */
const MAX_PLACES = 10;

const QUOTE = 0x22;
const STAR = 0x2a;
const COMMA = 0x2c;
const SLASH = 0x2f;
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const WHITE_SPACE = new Set([SPACE, 0x09, LINE_FEED, CARRIAGE_RETURN]);
/** `{ [ , :` — a comma after one of them is no trailing comma, because no value precedes it. */
const BEFORE_VALUE = new Set([0x7b, 0x5b, COMMA, 0x3a]);
/** `} ]` */
const CLOSING = new Set([0x7d, 0x5d]);

/**
 * Removes what `kinds` allows, in linear time. Works on bytes: in UTF-8, the bytes of these characters are never part of
 * other characters.
 */
export function mendJson(bytes: Uint8Array, kinds: readonly MendKind[]): MendedJson {
  const mended = bytes.slice();
  const counts = { trailing_comma: 0, comment: 0 };
  const found: { kind: MendKind; at: number }[] = [];
  const mend = (kind: MendKind, at: number, end: number) => {
    blank(mended, at, end);
    counts[kind] += 1;
    if (counts[kind] <= MAX_PLACES) found.push({ kind, at });
  };
  // The position of a comma that follows a value, until something else follows the comma.
  let comma: number | undefined;
  let isAfterValue = false;
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    if (WHITE_SPACE.has(byte)) {
      at += 1;
      continue;
    }
    if (startsComment(bytes, at) && kinds.includes("comment")) {
      const end = findCommentEnd(bytes, at);
      if (end === undefined) break;
      mend("comment", at, end);
      at = end;
      continue;
    }
    if (CLOSING.has(byte) && comma !== undefined && kinds.includes("trailing_comma"))
      mend("trailing_comma", comma, comma + 1);
    comma = byte === COMMA && isAfterValue ? at : undefined;
    isAfterValue = !BEFORE_VALUE.has(byte);
    at = byte === QUOTE ? findStringEnd(bytes, at) : at + 1;
  }
  // A comma is found after the comments that follow it.
  found.sort((a, b) => a.at - b.at);
  return { bytes: mended, mends: locate(bytes, found), counts };
}

function startsComment(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === SLASH && (bytes[at + 1] === SLASH || bytes[at + 1] === STAR);
}

/** The position after the comment. Undefined if it is not closed. */
function findCommentEnd(bytes: Uint8Array, from: number): number | undefined {
  const isLine = bytes[from + 1] === SLASH;
  for (let at = from + 2; at < bytes.length; at++) {
    if (isLine && (bytes[at] === LINE_FEED || bytes[at] === CARRIAGE_RETURN)) return at;
    if (!isLine && bytes[at] === STAR && bytes[at + 1] === SLASH) return at + 2;
  }
  return isLine ? bytes.length : undefined;
}

/** Keeps the line breaks. */
function blank(bytes: Uint8Array, from: number, end: number): void {
  for (let at = from; at < end; at++) if (!WHITE_SPACE.has(bytes[at] ?? 0)) bytes[at] = SPACE;
}

/** Reads the file once. Columns count UTF-16 units, as those of the strict parser. */
function locate(bytes: Uint8Array, found: readonly { kind: MendKind; at: number }[]): Mend[] {
  const mends: Mend[] = [];
  let line = 1;
  let column = 1;
  let at = 0;
  for (const mend of found) {
    for (; at < mend.at; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === LINE_FEED) {
        line += 1;
        column = 1;
      } else {
        column += unitsOf(byte);
      }
    }
    mends.push({ kind: mend.kind, line, column });
  }
  return mends;
}

/** How many UTF-16 units begin with this byte of UTF-8: none for a continuation byte, two for the first of four bytes. */
function unitsOf(byte: number): number {
  if ((byte & 0xc0) === 0x80) return 0;
  return byte >= 0xf0 ? 2 : 1;
}
