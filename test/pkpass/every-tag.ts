/**
 * Every semantic tag that Apple documents up to iOS 27, with a right value: the part of the table of every-key.ts that
 * is semantics.
 *
 * Follows Apple's "SemanticTags" and "SemanticTagType".
 */
import { all, DATE, type Part, place, SMALLEST } from "./every-key.ts";

const inSemantics = (semantics: object) => ({ ...SMALLEST, semantics });

/** semantics, and the objects inside it. */
export const TAG_PARTS: readonly Part[] = [
  {
    name: "SemanticTags",
    pointer: "/pass/semantics",
    within: inSemantics,
    base: {},
    since: "12.0",
    keys: {
      "6.0": {
        ...all(
          "Text",
          "airlineCode flightCode boardingGroup boardingSequenceNumber carNumber transitProvider",
        ),
        ...all("Text", "confirmationNumber membershipProgramName membershipProgramNumber priorityStatus"),
        ...all(
          "Text",
          "securityScreening transitStatus transitStatusReason vehicleName vehicleNumber vehicleType",
        ),
        ...all(
          "Text",
          "departureAirportCode departureAirportName departureGate departureLocationDescription",
        ),
        ...all("Text", "departurePlatform departureStationName departureTerminal destinationAirportCode"),
        ...all("Text", "destinationAirportName destinationGate destinationLocationDescription"),
        ...all("Text", "destinationPlatform destinationStationName destinationTerminal"),
        ...all(
          "Text",
          "eventName genre homeTeamName homeTeamAbbreviation homeTeamLocation leagueName sportName",
        ),
        ...all("Text", "awayTeamName awayTeamAbbreviation awayTeamLocation leagueAbbreviation"),
        ...all("Text", "venueName venueRoom venueEntrance venuePhoneNumber"),
        ...all(DATE, "originalDepartureDate originalArrivalDate originalBoardingDate currentDepartureDate"),
        ...all(DATE, "currentArrivalDate currentBoardingDate eventStartDate eventEndDate"),
        ...all(place, "departureLocation destinationLocation venueLocation"),
        ...all(["1"], "performerNames artistIDs"),
        ...all({ amount: "12.50", currencyCode: "EUR" }, "totalPrice balance"),
        ...all(815, "flightNumber duration"),
        eventType: "PKEventTypeSports",
        silenceRequested: true,
        passengerName: { givenName: "Ada" },
        seats: [{ seatRow: "1" }],
        wifiAccess: [{ ssid: "a", password: "b" }],
      },
      "18.0": {
        ...all("Text", "admissionLevel admissionLevelAbbreviation additionalTicketAttributes attendeeName"),
        ...all("Text", "entranceDescription eventLiveMessage venueRegionName"),
        ...all("Text", "venueEntranceDoor venueEntranceGate venueEntrancePortal"),
        ...all(DATE, "venueOpenDate venueCloseDate venueDoorsOpenDate venueGatesOpenDate"),
        ...all(DATE, "venueFanZoneOpenDate venueBoxOfficeOpenDate venueParkingLotsOpenDate"),
        ...all(["1"], "albumIDs playlistIDs"),
        airplay: { airPlayDeviceGroupToken: ["1"] },
        eventStartDateInfo: { date: DATE },
        tailgatingAllowed: false,
      },
      "26.0": {
        ...all("Text", "boardingZone membershipProgramStatus ticketFareClass departureCityName venuePlaceID"),
        ...all("Text", "destinationCityName departureLocationTimeZone destinationLocationTimeZone"),
        ...all("Text", "departureAirportTimeZone destinationAirportTimeZone airlineLoungePlaceID"),
        ...all("Text", "internationalDocumentsVerifiedDeclarationName"),
        ...all(["PKTransitSecurityProgramCLEAR"], "departureLocationSecurityPrograms"),
        ...all(["PKTransitSecurityProgramCLEAR"], "destinationLocationSecurityPrograms"),
        ...all(["PKTransitSecurityProgramCLEAR"], "passengerEligibleSecurityPrograms"),
        ...all(
          ["PKTransitSecurityProgramOSS"],
          "departureAirportSecurityPrograms destinationAirportSecurityPrograms",
        ),
        ...all(["WCHR"], "passengerServiceSSRs passengerInformationSSRs"),
        ...all(["1"], "passengerAirlineSSRs loungePlaceIDs"),
        passengerCapabilities: ["PKPassengerCapabilityLapInfant"],
        internationalDocumentsAreVerified: true,
      },
    },
  },
  {
    name: "CurrencyAmount",
    pointer: "/pass/semantics/balance",
    within: (balance) => inSemantics({ balance }),
    base: {},
    since: "12.0",
    keys: { "6.0": { amount: "1.00", currencyCode: "EUR" } },
  },
  {
    name: "SemanticLocation",
    pointer: "/pass/semantics/venueLocation",
    within: (venueLocation) => inSemantics({ venueLocation }),
    base: place,
    since: "12.0",
    keys: { "6.0": place },
  },
  {
    name: "PersonNameComponents",
    pointer: "/pass/semantics/passengerName",
    within: (passengerName) => inSemantics({ passengerName }),
    base: {},
    since: "12.0",
    keys: {
      "6.0": {
        ...all(
          "Ada",
          "givenName familyName middleName namePrefix nameSuffix nickname phoneticRepresentation",
        ),
      },
    },
  },
  {
    name: "Seat",
    pointer: "/pass/semantics/seats/0",
    within: (seat) => inSemantics({ seats: [seat] }),
    base: {},
    since: "12.0",
    keys: {
      "6.0": all("1", "seatSection seatRow seatNumber seatIdentifier seatType seatDescription"),
      "18.0": { ...all("1", "seatAisle seatLevel"), seatSectionColor: "rgb(1, 2, 3)" },
    },
  },
  {
    name: "WifiNetwork",
    pointer: "/pass/semantics/wifiAccess/0",
    within: (network) => inSemantics({ wifiAccess: [network] }),
    base: { ssid: "a", password: "b" },
    since: "12.0",
    keys: { "6.0": { ssid: "a", password: "b" } },
  },
  {
    name: "EventDateInfo",
    pointer: "/pass/semantics/eventStartDateInfo",
    within: (eventStartDateInfo) => inSemantics({ eventStartDateInfo }),
    base: {},
    since: "18.0",
    keys: {
      "6.0": { date: DATE, timeZone: "Europe/Berlin", ignoreTimeComponents: true },
      "18.1": all(true, "unannounced undetermined"),
    },
  },
];
