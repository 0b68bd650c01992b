/**
 * ETag, If-Match and If-None-Match of passes, templates and events in the admin API.
 *
 * Follows RFC 9110 §8.8.3 (ETag), §13.1.1 (If-Match) and §13.1.2 (If-None-Match).
 */
import type { Context } from "hono";
import { type DemandedRevisions, etagOf } from "../db/revisions.ts";
import { ApiError } from "../errors.ts";
import { matchesEtag } from "./conditions.ts";

/** RFC 9110 §8.8.3: entity tags. */
const TAGS = /(?:W\/)?"[!#-~\x80-\xff]*"/g;
/** The placeholder for a tag, to check the syntax of the list. */
const TAG = "tag";

/**
 * The revisions that If-Match demands; undefined for any, if it is absent or `*`. A tag that is no revision matches nothing.
 *
 * A weak tag counts too, although RFC 9110 demands strong comparison here: Cloudflare makes the ETag of a response weak when
 * it compresses it, and the client can only send back what it has received. A revision identifies the state of the resource,
 * not the bytes of a response.
 * @throws ApiError invalid_header if it is malformed
 */
export function demandedRevisions({ headers }: Request): DemandedRevisions {
  const ifMatch = headers.get("if-match");
  if (ifMatch === null || ifMatch.trim() === "*") return undefined;
  const tags = ifMatch.match(TAGS) ?? [];
  // RFC 9110 §5.6.1: a list may have empty elements.
  const listed = ifMatch
    .replace(TAGS, TAG)
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
  if (tags.length === 0 || listed.length !== tags.length || listed.some((one) => one !== TAG)) {
    const detail = 'If-Match must be the ETag of an answer, such as "3" with its quotation marks, or *.';
    throw new ApiError("invalid_header", detail);
  }
  return tags.flatMap((tag) => /^(?:W\/)?"([1-9]\d{0,14})"$/.exec(tag)?.[1] ?? []).map(Number);
}

/**
 * The conditions of a PUT that creates or replaces a resource: If-Match (with `*`: there must be one), and If-None-Match: *
 * (there must be none).
 * @throws ApiError invalid_header if one of them is malformed, or If-None-Match has tags
 */
export function putConditions(request: Request) {
  const ifNoneMatch = request.headers.get("if-none-match");
  if (ifNoneMatch !== null && ifNoneMatch.trim() !== "*")
    throw new ApiError(
      "invalid_header",
      "If-None-Match must be *, which means that the resource is only created.",
    );
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
