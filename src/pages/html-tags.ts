/**
 * Splits a text with markup into texts and tags, as the tokenizer of an HTML parser does: attributes in their order, quoted
 * values with any character in them, comments, and elements whose content is only text.
 *
 * Follows the HTML standard, §13.2.5. But nothing is lost: what a browser would not show (an incomplete tag or comment at
 * the end, the content of a script) is text here. It takes linear time for every text.
 */

export interface Tag {
  /** In lower case. */
  readonly name: string;
  readonly isEnd: boolean;
  /** By name in lower case: the first value of each, with character references as they are written. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** Elements that have text and no tags up to their end tag. */
const TEXT_ONLY = new Set(["iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp"]);

/** The beginning of a tag or a comment. A `<` before any other character is text. */
const MARKUP = /<(?=[a-zA-Z!?]|\/[\s\S])/g;
const TAG_NAME = /[^\t\n\f\r />]+/y;
const BETWEEN_ATTRIBUTES = /[\t\n\f\r /]*/y;
/** An equals sign is the first character of the name if nothing is before it. */
const ATTRIBUTE_NAME = /[^\t\n\f\r />][^\t\n\f\r />=]*/y;
const EQUALS = /[\t\n\f\r ]*=[\t\n\f\r ]*/y;
const COMMENT_END = /--!?>/g;
const UNQUOTED = /[^\t\n\f\r >]*/y;

/** The texts, none of them decoded, and the tags between them. */
export function* readMarkup(text: string): Generator<string | Tag> {
  let at = 0;
  while (at < text.length) {
    MARKUP.lastIndex = at;
    const start = MARKUP.exec(text)?.index ?? text.length;
    if (start > at) yield text.slice(at, start);
    if (start === text.length) return;
    const read = text.charAt(start + 1) === "!" ? readComment(text, start) : readTag(text, start);
    // A browser reads it up to the end of the text, so no tag follows.
    if (read === undefined) return yield text.slice(start);
    at = read.end;
    if (read.tag === undefined) continue;
    yield read.tag;
    if (read.tag.isEnd || !TEXT_ONLY.has(read.tag.name)) continue;
    const end = findEndTag(text, at, read.tag.name);
    if (end > at) yield text.slice(at, end);
    at = end;
  }
}

interface Read {
  /** Undefined for a comment. */
  readonly tag?: Tag;
  /** Where the text goes on. */
  readonly end: number;
}

/** Reads a comment, or what browsers take for one: `<!x>`. @returns undefined if it does not end */
function readComment(text: string, start: number): Read | undefined {
  if (!text.startsWith("<!--", start)) return readUpTo(text, start);
  const closed = /^(-?>)/.exec(text.slice(start + 4, start + 6))?.[0];
  if (closed !== undefined) return { end: start + 4 + closed.length };
  COMMENT_END.lastIndex = start + 4;
  return COMMENT_END.test(text) ? { end: COMMENT_END.lastIndex } : undefined;
}

function readUpTo(text: string, start: number): Read | undefined {
  const end = text.indexOf(">", start);
  return end < 0 ? undefined : { end: end + 1 };
}

/** @returns undefined if the tag does not end */
function readTag(text: string, start: number): Read | undefined {
  const isEnd = text.charAt(start + 1) === "/";
  let at = start + (isEnd ? 2 : 1);
  if (!/[a-zA-Z]/.test(text.charAt(at))) return readUpTo(text, at); // `</>`, `</1>` and `<?x>` are comments
  const name = match(TAG_NAME, text, at);
  at += name.length;
  const attributes = new Map<string, string>();
  while (true) {
    at += match(BETWEEN_ATTRIBUTES, text, at).length;
    if (at === text.length) return undefined;
    if (text.charAt(at) === ">") return { tag: { name: name.toLowerCase(), isEnd, attributes }, end: at + 1 };
    const attribute = match(ATTRIBUTE_NAME, text, at);
    at += attribute.length;
    const equals = match(EQUALS, text, at);
    at += equals.length;
    const value = equals === "" ? { text: "", end: at } : readValue(text, at);
    if (value === undefined) return undefined;
    at = value.end;
    // Of two attributes with the same name, the first one counts.
    const key = attribute.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, value.text);
  }
}

/** @returns undefined if its quotation mark is not closed */
function readValue(text: string, start: number): { text: string; end: number } | undefined {
  const quote = text.charAt(start);
  if (quote !== '"' && quote !== "'") {
    const value = match(UNQUOTED, text, start);
    return { text: value, end: start + value.length };
  }
  const end = text.indexOf(quote, start + 1);
  return end < 0 ? undefined : { text: text.slice(start + 1, end), end: end + 1 };
}

/** The position of the end tag, or the end of the text. */
function findEndTag(text: string, at: number, name: string): number {
  const pattern = new RegExp(`</${name}[\\t\\n\\f\\r />]`, "gi");
  pattern.lastIndex = at;
  return pattern.exec(text)?.index ?? text.length;
}

/** What a sticky expression matches at this place. */
function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
