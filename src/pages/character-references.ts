/**
 * Decodes character references (`&amp;`, `&#8364;`), in a text and in the value of an attribute.
 *
 * Numeric references are decoded as HTML does, with or without a semicolon. Of HTML's 2,231 names, those of HTML 2 to 4
 * for Latin-1 and a few for typography are known; other names stay as they are written. A name without a semicolon is
 * decoded only if no letter, digit or `=` follows, in texts too: HTML demands that only in attributes. Follows the HTML
 * standard, §13.2.5.72 to §13.2.5.80.
 */

/** The names of U+00A0 to U+00FF, which HTML also knows without a semicolon. */
const LATIN_1 =
  "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para " +
  "middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute " +
  "Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml " +
  "Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml " +
  "eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

/** Names that HTML knows without a semicolon too. */
const WITHOUT_SEMICOLON: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["AMP", "&"],
  ["lt", "<"],
  ["LT", "<"],
  ["gt", ">"],
  ["GT", ">"],
  ["quot", '"'],
  ["QUOT", '"'],
  ...LATIN_1.split(" ").map((name, index) => [name, String.fromCharCode(0xa0 + index)] as const),
]);

const WITH_SEMICOLON: ReadonlyMap<string, string> = new Map([
  ...WITHOUT_SEMICOLON,
  ["apos", "'"],
  ["ndash", "–"],
  ["mdash", "—"],
  ["lsquo", "‘"],
  ["rsquo", "’"],
  ["sbquo", "‚"],
  ["ldquo", "“"],
  ["rdquo", "”"],
  ["bdquo", "„"],
  ["lsaquo", "‹"],
  ["rsaquo", "›"],
  ["bull", "•"],
  ["hellip", "…"],
  ["euro", "€"],
  ["trade", "™"],
]);

/** HTML reads the numbers 128 to 159 as windows-1252. Numbers that windows-1252 does not use stay control characters. */
const WINDOWS_1252 = new TextDecoder("windows-1252");

const REPLACEMENT = "\ufffd";
const REFERENCE = /&(?:#([0-9]+);?|#[xX]([0-9a-fA-F]+);?|([A-Za-z][A-Za-z0-9]{1,7})(;|(?![=A-Za-z0-9])))/g;

/** The text with each reference replaced by its character. */
export function decodeCharacterReferences(text: string): string {
  return text.replaceAll(REFERENCE, (reference, decimal, hex, name, semicolon) => {
    if (name === undefined)
      return toCharacter(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
    return (semicolon === ";" ? WITH_SEMICOLON : WITHOUT_SEMICOLON).get(name) ?? reference;
  });
}

/** A code that is no character (0, half of a surrogate pair, beyond Unicode) becomes U+FFFD, so that the page is valid UTF-8. */
function toCharacter(code: number): string {
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return REPLACEMENT;
  if (code >= 0x80 && code <= 0x9f) return WINDOWS_1252.decode(Uint8Array.of(code));
  return String.fromCodePoint(code);
}
