/**
 * Finds links, e-mail addresses, phone numbers and postal addresses in a text of the back, as Wallet's data detectors do.
 *
 * The rules of Apple's detectors are not public. These find what is written clearly, and rather miss one than turn a
 * number of a card into a phone number. Each takes linear time. Follows Apple's "PassFieldContent" (dataDetectorTypes).
 */
import type { Piece } from "../attributed-value.ts";

type Detector = "PhoneNumber" | "Link" | "Address";
const ALL: readonly Detector[] = ["PhoneNumber", "Link", "Address"];

interface Found {
  readonly start: number;
  readonly end: number;
  readonly href: string;
}

/**
 * Splits a text into pieces with and without a link.
 * @param types the field's dataDetectorTypes. Without them Wallet uses all detectors, and with an empty list none.
 */
export function detectData(text: string, types: readonly string[] | undefined): Piece[] {
  const asked = ALL.filter((name) => types?.includes(`PKDataDetectorType${name}`) ?? true);
  const found = [
    ...(asked.includes("Link") ? findLinks(text) : []),
    ...(asked.includes("PhoneNumber") ? findPhoneNumbers(text) : []),
    ...(asked.includes("Address") ? findAddresses(text) : []),
  ].sort((a, b) => a.start - b.start);
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end, href } of found) {
    if (start < at) continue;
    if (start > at) pieces.push({ text: text.slice(at, start) });
    pieces.push({ text: text.slice(start, end), href });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

// Quotation marks, as escapes: esbuild leaves a regular expression as it is, and one such character in the Worker's source makes V8
// hold all of it with two bytes for each character (test/tools/deployable.ts checks it).
const WORD = /[^\s<>"\u201c\u201d\u00ab\u00bb]+/g;
const LEADING = /^[([{'\u2018\u201e]+/;
const TRAILING = /[.,;:!?'\u2019)\]}]{1,20}$/;
const EMAIL = /^[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}$/;
/** A host without a scheme counts only with a top-level domain that is no common word. */
const HOST =
  /^(?:[a-z0-9-]{1,63}\.){1,5}(?:com|org|net|edu|gov|info|io|app|dev|eu|uk|de|fr|es|nl|ch|se|dk)(?:[/?#]\S*)?$/i;

function* findLinks(text: string): Iterable<Found> {
  for (const match of text.matchAll(WORD)) {
    const word = match[0];
    const lead = LEADING.exec(word)?.[0].length ?? 0;
    const link = trimEnd(word.slice(lead));
    const href = toHref(link);
    if (href === undefined) continue;
    const start = match.index + lead;
    yield { start, end: start + link.length, href };
  }
}

/** A closing bracket at the end belongs to the link if its opening bracket does. */
function trimEnd(word: string): string {
  const trimmed = word.slice(0, word.length - (TRAILING.exec(word.slice(-20))?.[0].length ?? 0));
  return trimmed.includes("(") && word.charAt(trimmed.length) === ")" ? `${trimmed})` : trimmed;
}

function toHref(word: string): string | undefined {
  if (EMAIL.test(word)) return `mailto:${word}`;
  if (!/^https?:\/\/./i.test(word) && !/^www\.[^.]/i.test(word) && !HOST.test(word)) return undefined;
  const url = URL.parse(/^https?:/i.test(word) ? word : `https://${word}`);
  return url === null ? undefined : url.href;
}

const NUMBER = /(?<![\w+.,/-])[+(\d][\d ().\u00a0/-]{5,24}\d(?!\w)/g;
const DATE = /^\d{4}-\d\d-\d\d|^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}/;
/** Groups of four digits are the number of a card. */
const CARD = /^\d{4}(?: \d{4})+$/;
const NORTH_AMERICAN = /^(?:1[ .-])?\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{4}$/;

function* findPhoneNumbers(text: string): Iterable<Found> {
  for (const match of text.matchAll(NUMBER)) {
    const number = match[0];
    const digits = number.replaceAll(/\D/g, "");
    if (digits.length < 7 || digits.length > 15 || DATE.test(number) || CARD.test(number)) continue;
    const isWritten = /^\+/.test(number) || NORTH_AMERICAN.test(number) || /^\(?0\d*[ ()/-]/.test(number);
    if (!isWritten) continue;
    const start = match.index;
    yield { start, end: start + number.length, href: `tel:${number.startsWith("+") ? "+" : ""}${digits}` };
  }
}

/** A line, or two of them, with a street and a town. */
const STREET =
  /street|avenue|\bave\b|\broad\b|\brd\b|\blane\b|boulevard|\bdrive\b|square|stra\u00dfe|strasse|str\.|gasse|\bweg\b|platz|allee|\brue\b|\bvia\b|piazza|\bcalle\b|\bplaza\b|\bavenida\b|gatan|v\u00e4gen|vej\b|gade\b|\bst\b/i;
const POSTCODE = /\b\d{5}\b|\b\d{4} ?[A-Z]{2}\b|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b/;
const HOUSE_NUMBER = /\b\d{1,5}\p{L}?\b/u;
const TOWN = /\p{Lu}\p{L}{2}/u;
const MAX_ADDRESS = 160;

function* findAddresses(text: string): Iterable<Found> {
  let start = 0;
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1];
    const both = next === undefined ? line : `${line}\n${next}`;
    const written = isAddress(line) ? line : isAddress(both) && STREET.test(line) ? both : undefined;
    if (written !== undefined) {
      const href = `https://maps.apple.com/?q=${encodeURIComponent(written.replaceAll("\n", ", ").toWellFormed())}`;
      yield { start, end: start + written.length, href };
    }
    start += line.length + 1;
  }
}

function isAddress(text: string): boolean {
  if (text.length > MAX_ADDRESS || /[:@?]|\/\//.test(text)) return false;
  const [street = "", ...rest] = text.split(/,|\n/);
  const town = rest.join(" ");
  if (!HOUSE_NUMBER.test(street) || !TOWN.test(town)) return false;
  return STREET.test(street) || POSTCODE.test(town);
}
