/**
 * Semantic tags: machine-readable facts about flights, seats, venues and prices. They occur at the top level of
 * pass.json, in fields and in upcoming entries. The poster event ticket (iOS 18) and the semantic boarding pass (iOS 26)
 * are drawn from them; the linter checks that each has the tags that it needs (lint/schemes.ts).
 *
 * Follows Apple's "SemanticTags" and "SemanticTagType". Apple's Pass Builder (github.com/apple/pass-builder, 0.1.0) writes
 * some tags with another name; both names are known.
 */
import * as z from "zod";
import { exactNumber } from "./exact-number.ts";
import { colour, date, each, flag, openEnum, since, text } from "./primitives.ts";

const optionalText = text.optional();
const optionalDate = date.optional();
const text18 = since("18.0", text);
const date18 = since("18.0", date);
const texts18 = since("18.0", z.array(text));
const text26 = since("26.0", text);
const texts26 = since("26.0", z.array(text));

const amount = z
  .looseObject({ amount: optionalText, currencyCode: optionalText })
  .meta({ id: "CurrencyAmount" })
  .optional();

const location = z
  .looseObject({
    latitude: exactNumber({ minimum: -90, maximum: 90 }),
    longitude: exactNumber({ minimum: -180, maximum: 180 }),
  })
  .meta({ id: "SemanticLocation", title: "SemanticTagType.Location" })
  .optional();

const personName = z
  .looseObject(
    each(
      [
        "givenName",
        "familyName",
        "middleName",
        "namePrefix",
        "nameSuffix",
        "nickname",
        "phoneticRepresentation",
      ],
      optionalText,
    ),
  )
  .meta({ id: "PersonNameComponents" });

const seat = z
  .looseObject({
    ...each(
      ["seatSection", "seatRow", "seatNumber", "seatIdentifier", "seatType", "seatDescription"],
      optionalText,
    ),
    ...each(["seatAisle", "seatLevel"], text18),
    seatSectionColor: since("18.0", colour),
  })
  .meta({ id: "Seat" });

const wifiNetwork = z.looseObject({ ssid: text, password: text }).meta({ id: "WifiNetwork" });

const eventDateInfo = z
  .looseObject({
    date: optionalDate,
    timeZone: optionalText,
    ignoreTimeComponents: flag.optional(),
    ...each(["unannounced", "undetermined"], since("18.1", flag)),
  })
  .meta({ id: "EventDateInfo" });

/** Apple documents the tag but not its shape: issuers write one object with a list of tokens, or a list of objects. */
const airplay = z.union([z.looseObject({}), z.array(z.looseObject({}))]);

const eventType = openEnum(
  [
    "Generic",
    "LivePerformance",
    "Movie",
    "Sports",
    "Conference",
    "Convention",
    "Workshop",
    "SocialGathering",
  ].map((type) => `PKEventType${type}`),
);

const securityPrograms = z.array(
  openEnum(
    ["TSAPreCheck", "TSAPreCheckTouchlessID", "OSS", "ITI", "ITD", "GlobalEntry", "CLEAR"].map(
      (program) => `PKTransitSecurityProgram${program}`,
    ),
  ),
);

const capabilities = z.array(
  openEnum(
    ["Preboarding", "PriorityBoarding", "Carryon", "PersonalItem", "LapInfant"].map(
      (capability) => `PKPassengerCapability${capability}`,
    ),
  ),
);

/** IATA's special service requests that Wallet has a badge for. */
const serviceRequests = z.array(
  openEnum(["INFT", "PETC", "SVAN", "UMNR", "WCBD", "WCBW", "WCHC", "WCHR", "WCHS", "WCLB", "WCMP", "WCOB"]),
);

const forBothEnds = <const Name extends string>(names: readonly Name[]) =>
  names.flatMap((name) => [`departure${name}`, `destination${name}`] as const);

const boarding = {
  ...each(
    ["airlineCode", "flightCode", "boardingGroup", "boardingSequenceNumber", "carNumber"],
    optionalText,
  ),
  ...each(["confirmationNumber", "priorityStatus", "securityScreening"], optionalText),
  ...each(["membershipProgramName", "membershipProgramNumber"], optionalText),
  ...each(["transitProvider", "transitStatus", "transitStatusReason"], optionalText),
  ...each(["vehicleName", "vehicleNumber", "vehicleType"], optionalText),
  ...each(forBothEnds(["AirportCode", "AirportName", "Gate", "LocationDescription"]), optionalText),
  ...each(forBothEnds(["Platform", "StationName", "Terminal"]), optionalText),
  ...each(forBothEnds(["Location"]), location),
  ...each(["originalDepartureDate", "originalArrivalDate", "originalBoardingDate"], optionalDate),
  ...each(["currentDepartureDate", "currentArrivalDate", "currentBoardingDate"], optionalDate),
  flightNumber: exactNumber().optional(),
  passengerName: personName.optional(),
  ...each(["boardingZone", "membershipProgramStatus", "ticketFareClass"], text26),
  ...each(forBothEnds(["CityName", "LocationTimeZone"]), text26),
  ...each(forBothEnds(["LocationSecurityPrograms"]), since("26.0", securityPrograms)),
  // The names in Pass Builder of …LocationTimeZone, …LocationSecurityPrograms and loungePlaceIDs.
  ...each([...forBothEnds(["AirportTimeZone"]), "airlineLoungePlaceID"], text26),
  ...each(forBothEnds(["AirportSecurityPrograms"]), since("26.0", securityPrograms)),
  passengerEligibleSecurityPrograms: since("26.0", securityPrograms),
  passengerCapabilities: since("26.0", capabilities),
  ...each(["passengerInformationSSRs", "passengerServiceSSRs"], since("26.0", serviceRequests)),
  ...each(["passengerAirlineSSRs", "loungePlaceIDs"], texts26),
  internationalDocumentsAreVerified: since("26.0", flag),
  internationalDocumentsVerifiedDeclarationName: text26,
};

const event = {
  ...each(["eventName", "genre", "leagueName", "leagueAbbreviation", "sportName"], optionalText),
  ...each(["homeTeamName", "homeTeamAbbreviation", "homeTeamLocation"], optionalText),
  ...each(["awayTeamName", "awayTeamAbbreviation", "awayTeamLocation"], optionalText),
  ...each(["venueName", "venueRoom", "venueEntrance", "venuePhoneNumber"], optionalText),
  ...each(["performerNames", "artistIDs"], z.array(text).optional()),
  ...each(["eventStartDate", "eventEndDate"], optionalDate),
  eventType: eventType.optional(),
  venueLocation: location,
  ...each(["admissionLevel", "admissionLevelAbbreviation", "additionalTicketAttributes"], text18),
  ...each(["attendeeName", "entranceDescription", "eventLiveMessage", "venueRegionName"], text18),
  ...each(["venueEntranceDoor", "venueEntranceGate", "venueEntrancePortal"], text18),
  ...each(["albumIDs", "playlistIDs"], texts18),
  ...each(["venueOpenDate", "venueCloseDate", "venueDoorsOpenDate", "venueGatesOpenDate"], date18),
  ...each(["venueFanZoneOpenDate", "venueBoxOfficeOpenDate", "venueParkingLotsOpenDate"], date18),
  airplay: since("18.0", airplay),
  eventStartDateInfo: since("18.0", eventDateInfo),
  tailgatingAllowed: since("18.0", flag),
  venuePlaceID: text26,
};

export const semantics = z
  .looseObject({
    totalPrice: amount,
    balance: amount,
    duration: exactNumber().optional(),
    seats: z.array(seat).optional(),
    silenceRequested: flag.optional(),
    wifiAccess: z.array(wifiNetwork).optional(),
    ...boarding,
    ...event,
  })
  .meta({ id: "SemanticTags" });
