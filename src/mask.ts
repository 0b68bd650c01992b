/**
 * Masks what must not be in a text that people read: the device log, and the Worker's own log. Pure.
 */

/** Masks device ids, push tokens and authentication tokens. */
export function maskTokens(text: string): string {
  return text
    .replace(/[0-9a-fA-F]{32,}/g, "…")
    .replace(/\b(ApplePass|AndroidPass|WalletUnionPass|Bearer)\s+\S+/gi, "$1 …")
    .replace(/ep\d+_[A-Za-z0-9_-]{20,}/g, "…");
}

/** Masks these, everything of a URL behind its host, and e-mail addresses. */
export function maskAll(text: string): string {
  return maskTokens(text)
    .replace(/(https?:\/\/[^\s/?#"']+)[/?#][^\s"']*/gi, "$1/…")
    .replace(/[\w.+-]{1,64}@[\w-]+\.[\w.-]+/g, "…");
}
