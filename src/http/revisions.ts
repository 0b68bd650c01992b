/**
 * ETag, If-Match and If-None-Match of passes, templates and events in the admin API.
 *
 * Follows RFC 9110 §8.8.3 (ETag), §13.1.1 (If-Match) and §13.1.2 (If-None-Match).
 */
import type { Context } from "hono";
import { type DemandedRevisions, etagOf } from "../db/revisions.ts";
import { ApiError } from "../errors.ts";
import { matchesEtag } from "./conditions.ts";

/** RFC 9110 §8.8.3 and §5.6.1: strong entity tags, separated by commas. */
const STRONG_TAGS = /^\s*"[!#-~\x80-\xff]*"(\s*,\s*"[!#-~\x80-\xff]*")*\s*$/;

/**
 * The revisions that If-Match demands; undefined for any, if it is absent or `*`. A tag that is no revision matches nothing.
 * @throws ApiError invalid_header if it is malformed, or has a weak tag, which If-Match never matches
 */
export function demandedRevisions({ headers }: Request): DemandedRevisions {
  const ifMatch = headers.get("if-match");
  if (ifMatch === null || ifMatch.trim() === "*") return undefined;
  if (!STRONG_TAGS.test(ifMatch)) {
    const detail = 'If-Match must be the ETag of an answer, such as "3" with its quotation marks, or *.';
    throw new ApiError("invalid_header", detail);
  }
  return [...ifMatch.matchAll(/"([1-9]\d{0,14})"/g)].map(([, digits]) => Number(digits));
}

/**
 * The conditions of a PUT that creates or replaces a resource: If-Match (with `*`: there must be one), and If-None-Match: *
 * (there must be none).
 * @throws ApiError invalid_header if one of them is malformed, or If-None-Match has tags
 */
export function putConditions(request: Request) {
  const ifNoneMatch = request.headers.get("if-none-match");
  if (ifNoneMatch !== null && ifNoneMatch.trim() !== "*")
    throw new ApiError("invalid_header", "If-None-Match must be *: then the resource is only created.");
  return {
    demanded: demandedRevisions(request),
    mustExist: request.headers.has("if-match"),
    mustBeNew: ifNoneMatch !== null,
  };
}

/** Sets the ETag of the resource in the response. @returns the resource */
export function withEtag<Resource extends { readonly revision: number }>(
  c: Pick<Context, "header">,
  resource: Resource,
): Resource {
  c.header("ETag", etagOf(resource.revision));
  return resource;
}

/** The response to a GET of the resource: 304 if the client has this revision. */
export function respondWith(c: Context, resource: { readonly revision: number }): Response {
  const ifNoneMatch = c.req.header("if-none-match");
  withEtag(c, resource);
  if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, etagOf(resource.revision)))
    return c.body(null, 304);
  return c.json(resource);
}
