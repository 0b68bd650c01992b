/**
 * The headers of every page. Anyone with its URL can open the page of a pass, so they forbid shared caches, referrers and
 * search engines.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "Referrer-Policy": "no-referrer",
  "X-Robots-Tag": "noindex, nofollow",
  "X-Content-Type-Options": "nosniff",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** Of a page that says nothing else. */
export const NOT_STORED = "private, no-store";
