/**
 * The headers of every page. Anyone with its URL can open the page of a pass, so they forbid shared caches, referrers and
 * search engines.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "Referrer-Policy": "no-referrer",
  "X-Robots-Tag": "noindex, nofollow",
  "X-Content-Type-Options": "nosniff",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** For a page whose own words are in the reader's language. @param language BCP 47 */
export function languageHeaders(language: string): Record<string, string> {
  return { "Content-Language": language, Vary: "Accept-Language" };
}

/** The default Cache-Control of pages. */
export const NOT_STORED = "private, no-store";

/** For an image of a pass: its address contains its hash, and the secret of the pass, so only the browser may keep it. */
export const KEPT_BY_BROWSERS = "private, max-age=31536000, immutable";
/** For an image whose address contains its hash, and no secret. */
export const KEPT_FOR_EVERYBODY = "public, max-age=31536000, immutable";
/** For what is the same for everyone, and may change with a deployment. */
export const KEPT_FOR_A_DAY = "public, max-age=86400";
