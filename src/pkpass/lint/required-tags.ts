/**
 * Checks the semantic tags from which Wallet draws the poster event ticket and the semantic boarding pass.
 *
 * Apple says in two places what they need: the pages "Creating a poster event pass using semantic tags" and "Creating an
 * airline boarding pass using semantic tags", and the validators of Apple's Pass Builder (github.com/apple/pass-builder,
 * 0.1.0). A tag is required if both require it: without it, phones show the classic layout. A tag that only one of them
 * requires, or that Pass Builder recommends, is recommended here: phones have shown the poster without venueRegionName
 * and venueRoom (github.com/alexandercerutti/passkit-generator/issues/205).
 */
import { pointerTo } from "../../json.ts";
import { type Finding, warning } from "../finding.ts";
import { asObject } from "./narrow.ts";
import { parseTime } from "./relevance.ts";
import { unlessLater } from "./subject.ts";
import type { View } from "./view.ts";

/** One of these tags is enough. The first is the name in Apple's documentation. */
type Alternatives = readonly [tag: string, ...others: string[]];

const POSTER_REQUIRED: readonly Alternatives[] = [["eventName"], ["venueName"]];
const REQUIRED_BY_EVENT: Readonly<Record<string, readonly Alternatives[]>> = {
  PKEventTypeSports: [["homeTeamAbbreviation"], ["awayTeamAbbreviation"]],
  PKEventTypeLivePerformance: [["performerNames"]],
};
const POSTER_RECOMMENDED: readonly Alternatives[] = [
  ["venueRegionName"],
  ["venueRoom"],
  ["eventStartDate", "eventStartDateInfo"],
];
const FLIGHT_REQUIRED: readonly Alternatives[] = [
  ["airlineCode"],
  ["flightNumber"],
  ["departureAirportCode"],
  ["departureLocationTimeZone", "departureAirportTimeZone"],
  ["destinationAirportCode"],
  ["originalDepartureDate"],
  ["originalArrivalDate"],
  ["originalBoardingDate"],
  ["passengerName"],
];
const FLIGHT_RECOMMENDED: readonly Alternatives[] = [
  ["departureCityName"],
  ["destinationCityName"],
  ["destinationLocationTimeZone", "destinationAirportTimeZone"],
];

/** The tags of a poster event ticket, and the order of its dates. */
export function* posterTagFindings(view: View): Iterable<Finding> {
  const { eventType, eventStartDate, eventEndDate } = asObject(view.pass.semantics);
  const type = String(eventType);
  const ofEvent = Object.hasOwn(REQUIRED_BY_EVENT, type) ? (REQUIRED_BY_EVENT[type] ?? []) : [];
  yield* checkRequired(view, "poster_semantics_missing", "poster", [...POSTER_REQUIRED, ...ofEvent]);
  yield* checkRecommended(view, "poster", POSTER_RECOMMENDED);
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
  yield* checkRequired(view, "boarding_semantics_missing", "boarding pass", FLIGHT_REQUIRED);
  yield* checkRecommended(view, "boarding pass", FLIGHT_RECOMMENDED);
}

function* checkRequired(
  { tags, subject }: View,
  code: "poster_semantics_missing" | "boarding_semantics_missing",
  layout: string,
  required: readonly Alternatives[],
): Iterable<Finding> {
  const missing = findMissing(tags, required);
  if (missing.length === 0) return;
  yield warning(
    code,
    "/pass/semantics",
    `The ${layout} needs the semantic tag${plural(missing)} ${missing.join(", ")}. Otherwise phones show the classic layout.${unlessLater(subject)}`,
    `Add ${missing.length === 1 ? "it" : "them"} to semantics.`,
  );
}

function* checkRecommended(
  { tags, subject }: View,
  layout: string,
  recommended: readonly Alternatives[],
): Iterable<Finding> {
  const missing = findMissing(tags, recommended);
  if (missing.length === 0) return;
  yield warning(
    "semantics_recommended",
    "/pass/semantics",
    `For this ${layout} Apple also recommends the semantic tag${plural(missing)} ${missing.join(", ")}.${unlessLater(subject)}`,
    `Add ${missing.length === 1 ? "it" : "them"} to semantics if you can.`,
  );
}

function findMissing(tags: ReadonlySet<string>, wanted: readonly Alternatives[]): string[] {
  return wanted.flatMap((alternatives) => (alternatives.some((tag) => tags.has(tag)) ? [] : alternatives[0]));
}

const plural = (tags: readonly string[]) => (tags.length === 1 ? "" : "s");
