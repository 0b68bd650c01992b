/**
 * Passes like the samples in Apple's documentation: old keys, images in @1x and @2x, and nothing that Wallet would
 * refuse.
 */
import type { SampleImage } from "../samples/sample.ts";
import { IDENTITY } from "./subjects.ts";

interface AppleSample {
  readonly name: string;
  readonly pass: unknown;
  readonly images: readonly SampleImage[];
}

const common = {
  ...IDENTITY,
  webServiceURL: "https://example.com/passes/",
  authenticationToken: "vxwxd7J8AlNNFPS8k0a0FfUFtq0ewzFdc",
  barcode: { message: "123456789", format: "PKBarcodeFormatPDF417", messageEncoding: "iso-8859-1" },
  foregroundColor: "rgb(255, 255, 255)",
};

const twoDensities = (...slots: readonly (readonly [slot: string, width: number, height: number])[]) =>
  slots.flatMap(([slot, width, height]) => [
    [`${slot}.png`, width, height] as const,
    [`${slot}@2x.png`, width * 2, height * 2] as const,
  ]);

export const appleSamples: readonly AppleSample[] = [
  {
    name: "event ticket",
    pass: {
      ...common,
      description: "Apple Event Ticket",
      organizationName: "Apple Inc.",
      relevantDate: "2011-12-08T13:00-08:00",
      locations: [{ longitude: -122.3748889, latitude: 37.6189722 }],
      backgroundColor: "rgb(60, 65, 76)",
      eventTicket: {
        primaryFields: [{ key: "event", label: "EVENT", value: "The Beat Goes On" }],
        secondaryFields: [{ key: "loc", label: "LOCATION", value: "Moscone West" }],
      },
    },
    images: twoDensities(["icon", 29, 29], ["logo", 50, 50], ["background", 180, 220], ["thumbnail", 60, 90]),
  },
  {
    name: "store card",
    pass: {
      ...common,
      description: "Organic Produce Loyalty Card",
      organizationName: "Organic Produce",
      logoText: "Organic Produce",
      backgroundColor: "rgb(55, 117, 50)",
      storeCard: {
        primaryFields: [{ key: "balance", label: "remaining balance", value: 21.75, currencyCode: "USD" }],
        auxiliaryFields: [
          { key: "level", label: "LEVEL", value: "Gold" },
          { key: "usual", label: "THE USUAL", value: "Iced Mocha" },
        ],
        backFields: [{ key: "terms", label: "TERMS AND CONDITIONS", value: "Generico offers this pass …" }],
      },
    },
    images: twoDensities(["icon", 29, 29], ["logo", 50, 50], ["strip", 320, 123]),
  },
  {
    name: "boarding pass",
    pass: {
      ...common,
      description: "Boarding Pass",
      organizationName: "Skyport Airways",
      relevantDate: "2012-07-22T14:25-08:00",
      locations: [{ longitude: -122.3748889, latitude: 37.6189722 }],
      backgroundColor: "rgb(22, 55, 110)",
      boardingPass: {
        transitType: "PKTransitTypeAir",
        headerFields: [{ key: "gate", label: "GATE", value: "23", changeMessage: "Gate changed to %@." }],
        primaryFields: [
          { key: "depart", label: "SAN FRANCISCO", value: "SFO" },
          { key: "arrive", label: "NEW YORK", value: "JFK" },
        ],
        secondaryFields: [{ key: "passenger", label: "PASSENGER", value: "John Appleseed" }],
        auxiliaryFields: [
          {
            key: "boardingTime",
            label: "DEPART",
            value: "2:25 PM",
            changeMessage: "Boarding time changed to %@.",
          },
          {
            key: "flightNewName",
            label: "FLIGHT",
            value: "815",
            changeMessage: "Flight number changed to %@",
          },
          { key: "class", label: "DESIG.", value: "Coach" },
          { key: "date", label: "DATE", value: "7/22" },
        ],
        backFields: [{ key: "passport", label: "PASSPORT", value: "Canadian/Canadien" }],
      },
    },
    images: twoDensities(["icon", 29, 29], ["logo", 120, 40]),
  },
];
