/**
 * A text with links, read from an attributedValue: the only markup that Wallet takes there is `<a href>`.
 *
 * It gives pieces, never markup: whoever draws them builds the links, and only to where a person may safely go. All
 * other tags are left out, and their text stays.
 * Follows Apple's "PassFieldContent" and the HTML and URL standards (https://url.spec.whatwg.org/).
 */

export interface Piece {
  readonly text: string;
  /** An absolute address with one of the safe schemes. */
  readonly href?: string;
}

const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/** A tag, up to the next bracket of either kind: so the search is linear, whatever the text. */
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

/** The pieces of the text in their order, none of them empty. */
export function linkedPieces(attributed: string): Piece[] {
  const pieces: Piece[] = [];
  let href: string | undefined;
  let at = 0;
  const add = (raw: string) => {
    const text = withoutEntities(raw);
    if (text !== "") pieces.push(href === undefined ? { text } : { text, href });
  };
  for (const { 0: tag, index } of attributed.matchAll(TAG)) {
    add(attributed.slice(at, index));
    at = index + tag.length;
    if (/^<a\s/i.test(tag)) href = safeLink(tag);
    else if (/^<\/a\W/i.test(tag)) href = undefined;
    else if (/^<br\b/i.test(tag)) add("\n");
  }
  add(attributed.slice(at));
  return pieces;
}

/** Where the tag leads, if it is a safe place. */
function safeLink(tag: string): string | undefined {
  const [, double, single, bare] = HREF.exec(tag) ?? [];
  const given = double ?? single ?? bare;
  // The parser of the standard, as browsers have it: it sees through control characters and odd cases.
  const url = given === undefined ? null : URL.parse(withoutEntities(given));
  return url !== null && SAFE_SCHEMES.has(url.protocol) ? url.href : undefined;
}

function withoutEntities(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi,
    (entity, decimal, hex, name) => {
      if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? entity) : entity;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
    },
  );
}
