/**
 * The next steps of the health report, for a person: what to do in words without calls, and the page that does it. Pure.
 */
import type { Me } from "../me.ts";
import { mayOpen } from "./access.ts";
import type { NextStep } from "./admin-answers.ts";
import { type Place, placeForPath } from "./page-of-call.ts";
import { withoutCalls } from "./words.ts";

/** Sentences that replace those of the service that are for programs. */
const WORDS: Readonly<Record<string, string>> = {
  check_google_issuer: "Check that Google accepts your issuer, so that Android phones can add the passes.",
  create_template: "Make a template: it says what the passes look like.",
  issue_pass: "Issue the first pass.",
  add_pass: "Open the page of the pass on an iPhone, and add the pass to Wallet.",
  change_pass:
    "Change a value of the pass whose field has a message for the lock screen. The phone is notified, and shows the message.",
};

export function nextStepWords({ code, message }: Pick<NextStep, "code" | "message">): string {
  return Object.hasOwn(WORDS, code) ? (WORDS[code] ?? message) : withoutCalls(message);
}

/** @returns undefined if no page does it, or none that the key may open */
export function nextStepPlace(
  { code, path }: Pick<NextStep, "code" | "path">,
  me: Pick<Me, "role" | "scope">,
): Place | undefined {
  const place =
    code === "create_template" ? ({ page: "new-template", query: {} } as const) : placeForPath(path);
  if (place?.page === "pass-types" && mayOpen("set-up", me)) {
    const [, identifier = ""] = /\/pass-types\/([^/]+)\//.exec(path) ?? [];
    return { page: "set-up", query: { passType: decodeURIComponent(identifier) } };
  }
  return place !== undefined && mayOpen(place.page, me) ? place : undefined;
}
