/** Cases for posters, semantic boarding passes, NFC and upcoming events. */

import { coupon, rewardsCard } from "../samples/cards.ts";
import { concert, match } from "../samples/events.ts";
import { flight, semanticFlight } from "../samples/flight.ts";
import { museum } from "../samples/memberships.ts";
import { type Case, gone, to, warning } from "./case.ts";

export const layoutCases: readonly Case[] = [
  warning("scheme_without_style", "/pass/preferredStyleSchemes/0", coupon, {
    "/pass/preferredStyleSchemes": ["semanticBoardingPass"],
  }),
  warning("scheme_order", "/pass/preferredStyleSchemes/0", match, {
    "/pass/preferredStyleSchemes": ["eventTicket", "posterEventTicket"],
  }),
  warning("key_without_scheme", "/pass/bagPolicyURL", concert, to("https://example.com")),
  warning("key_without_scheme", "/pass/changeSeatURL", flight, to("https://example.com")),
  warning("key_without_scheme", "/pass/bagPolicyURL", museum, to("https://example.com")),
  warning("key_without_scheme", "/pass/useAutomaticColors", coupon, to(true)),
  warning("poster_semantics_missing", "/pass/semantics", match, {
    "/pass/semantics/awayTeamAbbreviation": undefined,
  }),
  warning(
    "poster_semantics_missing",
    "/pass/semantics",
    match,
    { "/pass/semantics/venueName": undefined },
    { kind: "template" },
  ),
  warning(
    "poster_semantics_missing",
    "/pass/semantics",
    match,
    { "/pass/semantics/eventType": "PKEventTypeLivePerformance", "/pass/semantics/performerNames": [] },
    { beside: ["semantic_tag_empty"] },
  ),
  warning("poster_semantics_missing", "/pass/semantics", match, { "/pass/semantics/eventName": "" }),
  warning("semantics_recommended", "/pass/semantics", match, { "/pass/semantics/venueRoom": undefined }),
  warning("semantics_recommended", "/pass/semantics", match, {
    "/pass/semantics/venueRegionName": undefined,
  }),
  warning("semantics_recommended", "/pass/semantics", match, {
    "/pass/semantics/eventStartDate": undefined,
    "/pass/semantics/eventStartDateInfo": undefined,
  }),
  warning("semantics_recommended", "/pass/semantics", semanticFlight, {
    "/pass/semantics/departureCityName": undefined,
    "/pass/semantics/destinationCityName": undefined,
    "/pass/semantics/destinationLocationTimeZone": undefined,
  }),
  warning("event_dates_reversed", "/pass/semantics/eventEndDate", match, to("2027-03-06T14:59Z")),
  warning("semantic_tag_empty", "/pass/semantics/performerNames", concert, to([])),
  warning("semantic_tag_empty", "/pass/eventTicket/secondaryFields/0/semantics/seats", concert, to([])),
  warning("poster_nfc_without_authentication", "/pass/nfc/requiresAuthentication", match, gone),
  warning("poster_without_nfc", "/pass/nfc", match, gone),
  warning("poster_artwork_missing", "/images", match, {
    "/images/artwork.png": undefined,
    "/images/artwork@2x.png": undefined,
    "/images/artwork@3x.png": undefined,
  }),
  warning("logo_text_not_shown", "/pass/logoText", match, {
    "/pass/eventLogoText": undefined,
    "/images/primaryLogo.png": undefined,
    "/images/primaryLogo@2x.png": undefined,
    "/images/primaryLogo@3x.png": undefined,
  }),
  warning(
    "semantic_boarding_not_air",
    "/pass/boardingPass/transitType",
    semanticFlight,
    to("PKTransitTypeTrain"),
  ),
  warning("boarding_semantics_missing", "/pass/semantics", semanticFlight, {
    "/pass/semantics/flightNumber": undefined,
  }),
  warning("boarding_semantics_missing", "/pass/semantics", semanticFlight, {
    "/pass/semantics/departureLocationTimeZone": undefined,
  }),
  warning(
    "boarding_without_fields",
    "/pass/boardingPass",
    semanticFlight,
    to({ transitType: "PKTransitTypeAir", backFields: [{ key: "a", label: "A", value: "a" }] }),
  ),
  warning(
    "poster_generic_without_fallback",
    "/pass/posterGeneric",
    museum,
    { "/pass/generic": undefined },
    { beside: ["image_not_shown"] },
  ),
  warning(
    "too_many_actions",
    "/pass/featuredActions/2",
    museum,
    to({ identifier: "shop", type: "shop", url: "https://example.com" }),
  ),
  warning("action_target_mismatch", "/pass/featuredActions/1/url", museum, to("https://example.com")),
  warning("action_target_mismatch", "/pass/featuredActions/1/url", museum, {
    "/pass/featuredActions/1/type": "place",
  }),
  warning("action_target_mismatch", "/pass/featuredActions/0/placeIdentifier", museum, {
    "/pass/featuredActions/0/url": undefined,
    "/pass/featuredActions/0/placeIdentifier": "I1234",
  }),
  warning("nfc_needs_entitlement", "/pass/nfc", rewardsCard, {}),
  warning("personalization_ignored", "/personalization", rewardsCard, {
    "/images/personalizationLogo.png": undefined,
    "/images/personalizationLogo@2x.png": undefined,
    "/images/personalizationLogo@3x.png": undefined,
  }),
  warning("personalization_ignored", "/personalization", rewardsCard, { "/pass/nfc": undefined }),
  warning(
    "upcoming_without_poster",
    "/pass/upcomingPassInformation",
    concert,
    to([{ identifier: "next", name: "Encore", type: "event" }]),
  ),
  warning(
    "duplicate_upcoming_identifier",
    "/pass/upcomingPassInformation/1/identifier",
    match,
    to("matchday-29"),
  ),
];
