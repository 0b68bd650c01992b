/**
 * A refusal as a page, for people who opened a link in a browser: what has happened, and what they can do. It does not
 * reveal why a link leads to no pass. Only the operator of a new deployment sees the details of an error.
 */
import type { ApiError } from "../errors.ts";
import { NOT_STORED, PAGE_HEADERS } from "./headers.ts";
import { NoticePage } from "./notice.tsx";
import { type NoticeName, noticesIn } from "./notice-words.ts";

/**
 * The response, with the status and the headers of the refusal.
 * @param languages of the reader in BCP 47, the best first
 */
export async function toPageResponse(error: ApiError, languages: readonly string[]): Promise<Response> {
  const name = noticeFor(error);
  const { language, notices } = noticesIn(languages);
  const page =
    name === undefined ? (
      <NoticePage {...detailsOf(error)} language="en" isRefusal />
    ) : (
      <NoticePage
        title={notices[name][0]}
        text={notices[name][1]}
        language={language}
        about={notices.about[0]}
        isRefusal
      />
    );
  const headers = {
    ...PAGE_HEADERS,
    "Cache-Control": NOT_STORED,
    ...error.headers,
    "Content-Type": "text/html; charset=UTF-8",
  };
  return new Response((await page.toString()).toWellFormed(), { status: error.status, headers });
}

/** Undefined for errors whose details the reader needs. Details are English. */
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
    case "no_certificate":
    case "signing_certificate_expired":
    case "pass_not_built":
      return "notAvailable";
    case "not_configured":
    case "not_migrated":
      return undefined;
    default:
      return status < 500 ? undefined : "failed";
  }
}

function detailsOf({ code, detail }: ApiError): { title: string; text: string } {
  const isNew = code === "not_configured" || code === "not_migrated";
  return { title: isNew ? "Edgepass is not set up yet" : "This link does not work", text: detail };
}
