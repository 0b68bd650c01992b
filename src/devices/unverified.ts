/**
 * Texts that anyone can send without a key (log lines, the User-Agent with them, lifecycle states), as they are stored:
 * secrets are masked, because people read these texts, and long texts are cut.
 *
 * Percent-encoding follows RFC 3986 §2.3: an encoded unreserved character means the same as the character itself.
 */

/** Masks secrets, then cuts the text. Masked first, because half a token would not be recognized. */
export function maskUnverified(text: string, maxCharacters: number): string {
  return cut(mask(text), maxCharacters);
}

/** Masks device ids, push tokens, the tokens of passes and links, and API keys, also if they are percent-encoded. */
function mask(text: string): string {
  return decodeUnreserved(text)
    .replace(/[0-9a-fA-F]{32,}/g, "…")
    .replace(/\b(ApplePass|AndroidPass|WalletUnionPass|Bearer|Basic)(?:\s|\+|%(?:25)*20)+\S+/gi, "$1 …")
    .replace(
      /(api_token|(?:authentication|access|push|web)_?token|password)(["']?\s*(?:[=:]|%(?:25)*3[AD])\s*["']?)[^\s&"',;}]+/gi,
      "$1$2…",
    )
    .replace(/ep\d+_[A-Za-z0-9_-]{20,}/gi, "…")
    .replace(/\d{1,6}_[A-Za-z0-9_-]{65}/g, "…"); // the link of a bundle
}

/** Decodes the letters, digits, `-`, `.`, `_` and `~` that are percent-encoded, however many times. */
function decodeUnreserved(text: string): string {
  return text.replace(/%(?:25)*([2-7][0-9A-F])/gi, (encoded, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[\w.~-]/.test(character) ? character : encoded;
  });
}

/** The beginning of a text, never half of a character (of a surrogate pair). */
function cut(text: string, maxCharacters: number): string {
  const kept = text.toWellFormed().slice(0, maxCharacters);
  return kept.isWellFormed() ? kept : kept.slice(0, -1);
}
