/**
 * Parses an attributedValue: a text with links. The only markup that Wallet supports there is `<a href>`.
 *
 * The result is pieces of text, never markup; the components build the links, and only to safe schemes. All other tags
 * are removed, but their text stays. Follows Apple's "PassFieldContent" and the URL standard
 * (https://url.spec.whatwg.org/). Tags are found as a browser finds them (html-tags.ts).
 */
import { decodeCharacterReferences } from "./character-references.ts";
import { readMarkup, type Tag } from "./html-tags.ts";

export interface Piece {
  readonly text: string;
  /** An absolute URL with one of the safe schemes. */
  readonly href?: string;
}

const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/** @returns the pieces in the order of the text, none of them empty */
export function parseAttributedValue(attributed: string): Piece[] {
  const pieces: Piece[] = [];
  let href: string | undefined;
  const add = (text: string) => {
    if (text !== "") pieces.push(href === undefined ? { text } : { text, href });
  };
  for (const part of readMarkup(attributed)) {
    if (typeof part === "string") add(decodeCharacterReferences(part));
    else if (part.name === "a") href = part.isEnd ? undefined : parseSafeLink(part);
    else if (part.name === "br") add("\n");
  }
  return pieces;
}

/** The URL of an `<a>` tag, if its scheme is safe. */
function parseSafeLink({ attributes }: Tag): string | undefined {
  const href = attributes.get("href");
  // The standard's parser, as in browsers: it removes control characters and lower-cases the scheme.
  const url =
    href === undefined ? null : URL.parse(decodeCharacterReferences(href).replaceAll("\0", "\ufffd"));
  return url !== null && SAFE_SCHEMES.has(url.protocol) ? url.href : undefined;
}
