/**
 * Decides which requests are answered with a page: those of browsers, at addresses meant for people. The APIs answer
 * everyone in their own format.
 *
 * Follows RFC 9110 §12.5.1 (Accept).
 */

/** The addresses for programs. All others, even unknown ones, are for people. */
const FOR_PROGRAMS = /^\/(v1|api|google\/callback|healthz|robots\.txt|admin\/(v1|mcp|openapi\.json))(\/|$)/;

/** @param path as it was routed */
export function wantsPage(request: Request, path: string): boolean {
  return isBrowser(request) && !FOR_PROGRAMS.test(path);
}

/** Browsers name text/html when they open a page. Programs do not. */
export function isBrowser({ headers }: Request): boolean {
  return /\btext\/html\b/i.test(headers.get("accept") ?? "");
}
