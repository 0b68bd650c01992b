/**
 * Reads an attributedValue: its text, and the links in it. The only markup that Wallet supports there is `<a href>`; other
 * tags are removed, and their text stays. Follows Apple's "PassFieldContent".
 */

export interface MarkedLink {
  readonly uri: string;
  readonly text: string;
}

export interface Markup {
  readonly text: string;
  readonly links: readonly MarkedLink[];
}

const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);
const HREF = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i;
const CHARACTERS: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  "#39": "'",
  nbsp: "\u00a0",
};

/** The text, and its links to addresses with a safe scheme. */
export function readLinkMarkup(attributed: string): Markup {
  const links: { uri: string; text: string }[] = [];
  let text = "";
  let open: { uri: string; text: string } | undefined;
  for (const [index, part] of attributed.split("<").entries()) {
    const end = index === 0 ? -1 : part.indexOf(">");
    // A "<" that begins no tag is a character of the text.
    const isTag = index > 0 && end > 0 && /^\/?[a-z]/i.test(part);
    const tag = isTag ? part.slice(0, end) : "";
    if (/^\/a\b/i.test(tag)) open = undefined;
    else if (/^a\b/i.test(tag)) {
      const uri = linkOf(tag);
      open = uri === undefined ? undefined : { uri, text: "" };
      if (open !== undefined) links.push(open);
    }
    const rest = isTag ? part.slice(end + 1) : index === 0 ? part : `<${part}`;
    const written = (/^br\b/i.test(tag) ? "\n" : "") + decodeCharacters(rest);
    text += written;
    if (open !== undefined) open.text += written;
  }
  return { text, links };
}

/** The address of a link as Google takes it: with one of the safe schemes. */
export function toSafeUri(text: string): string | undefined {
  const url = URL.parse(text);
  return url !== null && SAFE_SCHEMES.has(url.protocol) ? url.href : undefined;
}

function linkOf(tag: string): string | undefined {
  const [, double, single, bare] = HREF.exec(tag) ?? [];
  const href = double ?? single ?? bare;
  return href === undefined ? undefined : toSafeUri(decodeCharacters(href));
}

function decodeCharacters(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|apos|#39|nbsp);/g, (whole, name) => CHARACTERS[name] ?? whole);
}
