/**
 * Parses an attributedValue: a text with links. The only markup that Wallet supports there is `<a href>`.
 *
 * The result is pieces of text, never markup; the components build the links, and only to safe schemes. All other tags
 * are removed, but their text stays. Follows Apple's "PassFieldContent" and the HTML and URL standards
 * (https://url.spec.whatwg.org/).
 */

export interface Piece {
  readonly text: string;
  /** An absolute URL with one of the safe schemes. */
  readonly href?: string;
}

const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/** A tag, up to the next `<` or `>`. This keeps the search linear for every text. */
const TAG = /<\/?[a-zA-Z][^<>]*>/g;
const HREF = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
};

/** @returns the pieces in the order of the text, none of them empty */
export function parseAttributedValue(attributed: string): Piece[] {
  const pieces: Piece[] = [];
  let href: string | undefined;
  let at = 0;
  const add = (raw: string) => {
    const text = decodeEntities(raw);
    if (text !== "") pieces.push(href === undefined ? { text } : { text, href });
  };
  for (const { 0: tag, index } of attributed.matchAll(TAG)) {
    add(attributed.slice(at, index));
    at = index + tag.length;
    if (/^<a\s/i.test(tag)) href = parseSafeLink(tag);
    else if (/^<\/a\W/i.test(tag)) href = undefined;
    else if (/^<br\b/i.test(tag)) add("\n");
  }
  add(attributed.slice(at));
  return pieces;
}

/** The URL of an `<a>` tag, if its scheme is safe. */
function parseSafeLink(tag: string): string | undefined {
  const [, double, single, bare] = HREF.exec(tag) ?? [];
  const href = double ?? single ?? bare;
  // The standard's parser, as in browsers: it removes control characters and lower-cases the scheme.
  const url = href === undefined ? null : URL.parse(decodeEntities(href));
  return url !== null && SAFE_SCHEMES.has(url.protocol) ? url.href : undefined;
}

function decodeEntities(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi,
    (entity, decimal, hex, name) => {
      if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? entity) : entity;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
    },
  );
}
