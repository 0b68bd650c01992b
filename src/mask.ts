/**
 * Masks what must not be in a text that people read: the device log, and the Worker's own log. Pure.
 *
 * Percent-encoding follows RFC 3986 §2.3: an encoded unreserved character means the same as the character itself.
 */

/** Masks device ids, push tokens, the tokens of passes, links and Google, and API keys, even if they are percent-encoded. */
export function maskTokens(text: string): string {
  return decodeUnreserved(text)
    .replace(/[0-9a-fA-F]{32,}/g, "…")
    .replace(/\b(ApplePass|AndroidPass|WalletUnionPass|Bearer|Basic)(?:\s|\+|%(?:25)*20)+\S+/gi, "$1 …")
    .replace(
      /(api_token|(?:authentication|access|push|web)_?token|password)(["']?\s*(?:[=:]|%(?:25)*3[AD])\s*["']?)[^\s&"',;}]+/gi,
      "$1$2…",
    )
    .replace(/ep\d+_[A-Za-z0-9_-]{20,}/gi, "…")
    .replace(/\d{1,6}_[A-Za-z0-9_-]{65}/g, "…") // the link of a bundle
    .replace(/\d{1,6}_[A-Za-z0-9_-]{43}(?![\w-])/g, "…") // the image of a single pass, for Google
    .replace(/\beyJ[\w-]{10,}(?:\.[\w-]+)*/g, "…") // a JWT
    .replace(/\bya29\.[\w.-]+/g, "…"); // an access token of Google
}

/** Masks the same, and also everything after the host of a URL, and e-mail addresses. */
export function maskAll(text: string): string {
  return maskTokens(text)
    .replace(/(https?:\/\/[^\s/?#"']+)[/?#][^\s"']*/gi, "$1/…")
    .replace(/(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.-]+/g, "…");
}

/** Decodes the letters, digits, `-`, `.`, `_` and `~` that are percent-encoded, however many times. */
function decodeUnreserved(text: string): string {
  return text.replace(/%(?:25)*([2-7][0-9A-F])/gi, (encoded, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[\w.~-]/.test(character) ? character : encoded;
  });
}
