/** An event ticket as every iPhone shows it, and a match as the poster event ticket of iOS 18. */
import { drawn, type Sample } from "./sample.ts";

export const concert: Sample = {
  name: "Concert ticket",
  pass: {
    description: "Ticket for The Lanterns in the Grand Hall",
    organizationName: "Grand Hall Tickets",
    logoText: "Grand Hall",
    backgroundColor: "rgb(40, 12, 60)",
    foregroundColor: "rgb(255, 255, 255)",
    labelColor: "rgb(210, 170, 240)",
    groupingIdentifier: "the-lanterns-2027-09-18",
    relevantDates: [{ startDate: "2027-09-18T18:00+02:00", endDate: "2027-09-18T23:30+02:00" }],
    expirationDate: "2027-09-19T04:00+02:00",
    locations: [{ latitude: 48.2, longitude: 16.37, relevantText: "Doors of the Grand Hall open at seven" }],
    sharingProhibited: true,
    eventTicket: {
      headerFields: [
        {
          key: "date",
          label: "18 SEPTEMBER",
          value: "2027-09-18T20:00+02:00",
          dateStyle: "PKDateStyleNone",
          timeStyle: "PKDateStyleShort",
          changeMessage: "The concert now begins at %@",
        },
      ],
      primaryFields: [{ key: "artist", label: "TONIGHT", value: "The Lanterns" }],
      secondaryFields: [{ key: "venue", label: "VENUE", value: "Grand Hall, Vienna" }],
      auxiliaryFields: [
        { key: "section", label: "SECTION", value: "Parterre", row: 0 },
        { key: "row", label: "ROW", value: "12", row: 0 },
        { key: "seat", label: "SEAT", value: "7", row: 0 },
        { key: "holder", label: "NAME", value: "Ana Horvat", row: 1 },
        { key: "price", label: "PRICE", value: 64.5, currencyCode: "EUR", row: 1 },
      ],
      backFields: [
        { key: "rules", label: "House rules", value: "No cameras. Umbrellas go to the cloakroom." },
        {
          key: "help",
          label: "Help",
          value: "https://tickets.example.com/help",
          dataDetectorTypes: ["PKDataDetectorTypeLink"],
        },
      ],
    },
    semantics: {
      eventName: "The Lanterns",
      eventType: "PKEventTypeLivePerformance",
      performerNames: ["The Lanterns"],
      venueName: "Grand Hall",
      venueLocation: { latitude: 48.2, longitude: 16.37 },
      eventStartDate: "2027-09-18T20:00+02:00",
      seats: [{ seatSection: "Parterre", seatRow: "12", seatNumber: "7" }],
    },
    barcodes: [
      {
        format: "PKBarcodeFormatQR",
        message: "GH-2027-0918-P12-7-5f2c91",
        messageEncoding: "iso-8859-1",
        altText: "P12-7",
      },
    ],
  },
  images: [
    ...drawn("icon", 29, 29),
    ...drawn("logo", 50, 50),
    ...drawn("background", 180, 220),
    ...drawn("thumbnail", 60, 90),
  ],
  strings: {},
};

/** Public key of a reader, made for this sample; its private key was thrown away. */
export const READER_KEY = "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACuH901ESiVgjq6FGt5xgVK6nlEoQBOibmF6rTfIsX4Pk=";

const NEXT_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

export const match: Sample = {
  name: "Season ticket as a poster",
  pass: {
    description: "Season ticket of FC Harbour",
    organizationName: "FC Harbour",
    logoText: "FC Harbour",
    eventLogoText: "FC Harbour",
    preferredStyleSchemes: ["posterEventTicket", "eventTicket"],
    backgroundColor: "rgb(0, 66, 120)",
    foregroundColor: "rgb(255, 255, 255)",
    labelColor: "rgb(190, 215, 235)",
    footerBackgroundColor: "rgb(0, 40, 80)",
    relevantDates: [{ startDate: "2027-03-06T13:00Z", endDate: "2027-03-06T19:00Z" }],
    expirationDate: "2027-06-30T22:00Z",
    sharingProhibited: true,
    eventTicket: {
      headerFields: [{ key: "gate", label: "GATE", value: "D", changeMessage: "Enter by gate %@" }],
      primaryFields: [{ key: "match", label: "MATCHDAY 27", value: "Harbour – Rovers" }],
      secondaryFields: [{ key: "stand", label: "STAND", value: "East" }],
      auxiliaryFields: [
        { key: "row", label: "ROW", value: "21" },
        { key: "seat", label: "SEAT", value: "114" },
      ],
      backFields: [{ key: "terms", label: "Terms", value: "This ticket is personal." }],
      additionalInfoFields: [{ key: "bags", label: "Bags", value: "No larger than a sheet of A4 paper." }],
    },
    semantics: {
      eventName: "Harbour – Rovers",
      eventType: "PKEventTypeSports",
      homeTeamName: "FC Harbour",
      homeTeamAbbreviation: "HAR",
      awayTeamName: "Rovers",
      awayTeamAbbreviation: "ROV",
      leagueName: "First Division",
      sportName: "Football",
      venueName: "Harbour Ground",
      venueRegionName: "Portsea",
      venueRoom: "East stand",
      venueEntranceGate: "D",
      venueLocation: { latitude: 50.796, longitude: -1.064 },
      venueGatesOpenDate: "2027-03-06T13:30Z",
      eventStartDate: "2027-03-06T15:00Z",
      eventStartDateInfo: { date: "2027-03-06T15:00Z", timeZone: "Europe/London" },
      seats: [{ seatSection: "East", seatRow: "21", seatNumber: "114" }],
      tailgatingAllowed: false,
    },
    bagPolicyURL: "https://harbour.example.com/bags",
    directionsInformationURL: "https://harbour.example.com/directions",
    parkingInformationURL: "https://harbour.example.com/parking",
    transferURL: "https://harbour.example.com/transfer",
    contactVenuePhoneNumber: "+44 23 9200 0000",
    nfc: { message: "HAR-2027-E21-114", encryptionPublicKey: READER_KEY, requiresAuthentication: false },
    upcomingPassInformation: [
      {
        identifier: "matchday-29",
        name: "Harbour – Albion",
        type: "event",
        dateInformation: { date: "2027-03-20T15:00Z", timeZone: "Europe/London" },
        images: {
          headerImage: {
            URLs: [
              { URL: "https://harbour.example.com/albion.png", SHA256: NEXT_SHA256, scale: 2, size: 240_000 },
            ],
          },
        },
        semantics: { homeTeamAbbreviation: "HAR", awayTeamAbbreviation: "ALB" },
      },
      { identifier: "matchday-31", name: "Harbour – County", type: "event" },
    ],
  },
  images: [
    ...drawn("icon", 29, 29),
    ...drawn("logo", 50, 50),
    ...drawn("strip", 375, 98),
    ...drawn("artwork", 358, 448),
    ...drawn("primaryLogo", 120, 30),
    ...drawn("secondaryLogo", 100, 12),
    ...drawn("venueMap", 300, 200),
  ],
  strings: {},
  reminders: ["nfc_needs_entitlement"],
};
