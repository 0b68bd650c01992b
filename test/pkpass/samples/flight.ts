/** A boarding pass as every iPhone shows it, and the same flight as the semantic boarding pass of iOS 26. */
import type { TemplatePass } from "../../../src/pkpass/schema/schema.ts";
import { drawn, type Sample } from "./sample.ts";

const images = [...drawn("icon", 29, 29), ...drawn("logo", 120, 40), ...drawn("footer", 286, 15)];

const strings = {
  en: {
    GATE: "GATE",
    SEAT: "SEAT",
    PASSENGER: "PASSENGER",
    BOARDING: "BOARDING",
    GROUP: "GROUP",
    Copenhagen: "Copenhagen",
    Lisbon: "Lisbon",
    "Your gate is now %@": "Your gate is now %@",
    "Your seat is now %@": "Your seat is now %@",
    "Boarding is now at %@": "Boarding is now at %@",
  },
  da: {
    GATE: "GATE",
    SEAT: "SÆDE",
    PASSENGER: "PASSAGER",
    BOARDING: "BOARDING",
    GROUP: "GRUPPE",
    Copenhagen: "København",
    Lisbon: "Lissabon",
    "Your gate is now %@": "Din gate er nu %@",
    "Your seat is now %@": "Dit sæde er nu %@",
    "Boarding is now at %@": "Boarding er nu kl. %@",
  },
};

const classicPass: TemplatePass = {
  description: "Boarding pass for flight NY 482 from Copenhagen to Lisbon",
  organizationName: "Nordlys Air",
  logoText: "Nordlys Air",
  backgroundColor: "rgb(11, 42, 74)",
  foregroundColor: "rgb(255, 255, 255)",
  labelColor: "rgb(140, 190, 230)",
  groupingIdentifier: "booking-K7PQ2M",
  relevantDates: [{ startDate: "2027-05-22T09:10+02:00", endDate: "2027-05-22T14:00+02:00" }],
  expirationDate: "2027-05-23T12:00+02:00",
  locations: [
    { latitude: 55.618, longitude: 12.656, relevantText: "Your flight to Lisbon leaves from gate B7" },
  ],
  maxDistance: 3000,
  boardingPass: {
    transitType: "PKTransitTypeAir",
    headerFields: [{ key: "gate", label: "GATE", value: "B7", changeMessage: "Your gate is now %@" }],
    primaryFields: [
      { key: "from", label: "Copenhagen", value: "CPH" },
      { key: "to", label: "Lisbon", value: "LIS" },
    ],
    secondaryFields: [{ key: "passenger", label: "PASSENGER", value: "Freja Andersen" }],
    auxiliaryFields: [
      {
        key: "boarding",
        label: "BOARDING",
        value: "2027-05-22T10:25+02:00",
        dateStyle: "PKDateStyleNone",
        timeStyle: "PKDateStyleShort",
        ignoresTimeZone: true,
        changeMessage: "Boarding is now at %@",
      },
      { key: "seat", label: "SEAT", value: "18A", changeMessage: "Your seat is now %@" },
      { key: "group", label: "GROUP", value: "2", textAlignment: "PKTextAlignmentRight" },
    ],
    backFields: [
      { key: "booking", label: "Booking reference", value: "K7PQ2M" },
      {
        key: "manage",
        label: "My booking",
        value: "https://nordlys.example.com/K7PQ2M",
        attributedValue: '<a href="https://nordlys.example.com/K7PQ2M">Change or cancel</a>',
      },
      {
        key: "phone",
        label: "Service",
        value: "+45 32 47 00 00",
        dataDetectorTypes: ["PKDataDetectorTypePhoneNumber"],
      },
    ],
  },
  barcodes: [
    {
      format: "PKBarcodeFormatAztec",
      message: "M1ANDERSEN/FREJA      EK7PQ2M CPHLISNY 0482 142Y018A0042 100",
      messageEncoding: "iso-8859-1",
      altText: "NY 482 · 18A",
    },
  ],
};

export const flight: Sample = { name: "Boarding pass", pass: classicPass, images, strings };

/** The fields stay as they are: phones before iOS 26 show them. */
export const semanticFlight: Sample = {
  name: "Semantic boarding pass",
  pass: {
    ...classicPass,
    preferredStyleSchemes: ["semanticBoardingPass", "boardingPass"],
    changeSeatURL: "https://nordlys.example.com/K7PQ2M/seat",
    managementURL: "https://nordlys.example.com/K7PQ2M",
    purchaseAdditionalBaggageURL: "https://nordlys.example.com/K7PQ2M/bags",
    transitProviderPhoneNumber: "+45 32 47 00 00",
    transitProviderWebsiteURL: "https://nordlys.example.com",
    semantics: {
      airlineCode: "NY",
      flightCode: "NY482",
      flightNumber: 482,
      confirmationNumber: "K7PQ2M",
      boardingGroup: "2",
      boardingSequenceNumber: "42",
      departureAirportCode: "CPH",
      departureAirportName: "Copenhagen Airport",
      departureCityName: "Copenhagen",
      departureGate: "B7",
      departureTerminal: "2",
      departureLocation: { latitude: 55.618, longitude: 12.656 },
      departureLocationTimeZone: "Europe/Copenhagen",
      destinationAirportCode: "LIS",
      destinationAirportName: "Humberto Delgado Airport",
      destinationCityName: "Lisbon",
      destinationLocation: { latitude: 38.774, longitude: -9.134 },
      destinationLocationTimeZone: "Europe/Lisbon",
      originalBoardingDate: "2027-05-22T10:25+02:00",
      originalDepartureDate: "2027-05-22T11:05+02:00",
      originalArrivalDate: "2027-05-22T13:50+01:00",
      passengerName: { givenName: "Freja", familyName: "Andersen" },
      passengerCapabilities: ["PKPassengerCapabilityCarryon"],
      ticketFareClass: "Y",
      seats: [{ seatNumber: "A", seatRow: "18", seatDescription: "Window" }],
    },
  },
  images,
  strings,
};
