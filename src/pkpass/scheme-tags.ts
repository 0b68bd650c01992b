/**
 * The semantic tags from which Wallet draws the poster event ticket and the semantic boarding pass, and which of them a
 * pass lacks. The linter reports them, and the page of a pass then draws the classic layout, as phones do.
 *
 * Apple says in two places what they need: the pages "Creating a poster event pass using semantic tags" and "Creating an
 * airline boarding pass using semantic tags", and the validators of Apple's Pass Builder (github.com/apple/pass-builder,
 * 0.1.0). A tag is required if both require it: without it, phones show the classic layout. A tag that only one of them
 * requires, or that Pass Builder recommends, is recommended here: phones have shown the poster without venueRegionName
 * and venueRoom (github.com/alexandercerutti/passkit-generator/issues/205).
 */
import { isObject } from "../json.ts";

/** One of these tags is enough. The first is the name in Apple's documentation. */
type Alternatives = readonly [tag: string, ...others: string[]];

export interface MissingTags {
  readonly required: readonly string[];
  readonly recommended: readonly string[];
}

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

/** What a poster event ticket of this eventType lacks. */
export function findMissingPosterTags(tags: ReadonlySet<string>, eventType: string): MissingTags {
  const ofEvent = Object.hasOwn(REQUIRED_BY_EVENT, eventType) ? (REQUIRED_BY_EVENT[eventType] ?? []) : [];
  return {
    required: findMissing(tags, [...POSTER_REQUIRED, ...ofEvent]),
    recommended: findMissing(tags, POSTER_RECOMMENDED),
  };
}

/** What a semantic boarding pass lacks. */
export function findMissingFlightTags(tags: ReadonlySet<string>): MissingTags {
  return {
    required: findMissing(tags, FLIGHT_REQUIRED),
    recommended: findMissing(tags, FLIGHT_RECOMMENDED),
  };
}

function findMissing(tags: ReadonlySet<string>, wanted: readonly Alternatives[]): string[] {
  return wanted.flatMap((alternatives) => (alternatives.some((tag) => tags.has(tag)) ? [] : alternatives[0]));
}

/** The tags that have a value. A tag with null, or with a text, a list or an object without content, has none. */
export function filledTags(semantics: unknown): string[] {
  return Object.entries(isObject(semantics) ? semantics : {}).flatMap(([tag, value]) =>
    isEmpty(value) ? [] : tag,
  );
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
