/**
 * A refusal as a page, for people who opened a link in a browser: what has happened, and what they can do. It does not
 * reveal why a link leads to no pass. Only the operator of a new deployment sees the details of an error.
 */
import type { ApiError } from "../errors.ts";
import { languageHeaders, NOT_STORED, PAGE_HEADERS } from "./headers.ts";
import { NoticePage } from "./notice-page.tsx";
import { type NoticeName, noticesIn } from "./notice-words.ts";
import { writePage } from "./page.tsx";

/**
 * The response, with the status and the headers of the refusal.
 * @param languages of the reader in BCP 47, the best first
 */
export async function toPageResponse(error: ApiError, languages: readonly string[]): Promise<Response> {
  const name = noticeFor(error);
  // The details of an error are English.
  const { words, marks } = noticesIn(name === undefined ? ["en"] : languages);
  const [title, text] = name === undefined ? ["Edgepass is not set up yet", error.detail] : words[name];
  const page = (
    <NoticePage
      title={title}
      text={text}
      marks={marks}
      about={name === undefined ? undefined : words.about}
      isRefusal
    />
  );
  const headers = {
    ...PAGE_HEADERS,
    ...languageHeaders(marks.lang),
    "Cache-Control": NOT_STORED,
    ...error.headers,
    "Content-Type": "text/html; charset=UTF-8",
  };
  return new Response(await writePage(page), { status: error.status, headers });
}

/** Undefined if the reader is the operator of a new deployment. */
function noticeFor({ code, status }: ApiError): NoticeName | undefined {
  switch (code) {
    case "pass_not_found":
      return "passNotFound";
    case "join_not_found":
      return "joinNotFound";
    case "too_many_misses":
      return "tooManyMisses";
    case "route_not_found":
      return "pageNotFound";
    case "body_too_large":
      return "tooLarge";
    case "no_certificate":
    case "signing_certificate_expired":
    case "pass_not_built":
      return "notAvailable";
    case "apple_not_offered":
      return "appleNotOffered";
    case "google_not_offered":
      return "googleNotOffered";
    case "google_unavailable":
      return "googleUnavailable";
    case "not_configured":
    case "not_migrated":
      return undefined;
    default:
      return status < 500 ? "notAccepted" : "failed";
  }
}
