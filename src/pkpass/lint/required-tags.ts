/**
 * Checks the semantic tags from which Wallet draws the poster event ticket and the semantic boarding pass
 * (../scheme-tags.ts), and the order of an event's dates.
 */
import { pointerTo } from "../../json.ts";
import { type Finding, warning } from "../finding.ts";
import { findMissingFlightTags, findMissingPosterTags } from "../scheme-tags.ts";
import { asObject } from "./narrow.ts";
import { parseTime } from "./relevance.ts";
import { unlessLater } from "./subject.ts";
import type { View } from "./view.ts";

/** The tags of a poster event ticket, and the order of its dates. */
export function* posterTagFindings(view: View): Iterable<Finding> {
  const { eventType, eventStartDate, eventEndDate } = asObject(view.pass.semantics);
  const missing = findMissingPosterTags(view.tags, String(eventType));
  yield* checkRequired(view, "poster_semantics_missing", "poster", missing.required);
  yield* checkRecommended(view, "poster", missing.recommended);
  const [start, end] = [parseTime(eventStartDate), parseTime(eventEndDate)];
  if (start === undefined || end === undefined || start <= end) return;
  yield warning(
    "event_dates_reversed",
    pointerTo(["pass", "semantics", "eventEndDate"]),
    "eventEndDate is before eventStartDate.",
    "Correct one of the two dates.",
  );
}

/** The tags of a semantic boarding pass. */
export function* flightTagFindings(view: View): Iterable<Finding> {
  const missing = findMissingFlightTags(view.tags);
  yield* checkRequired(view, "boarding_semantics_missing", "boarding pass", missing.required);
  yield* checkRecommended(view, "boarding pass", missing.recommended);
}

function* checkRequired(
  { subject }: View,
  code: "poster_semantics_missing" | "boarding_semantics_missing",
  layout: string,
  missing: readonly string[],
): Iterable<Finding> {
  if (missing.length === 0) return;
  yield warning(
    code,
    "/pass/semantics",
    `The ${layout} needs the semantic tag${plural(missing)} ${missing.join(", ")}. Otherwise phones show the classic layout.${unlessLater(subject)}`,
    `Add ${missing.length === 1 ? "it" : "them"} to semantics.`,
  );
}

function* checkRecommended({ subject }: View, layout: string, missing: readonly string[]): Iterable<Finding> {
  if (missing.length === 0) return;
  yield warning(
    "semantics_recommended",
    "/pass/semantics",
    `For this ${layout} Apple also recommends the semantic tag${plural(missing)} ${missing.join(", ")}.${unlessLater(subject)}`,
    `Add ${missing.length === 1 ? "it" : "them"} to semantics if you can.`,
  );
}

const plural = (tags: readonly string[]) => (tags.length === 1 ? "" : "s");
