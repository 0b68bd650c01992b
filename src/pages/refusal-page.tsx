/**
 * A refusal as a page, for people who opened a link in a browser: what has happened, and what they can do. It does not
 * reveal why a link leads to no pass. Only the operator of a new deployment sees the details of an error.
 */
import type { ApiError } from "../errors.ts";
import { NOT_STORED, PAGE_HEADERS } from "./headers.ts";
import { Page } from "./page.tsx";

/** The response, with the status and the headers of the refusal. */
export async function toPageResponse(error: ApiError): Promise<Response> {
  const { title, text } = explain(error);
  const page = (
    <Page title={title}>
      <main>
        <h1>{title}</h1>
        <p class="hint">{text}</p>
      </main>
    </Page>
  );
  const headers = {
    ...PAGE_HEADERS,
    "Cache-Control": NOT_STORED,
    ...error.headers,
    "Content-Type": "text/html; charset=UTF-8",
  };
  return new Response((await page.toString()).toWellFormed(), { status: error.status, headers });
}

function explain({ code, detail, status }: ApiError): { title: string; text: string } {
  switch (code) {
    case "pass_not_found":
      return {
        title: "Pass not found",
        text: "This link does not open a pass. It may be mistyped, or the pass may have been deleted. Ask the sender for a new link.",
      };
    case "join_not_found":
      return {
        title: "Nothing to join here",
        text: "There is no page at this address any more, or it is mistyped. Ask at the place that showed you the link or the code.",
      };
    case "too_many_misses":
      return {
        title: "Try again in a minute",
        text: "Someone on your network has opened many links that do not exist. Your pass is safe. Open this link again in a minute, or use another network, such as mobile data.",
      };
    case "route_not_found":
      return {
        title: "Page not found",
        text: "There is no page at this address. If it is the link to a pass, it may be mistyped: ask the sender for a new link.",
      };
    case "no_certificate":
    case "signing_certificate_expired":
    case "pass_not_built":
      return {
        title: "Pass not available",
        text: "This pass cannot be downloaded at the moment. Please tell the sender of the link.",
      };
    case "not_configured":
    case "not_migrated":
      return { title: "Edgepass is not set up yet", text: detail };
    default:
      return status < 500
        ? { title: "This link does not work", text: detail }
        : { title: "Not available at the moment", text: "Something went wrong here. Try again in a minute." };
  }
}
