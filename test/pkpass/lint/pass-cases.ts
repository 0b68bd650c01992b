/** Cases for single keys, identity, dates and places. */
import { toNumber } from "../../../src/json.ts";
import { coffeeCard, coupon, rewardsCard } from "../samples/cards.ts";
import { concert, match } from "../samples/events.ts";
import { flight, semanticFlight } from "../samples/flight.ts";
import { libraryCard, museum } from "../samples/memberships.ts";
import { type Case, error, gone, to, warning } from "./case.ts";

const manyFields = Array.from({ length: 101 }, (_, index) => ({ key: `more${index}`, value: "more" }));

/** 201 languages, each with a logo of another size in @3x than in @2x. The curable sizes differ, so they are not grouped. */
const manyLogos = Object.fromEntries([
  ...["", "@2x", "@3x"].map((density) => [`/images/logo${density}.png`, undefined]),
  ...Array.from({ length: 201 }, (_, index) => {
    const language = `${String.fromCharCode(97 + (index % 26))}${String.fromCharCode(97 + Math.floor(index / 26))}`;
    return [
      [`/images/${language}.lproj~1logo@2x.png`, [40 + index, 40]],
      [`/images/${language}.lproj~1logo@3x.png`, [90, 90]],
    ];
  }).flat(),
]);

export const schemaCases: readonly Case[] = [
  error("missing_key", "/pass/serialNumber", flight, gone),
  error("missing_key", "/pass/authenticationToken", flight, gone),
  error("missing_key", "/pass/barcodes/0/messageEncoding", flight, gone),
  error("missing_key", "/personalization/description", rewardsCard, gone),
  error("wrong_type", "/pass/voided", coupon, to("no")),
  error("invalid_value", "/pass/backgroundColor", coupon, to("brown")),
  error("invalid_value", "/pass/formatVersion", coupon, to(2)),
  error("reserved_key", "/pass/serialNumber", coupon, to("1"), { kind: "template" }),
  error("style_count", "/pass/generic", coupon, to({})),
  error("duplicate_field_key", "/pass/generic/auxiliaryFields/1/key", libraryCard, to("due"), {
    kind: "template",
  }),
  warning("duplicate_field_key", "/pass/generic/auxiliaryFields/1/key", libraryCard, to("due")),
  error("invalid_value", "/pass/webServiceURL", flight, to("passes.example.com")),
  error("invalid_value", "/pass/beacons/0/proximityUUID", coupon, to("our-shop")),
  error("invalid_value", "/pass/generic/auxiliaryFields/0/key", libraryCard, to("x".repeat(201)), {
    kind: "template",
  }),
  error(
    "invalid_value",
    "/pass/generic",
    libraryCard,
    { "/pass/generic/backFields": manyFields },
    { kind: "template" },
  ),
  warning("findings_truncated", "/pass", coupon, manyLogos, {
    beside: Array(200).fill("image_densities_differ"),
  }),
  warning("number_not_exact", "/pass/generic/primaryFields/0/value", libraryCard, {
    "/pass/generic/primaryFields/0/value": toNumber("12345678901234567890"),
  }),
  warning("number_not_exact", "/pass/userInfo/ids/1", coupon, {
    "/pass/userInfo": { ids: [1, toNumber("9007199254740993")] },
  }),
  error("number_not_exact", "/pass/associatedStoreIdentifiers/0", coupon, {
    "/pass/associatedStoreIdentifiers": [toNumber("1e400")],
  }),
  error("wrong_type", "/pass/logoText", coupon, to(toNumber("12345678901234567890")), {
    beside: ["number_not_exact"],
  }),
  error("wrong_type", "/pass/semantics", coupon, to(toNumber("12345678901234567890")), {
    beside: ["number_not_exact"],
  }),
  error("missing_key", "/pass/locations/0/latitude", flight, gone),
  error("wrong_type", "/pass/locations/0/latitude", flight, to("55.6")),
  error("invalid_value", "/pass/locations/0/latitude", flight, to(91)),
  warning("unknown_key", "/pass/logotext", coupon, to("Krume")),
  warning("url_invalid", "/pass/bagPolicyURL", match, to("https: //x")),
  warning("url_invalid", "/pass/transferURL", match, to("not a url")),
  warning("url_invalid", "/pass/transferURL", match, to("tickets.example.com/transfer")),
  warning("url_invalid", "/pass/transferURL", match, to("tickets.example.com:8080/transfer")),
  warning("url_invalid", "/pass/transferURL", match, to("https://tickets.example.com/a b")),
  warning("url_invalid", "/pass/appLaunchURL", rewardsCard, to("rewards")),
  warning("url_invalid", "/pass/featuredActions/0/url", museum, to("/tickets")),
  warning("url_invalid", "/pass/upcomingPassInformation/0/URLs/sellURL", match, to("www.example.com")),
  warning("url_invalid", "/pass/changeSeatURL", semanticFlight, to("")),
  warning("unknown_value", "/pass/featuredActions/0/type", museum, to("bookTour")),
  warning("deprecated_key", "/pass/relevantDate", coupon, to("2027-12-01T09:00Z")),
];

export const identityCases: readonly Case[] = [
  error("certificate_mismatch", "/pass/teamIdentifier", flight, {
    "/certificate/teamIdentifier": "Z9Y8X7W6V5",
  }),
  error("certificate_mismatch", "/pass/teamIdentifier", flight, {
    "/certificate/teamIdentifier": undefined,
  }),
  error("certificate_mismatch", "/pass/passTypeIdentifier", flight, {
    "/certificate/passTypeIdentifier": undefined,
  }),
  error("certificate_mismatch", "/pass/passTypeIdentifier", flight, to("pass.com.example.other")),
  warning("pass_type_prefix", "/pass/passTypeIdentifier", flight, {
    "/pass/passTypeIdentifier": "com.example.sample",
    "/certificate": undefined,
  }),
  warning("web_service_insecure", "/pass/webServiceURL", flight, to("http://passes.example.com")),
  warning("web_service_url_with_version", "/pass/webServiceURL", flight, to("https://passes.example.com/v1")),
];

export const relevanceCases: readonly Case[] = [
  warning("interval_reversed", "/pass/relevantDates/0/endDate", concert, to("2027-09-18T17:00+02:00")),
  warning("interval_too_long", "/pass/relevantDates/0/endDate", concert, to("2027-09-19T18:01+02:00")),
  warning("expires_too_early", "/pass/expirationDate", concert, to("2027-09-18T12:00Z")),
  warning("relevant_text_missing", "/pass/beacons/0", coupon, { "/pass/beacons/0/relevantText": undefined }),
  warning("relevant_text_missing", "/pass/locations/0", flight, { "/pass/locations/0/relevantText": "" }),
  warning("max_distance_without_locations", "/pass/maxDistance", flight, { "/pass/locations": undefined }),
  warning("app_launch_without_app", "/pass/appLaunchURL", rewardsCard, {
    "/pass/associatedStoreIdentifiers": undefined,
  }),
  warning("grouping_ignored", "/pass/groupingIdentifier", coffeeCard, to("cards")),
];
