/** Tickets for the stage and the cinema, in the shapes of the issuers that make them. */
import { READER_KEY } from "../../../pkpass/samples/events.ts";
import { field, type IssuerFile, identity } from "./issuer.ts";
import { deflated, streamed, withFolders } from "./packing.ts";
import { asciiOnly, indented, indentedForWindows } from "./writing.ts";

const ticketShop: IssuerFile = {
  shape: "ticket shop: Python, the attendee's name in two fields of one key, a secret under the code",
  pass: {
    ...identity("kartenhaus", "KH27-ABCDE-1"),
    organizationName: "Kartenhaus",
    description: "Ticket für die Nacht der Bücher",
    eventTicket: {
      headerFields: [
        field("date", "Date", "2027-04-23T19:30:00+02:00", {
          dateStyle: "PKDateStyleMedium",
          timeStyle: "PKDateStyleShort",
        }),
      ],
      primaryFields: [field("eventName", "Event", "Nacht der Bücher")],
      secondaryFields: [field("product", "Product", "Erwachsene (ermäßigt)")],
      auxiliaryFields: [field("name", "Attendee name", "Jürgen Weiß"), field("price", "Price", "12,50 €")],
      backFields: [
        field("name", "Attendee name", "Jürgen Weiß"),
        field("orderCode", "Order code", "ABCDE"),
        field("website", "Website", "https://kartenhaus.example.com/nacht/"),
      ],
    },
    barcodes: [
      {
        format: "PKBarcodeFormatQR",
        message: "zq7m3k9w2x5t8v4b6n1p",
        messageEncoding: "utf-8",
        altText: "zq7m3k9w2x5t8v4b6n1p",
      },
    ],
    relevantDate: "2027-04-23T19:30:00+02:00",
  },
  write: asciiOnly,
  images: { "icon.png": [29, 29], "icon@2x.png": [58, 58], "logo@2x.png": [320, 100] },
  strings: {
    de: { Event: "Veranstaltung", Price: "Preis" },
    "de-informal": { Event: "Event", Price: "Preis" },
    "pt-BR": { Event: "Evento", Price: "Preço" },
  },
  pack: deflated,
  changes: { "/pass/eventTicket/backFields/0/key": "name_2" },
  next: {
    body: {
      serialNumber: "KH27-FGHIJ-1",
      barcodeMessage: "a1b2c3d4e5",
      values: { name: "Ayşe Öztürk", name_2: "Ayşe Öztürk", orderCode: "FGHIJ" },
    },
    changes: {
      "/pass/serialNumber": "KH27-FGHIJ-1",
      "/pass/eventTicket/auxiliaryFields/0/value": "Ayşe Öztürk",
      "/pass/eventTicket/backFields/0/value": "Ayşe Öztürk",
      "/pass/eventTicket/backFields/1/value": "FGHIJ",
      "/pass/barcodes/0/message": "a1b2c3d4e5",
      "/pass/barcodes/0/altText": "a1b2c3d4e5",
      "/pass/barcode/message": "a1b2c3d4e5",
      "/pass/barcode/altText": "a1b2c3d4e5",
    },
  },
};

const cinema: IssuerFile = {
  shape: "cinema: .NET, PDF417 in windows-1252, fractions of seconds, French in UTF-16BE",
  pass: {
    ...identity("rialto", "0000581204"),
    organizationName: "Cinémas Le Rialto",
    description: "Billet de cinéma",
    logoText: "Le Rialto",
    backgroundColor: "rgb(94,12,32)",
    relevantDates: [{ date: "2027-03-05T20:15:00.0000000+01:00" }],
    eventTicket: {
      primaryFields: [field("film", "FILM", "L’Été à Œuvrecourt")],
      secondaryFields: [
        field("start", "SÉANCE", "2027-03-05T20:15:00+01:00", {
          timeStyle: "PKDateStyleShort",
          ignoresTimeZone: true,
        }),
      ],
      auxiliaryFields: [
        field("seat", "PLACE", "É 12", { row: 0 }),
        field("price", "PRIX", "12,50 €", { row: 1 }),
      ],
      backFields: [field("info", "Infos", "Échange possible jusqu’à 1 h avant la séance.")],
    },
    barcodes: [
      {
        format: "PKBarcodeFormatPDF417",
        message: "581204;SALLE 7;É12;12,50 €",
        messageEncoding: "windows-1252",
        altText: "N° 581204",
      },
    ],
  },
  write: indentedForWindows,
  images: { "icon.png": [29, 29], "strip.png": [375, 98], "strip@2x.png": [750, 196] },
  strings: { fr: { FILM: "FILM" }, en: { FILM: "FILM", SÉANCE: "SHOWING", PLACE: "SEAT" } },
  encoding: "utf-16be",
  pack: withFolders,
  changes: { "/pass/relevantDates/0/date": "2027-03-05T20:15:00+01:00" },
  next: {
    body: {
      serialNumber: "0000581205",
      barcodeMessage: "581205;SALLE 7;É13;12,50 €",
      barcodeAltText: "N° 581205",
      values: { seat: "É 13" },
    },
    changes: {
      "/pass/serialNumber": "0000581205",
      "/pass/eventTicket/auxiliaryFields/0/value": "É 13",
      "/pass/barcodes/0/message": "581205;SALLE 7;É13;12,50 €",
      "/pass/barcodes/0/altText": "N° 581205",
      "/pass/barcode/message": "581205;SALLE 7;É13;12,50 €",
      "/pass/barcode/altText": "N° 581205",
    },
  },
};

const concert: IssuerFile = {
  shape: "concert: poster event ticket of iOS 18 with NFC, an event guide and upcoming events, no barcode",
  pass: {
    ...identity("lumenhall", "7f6c1a52-2b0e-4f0a-9a63-3f8f1c2d9e10"),
    organizationName: "Lumen Hall",
    description: "Ticket for The Paper Lanterns",
    preferredStyleSchemes: ["posterEventTicket", "eventTicket"],
    eventLogoText: "The Paper Lanterns",
    useAutomaticColors: true,
    footerBackgroundColor: "rgb(12, 12, 30)",
    suppressHeaderDarkening: false,
    relevantDates: [{ startDate: "2027-05-15T18:00+01:00", endDate: "2027-05-15T23:30+01:00" }],
    auxiliaryStoreIdentifiers: [1108187390, 284910350],
    nfc: { message: "LH-7f6c1a52", encryptionPublicKey: READER_KEY, requiresAuthentication: false },
    eventTicket: {
      primaryFields: [field("event", "EVENT", "The Paper Lanterns")],
      secondaryFields: [field("section", "SECTION", "Stalls"), field("seat", "SEAT", "F 21")],
      additionalInfoFields: [
        field("doors", "Doors", "2027-05-15T18:00+01:00", { timeStyle: "PKDateStyleShort" }),
        field("bag", "Bags", "Small bags only", {
          attributedValue: '<a href="https://lumen.example.com/bags">Bags</a>',
        }),
      ],
    },
    semantics: {
      eventType: "PKEventTypeLivePerformance",
      eventName: "The Paper Lanterns",
      performerNames: ["The Paper Lanterns", "Wren & Co"],
      artistIDs: ["1440941236"],
      venueName: "Lumen Hall",
      venueRegionName: "Bristol",
      venueRoom: "Main hall",
      venueLocation: { latitude: 51.4545, longitude: -2.5879 },
      venueDoorsOpenDate: "2027-05-15T18:00+01:00",
      eventStartDateInfo: { date: "2027-05-15T19:30+01:00", timeZone: "Europe/London" },
      admissionLevel: "Stalls",
      seats: [
        { seatSection: "Stalls", seatRow: "F", seatNumber: "21", seatSectionColor: "rgb(200, 40, 40)" },
      ],
      totalPrice: { amount: "48.50", currencyCode: "GBP" },
    },
    bagPolicyURL: "https://lumen.example.com/bags",
    directionsInformationURL: "https://lumen.example.com/getting-here",
    contactVenueEmail: "box.office@lumen.example.com",
    transferURL: "https://lumen.example.com/transfer",
    upcomingPassInformation: [
      {
        identifier: "second-night",
        name: "The Paper Lanterns, second night",
        type: "event",
        dateInformation: { date: "2027-05-16T19:30+01:00", timeZone: "Europe/London", isAllDay: false },
        semantics: { venueName: "Lumen Hall" },
        backFields: [field("note", "Note", "Doors open an hour earlier.")],
      },
    ],
  },
  write: indented,
  images: {
    "icon@2x.png": [76, 76],
    "icon@3x.png": [114, 114],
    "artwork.png": [179, 224],
    "primaryLogo@2x.png": [252, 60],
    "secondaryLogo@2x.png": [270, 24],
    "venueMap.png": [200, 120],
  },
  pack: streamed,
  next: {
    body: {
      serialNumber: "LH-2",
      values: { seat: "F 22" },
      pass: { bagPolicyURL: "https://lumen.example.com/bag" },
    },
    changes: {
      "/pass/serialNumber": "LH-2",
      "/pass/eventTicket/secondaryFields/1/value": "F 22",
      "/pass/bagPolicyURL": "https://lumen.example.com/bag",
    },
  },
};

export const tickets: readonly IssuerFile[] = [ticketShop, cinema, concert];
