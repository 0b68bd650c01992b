/** Changes that look like faults but are valid: the layouts of iOS 18 and later, and what Apple's Pass Builder writes. */
import { match } from "../samples/events.ts";
import { semanticFlight } from "../samples/flight.ts";
import { libraryCard, museum } from "../samples/memberships.ts";
import type { QuietCase } from "./quiet-cases.ts";

export const quietLayoutCases: readonly QuietCase[] = [
  {
    because: "next to artwork, the background is the blurred one of the classic ticket, or larger",
    of: { ...match, images: match.images.filter(([path]) => !path.startsWith("strip")) },
    changes: { "/images/background@2x.png": [360, 440], "/images/background@3x.png": [540, 660] },
  },
  {
    because: "Apple's Pass Builder has one height of the strip for all styles",
    of: match,
    changes: {
      "/images/strip.png": [375, 144],
      "/images/strip@2x.png": [750, 288],
      "/images/strip@3x.png": [1125, 432],
    },
  },
  {
    because: "Apple's Pass Builder has other names for the time zones",
    of: semanticFlight,
    changes: {
      "/pass/semantics/departureLocationTimeZone": undefined,
      "/pass/semantics/departureAirportTimeZone": "Europe/Copenhagen",
      "/pass/semantics/destinationLocationTimeZone": undefined,
      "/pass/semantics/destinationAirportTimeZone": "Europe/Lisbon",
      "/pass/semantics/departureAirportSecurityPrograms": ["PKTransitSecurityProgramCLEAR"],
      "/pass/semantics/destinationAirportSecurityPrograms": ["PKTransitSecurityProgramOSS"],
      "/pass/semantics/airlineLoungePlaceID": "I1234",
    },
  },
  {
    because: "Apple's Pass Builder knows a symbol in place of the logo",
    of: libraryCard,
    changes: { "/pass/logoSymbolName": "books.vertical" },
  },
  {
    because: "an end date or EventDateInfo may be absent",
    of: match,
    changes: { "/pass/semantics/eventStartDate": undefined },
  },
  {
    because: "an app has its own scheme, and a phone number needs no //",
    of: museum,
    changes: {
      "/pass/featuredActions/0/url": "com.example.museum:/tickets",
      "/pass/featuredActions/1/url": "tel:112",
    },
  },
  {
    because: "userInfo is not Wallet's",
    of: libraryCard,
    changes: { "/pass/userInfo": { url: "no url", performerNames: [] } },
  },
  {
    because: "a barcode alone is a pass",
    of: libraryCard,
    changes: {
      "/pass/generic": {},
      "/pass/logoText": undefined,
      "/images": { "icon.png": [29, 29], "icon@2x.png": [58, 58], "icon@3x.png": [87, 87] },
    },
  },
];
