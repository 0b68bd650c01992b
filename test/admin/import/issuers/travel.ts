/** Tickets for long journeys, in the shapes of the issuers that make them. */
import { field, type IssuerFile, identity } from "./issuer.ts";
import { deflated, withFolders } from "./packing.ts";
import { commentsAndByteOrderMark } from "./writing.ts";

const TIME = { dateStyle: "PKDateStyleNone", timeStyle: "PKDateStyleShort", ignoresTimeZone: true };

const flightSemantics = {
  airlineCode: "AU",
  flightNumber: 512,
  flightCode: "AU512",
  confirmationNumber: "QK4RTX",
  boardingGroup: "3",
  departureAirportCode: "ORD",
  departureCityName: "Chicago",
  departureLocation: { latitude: 41.978611, longitude: -87.904722 },
  departureLocationTimeZone: "America/Chicago",
  destinationAirportCode: "KEF",
  destinationCityName: "Reykjavík",
  destinationLocationTimeZone: "Atlantic/Reykjavik",
  originalBoardingDate: "2027-07-09T17:40-05:00",
  originalDepartureDate: "2027-07-09T18:20-05:00",
  originalArrivalDate: "2027-07-10T05:35Z",
  passengerCapabilities: ["PKPassengerCapabilityCarryon", "PKPassengerCapabilityPersonalItem"],
  passengerServiceSSRs: ["WCHR"],
};

const airline: IssuerFile = {
  shape:
    "airline: semantic boarding pass of iOS 26 with rgba colours, a serial number with slashes, UTF-16LE",
  pass: {
    ...identity("aurelia", "QK4RTX-ORD07/09/27-AU512-17C"),
    organizationName: "Aurelia Air",
    description: "Boarding pass for AU512 from Chicago to Reykjavík",
    logoText: "Aurelia",
    backgroundColor: "rgb(0,51,102)",
    foregroundColor: "rgb(255, 255, 255)",
    labelColor: "rgba(255, 255, 255, 0.75)",
    preferredStyleSchemes: ["semanticBoardingPass", "boardingPass"],
    groupingIdentifier: "QK4RTX",
    relevantDates: [{ date: "2027-07-09T18:20-05:00" }],
    expirationDate: "2027-07-11T05:35:00Z",
    associatedStoreIdentifiers: [1234567890],
    appLaunchURL: "aurelia://trip/QK4RTX",
    changeSeatURL: "https://aurelia.example.com/QK4RTX/seat",
    trackBagsURL: "https://aurelia.example.com/QK4RTX/bags?lang=en&leg=1",
    transitProviderPhoneNumber: "+1 312 555 0100",
    featuredActions: [{ identifier: "hotel", type: "bookStay", url: "https://aurelia.example.com/stay" }],
    boardingPass: {
      transitType: "PKTransitTypeAir",
      headerFields: [field("gate", "GATE", "M12", { changeMessage: "Gate changed to %@." })],
      primaryFields: [field("origin", "CHICAGO", "ORD"), field("destination", "REYKJAVÍK", "KEF")],
      auxiliaryFields: [
        field("passenger", "PASSENGER", "Okafor/Sam"),
        field("boards", "BOARDS", "2027-07-09T17:40-05:00", TIME),
        field("seat", "SEAT", "17C", { textAlignment: "PKTextAlignmentRight" }),
      ],
      backFields: [
        field("baggage", "Baggage", "1 piece", {
          attributedValue: "1 piece. <a href='https://aurelia.example.com/bags?a=1&amp;b=2'>Add another</a>",
        }),
      ],
    },
    barcodes: [
      {
        format: "PKBarcodeFormatAztec",
        message: "M1OKAFOR/SAM          EQK4RTX ORDKEFAU 0512 190Y017C0042 100",
        messageEncoding: "iso-8859-1",
        altText: "AU512 17C",
      },
    ],
    semantics: {
      ...flightSemantics,
      passengerName: { givenName: "Sam", familyName: "Okafor" },
      seats: [{ seatRow: "17", seatNumber: "C" }],
    },
  },
  images: {
    "icon.png": [38, 38],
    "icon@2x.png": [76, 76],
    "icon@3x.png": [114, 114],
    "logo@2x.png": [200, 80],
  },
  strings: {
    en: { GATE: "GATE", "Gate changed to %@.": "Gate changed to %@." },
    is: { GATE: "HLIÐ", "Gate changed to %@.": "Nýtt hlið: %@." },
  },
  encoding: "utf-16le",
  pack: deflated,
  next: {
    body: {
      serialNumber: "QK4RTX-ORD07/09/27-AU512-17D",
      barcodeMessage: "M1OKAFOR/ADA          EQK4RTX ORDKEFAU 0512 190Y017D0043 100",
      values: { passenger: "Okafor/Ada", seat: "17D" },
      pass: {
        semantics: {
          ...flightSemantics,
          passengerName: { givenName: "Ada", familyName: "Okafor" },
          seats: [{ seatRow: "17", seatNumber: "D" }],
        },
      },
    },
    changes: {
      "/pass/serialNumber": "QK4RTX-ORD07/09/27-AU512-17D",
      "/pass/boardingPass/auxiliaryFields/0/value": "Okafor/Ada",
      "/pass/boardingPass/auxiliaryFields/2/value": "17D",
      "/pass/barcodes/0/message": "M1OKAFOR/ADA          EQK4RTX ORDKEFAU 0512 190Y017D0043 100",
      "/pass/barcode/message": "M1OKAFOR/ADA          EQK4RTX ORDKEFAU 0512 190Y017D0043 100",
      "/pass/semantics/passengerName/givenName": "Ada",
      "/pass/semantics/seats/0/seatNumber": "D",
    },
  },
};

const railway: IssuerFile = {
  shape:
    "railway: the same field key for each leg, only the old barcode with binary Latin-1, an expired certificate",
  pass: {
    ...identity("hochlandbahn", "8R2K-77120-1"),
    organizationName: "Hochlandbahn",
    description: "Fahrkarte Grünau – Mühlbach",
    foregroundColor: "rgb(40, 45, 55)",
    backgroundColor: "rgb(255, 255, 255)",
    relevantDate: "2027-03-14T08:07:00+01:00",
    locations: [{ latitude: 47.3779, longitude: 8.5403, altitude: 408.5, relevantText: "Gleis 7" }],
    boardingPass: {
      transitType: "PKTransitTypeTrain",
      headerFields: [field("date", "Datum", "14.03.2027")],
      primaryFields: [field("from", "ab 08:07", "Grünau"), field("to", "an 10:31", "Mühlbach")],
      auxiliaryFields: [
        field("leg", "Zug 1", "RE 2041, Wagen 4, Platz 61"),
        field("leg", "Zug 2", "S 12, freie Platzwahl"),
      ],
      backFields: [
        field("leg", "Fahrplan", "Grünau ab 08:07 (Gleis 7)\nAltfeld an 09:12, ab 09:20\nMühlbach an 10:31"),
        field("terms", "Bedingungen", "Nicht übertragbar. Es gelten die Tarife der Hochlandbahn."),
      ],
    },
    barcode: {
      format: "PKBarcodeFormatAztec",
      message: "#UT01\u00a0\u0081x\u009cãb``\u00e0ÿþ§Ð\u0007\u001dZ",
      messageEncoding: "iso-8859-1",
    },
  },
  images: { "icon.png": [29, 29], "icon@2x.png": [58, 58], "logo.png": [160, 50], "logo@2x.png": [320, 100] },
  strings: { de: { Grünau: "Grünau Hbf" } },
  signing: "expired",
  pack: withFolders,
  faults: ["certificate_expired /signature"],
  changes: {
    "/pass/boardingPass/auxiliaryFields/1/key": "leg_2",
    "/pass/boardingPass/backFields/0/key": "leg_3",
  },
  next: {
    body: {
      serialNumber: "8R2K-77120-2",
      values: { leg: "RE 2041, Wagen 4, Platz 62", leg_3: "Grünau ab 08:07" },
    },
    changes: {
      "/pass/serialNumber": "8R2K-77120-2",
      "/pass/boardingPass/auxiliaryFields/0/value": "RE 2041, Wagen 4, Platz 62",
      "/pass/boardingPass/backFields/0/value": "Grünau ab 08:07",
    },
  },
};

const ferry: IssuerFile = {
  shape:
    "ferry: comments and a byte order mark in pass.json, not signed, three languages in UTF-8 with a mark",
  pass: {
    ...identity("skerry", "SL-2027-004711"),
    organizationName: "Skerry Lines",
    description: "Ferry ticket // cabin class",
    backgroundColor: "#0b3d5c",
    foregroundColor: "#FFFFFF",
    maxDistance: 1500,
    boardingPass: {
      transitType: "PKTransitTypeBoat",
      headerFields: [field("deck", "DECK", 7)],
      primaryFields: [field("from", "FROM", "Turku"), field("to", "TO", "Visby")],
      secondaryFields: [
        field("departure", "DEPARTURE", "2027-06-18T20:55+03:00", {
          dateStyle: "PKDateStyleShort",
          timeStyle: "PKDateStyleShort",
          isRelative: true,
          changeMessage: "The ferry leaves at %@.",
        }),
      ],
      auxiliaryFields: [field("cabin", "CABIN", "7104 /* sea view */"), field("car", "CAR", "ABC-123")],
      backFields: [field("harbour", "Harbour", "https://skerry.example.com/harbour // map")],
    },
    barcodes: [
      {
        format: "PKBarcodeFormatQR",
        message: "SL-2027-004711",
        messageEncoding: "utf-8",
        altText: "SL-2027-004711",
      },
    ],
  },
  write: commentsAndByteOrderMark,
  images: {
    "icon.png": [29, 29],
    "icon@2x.png": [58, 58],
    "footer.png": [286, 15],
    "footer@2x.png": [572, 30],
  },
  strings: {
    en: { CABIN: "CABIN", CAR: "CAR" },
    fi: { CABIN: "HYTTI", CAR: "AUTO" },
    sv: { CABIN: "HYTT", CAR: "BIL" },
  },
  encoding: "utf-8 with a mark",
  signing: "none",
  pack: deflated,
  faults: ["missing_manifest /manifest", "missing_signature /signature"],
  says: { "/pass": /comment/ },
  next: {
    body: { serialNumber: "SL-2027-004712", values: { deck: 8, departure: "2027-06-18T21:30+03:00" } },
    changes: {
      "/pass/serialNumber": "SL-2027-004712",
      "/pass/boardingPass/headerFields/0/value": 8,
      "/pass/boardingPass/secondaryFields/0/value": "2027-06-18T21:30+03:00",
      "/pass/barcodes/0/message": "SL-2027-004712",
      "/pass/barcodes/0/altText": "SL-2027-004712",
      "/pass/barcode/message": "SL-2027-004712",
      "/pass/barcode/altText": "SL-2027-004712",
    },
  },
};

export const travel: readonly IssuerFile[] = [airline, railway, ferry];
