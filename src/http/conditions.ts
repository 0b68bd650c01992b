/**
 * Conditional requests: decides whether the client already has the current version.
 *
 * Follows RFC 9110 §13.1 (the fields) and §13.2.2 (their order).
 */

/** The condition fields of a request. */
export interface Conditions {
  /** Whether it is a HEAD request, whose response has the same header fields and no body (RFC 9110 §9.3.2). */
  readonly isHead: boolean;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
}

/** The validators of the current version. */
interface Validators {
  /** With its quotation marks. */
  readonly etag: string;
  /** Milliseconds, in whole seconds. */
  readonly lastModifiedAt: number;
}

/** RFC 9110 §5.6.7: all three date formats begin with the name of a day and contain a time of day. */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/;

/** Reads the method and the condition fields. */
export function conditionsOf({ method, headers }: Request): Conditions {
  return {
    isHead: method === "HEAD",
    ifNoneMatch: headers.get("if-none-match") ?? undefined,
    ifModifiedSince: headers.get("if-modified-since") ?? undefined,
  };
}

/** Whether the request has a condition field. */
export function isConditional({ ifNoneMatch, ifModifiedSince }: Conditions): boolean {
  return ifNoneMatch !== undefined || ifModifiedSince !== undefined;
}

/** Whether to answer 304. If-Modified-Since is ignored if there is an If-None-Match (RFC 9110 §13.2.2). */
export function isNotModified(
  { ifNoneMatch, ifModifiedSince }: Conditions,
  { etag, lastModifiedAt }: Validators,
): boolean {
  if (ifNoneMatch !== undefined) return matchesEtag(ifNoneMatch, etag);
  // Date.parse alone would parse a bare number as a year, and that client would always get a 304.
  if (ifModifiedSince === undefined || !HTTP_DATE.test(ifModifiedSince)) return false;
  const since = Date.parse(ifModifiedSince);
  return !Number.isNaN(since) && since >= lastModifiedAt;
}

/** Whether an If-None-Match lists this entity tag; weak comparison (RFC 9110 §8.8.3.2). @param etag includes the quotation marks */
export function matchesEtag(ifNoneMatch: string, etag: string): boolean {
  const tags = ifNoneMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(etag);
}
