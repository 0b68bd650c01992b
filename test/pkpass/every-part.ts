/**
 * The objects inside pass.json with all of their keys: the rest of the table of every-key.ts, except semantics
 * (every-tag.ts).
 */
import {
  action,
  all,
  DATE,
  EVENT_URLS,
  entry,
  fields,
  P256_KEY,
  type Part,
  place,
  SMALLEST,
} from "./every-key.ts";

const SECTIONS = {
  "6.0": all(fields, "headerFields primaryFields secondaryFields auxiliaryFields backFields"),
  "18.0": { additionalInfoFields: fields },
  "27.0": { footerFields: fields },
};
const inPass = (more: object) => ({ ...SMALLEST, ...more });
const inField = (field: object) => inPass({ generic: { backFields: [field] } });
const inEntry = (more: object) => inPass({ upcomingPassInformation: [{ ...entry, ...more }] });
const inUrls = (image: object) => inEntry({ images: { venueMap: { URLs: [image] } } });

/** The other objects that the OpenAPI document knows by name. */
export const PARTS: readonly Part[] = [
  {
    name: "PassFields",
    pointer: "/pass/generic",
    within: (generic) => ({ ...SMALLEST, generic }),
    base: {},
    since: "6.0",
    keys: SECTIONS,
  },
  {
    name: "BoardingPassFields",
    pointer: "/pass/boardingPass",
    within: (boardingPass) => ({ ...SMALLEST, generic: undefined, boardingPass }),
    base: { transitType: "PKTransitTypeAir" },
    since: "6.0",
    keys: { ...SECTIONS, "6.0": { ...SECTIONS["6.0"], transitType: "PKTransitTypeTrain" } },
  },
  {
    name: "PassFieldContent",
    pointer: "/pass/generic/backFields/0",
    within: inField,
    base: { key: "a" },
    since: "6.0",
    keys: {
      "6.0": {
        ...all("Text", "key value label attributedValue changeMessage"),
        currencyCode: "EUR",
        numberStyle: "PKNumberStyleDecimal",
        ...all("PKDateStyleShort", "dateStyle timeStyle"),
        ...all(true, "isRelative ignoresTimeZone"),
        textAlignment: "PKTextAlignmentLeft",
        dataDetectorTypes: ["PKDataDetectorTypeLink"],
        row: 1,
      },
      "12.0": { semantics: { balance: { amount: "1.00", currencyCode: "EUR" } } },
    },
  },
  {
    name: "Barcode",
    pointer: "/pass/barcodes/0",
    within: (barcode) => inPass({ barcodes: [barcode] }),
    base: { format: "PKBarcodeFormatQR" },
    since: "9.0",
    keys: { "6.0": { ...all("1", "message messageEncoding altText"), format: "PKBarcodeFormatAztec" } },
  },
  {
    name: "Location",
    pointer: "/pass/locations/0",
    within: (location) => inPass({ locations: [location] }),
    base: place,
    since: "6.0",
    keys: { "6.0": { ...all(1.5, "latitude longitude altitude"), relevantText: "Here" } },
  },
  {
    name: "Beacon",
    pointer: "/pass/beacons/0",
    within: (beacon) => inPass({ beacons: [beacon] }),
    base: { proximityUUID: "e2c56db5-dffb-48d2-b060-d0f5a71096e0" },
    since: "7.0",
    keys: {
      "6.0": {
        ...all(65535, "major minor"),
        proximityUUID: "e2c56db5-dffb-48d2-b060-d0f5a71096e0",
        relevantText: "Here",
      },
    },
  },
  {
    name: "RelevantDate",
    pointer: "/pass/relevantDates/0",
    within: (date) => inPass({ relevantDates: [date] }),
    base: { startDate: DATE, endDate: DATE },
    since: "18.0",
    keys: { "6.0": all(DATE, "startDate endDate relevantDate"), "26.0": { date: DATE } },
  },
  {
    name: "NFC",
    pointer: "/pass/nfc",
    within: (nfc) => inPass({ nfc }),
    base: { message: "1", encryptionPublicKey: P256_KEY },
    since: "9.0",
    keys: {
      "6.0": { message: "é".repeat(32), encryptionPublicKey: P256_KEY },
      "13.1": { requiresAuthentication: true },
    },
  },
  {
    name: "FeaturedAction",
    pointer: "/pass/featuredActions/0",
    within: (action) => inPass({ featuredActions: [action] }),
    base: action,
    since: "27.0",
    keys: { "6.0": { ...action, placeIdentifier: "I63802885C8189B2B" } },
  },
  {
    name: "UpcomingPassInformationEntry",
    pointer: "/pass/upcomingPassInformation/0",
    within: inEntry,
    base: entry,
    since: "26.0",
    keys: {
      "6.0": {
        ...entry,
        isActive: true,
        dateInformation: { date: DATE },
        images: { headerImage: { reuseExisting: true } },
        URLs: { sellURL: "https://a.example/" },
        ...all(fields, "additionalInfoFields backFields"),
        auxiliaryStoreIdentifiers: [284910350],
        semantics: { eventName: "Final" },
      },
    },
  },
];

/** Objects that occur only inside others. */
export const INNER_PARTS: readonly Part[] = [
  {
    name: "URLs",
    pointer: "/pass/upcomingPassInformation/0/URLs",
    within: (URLs) => inEntry({ URLs }),
    base: {},
    since: "26.0",
    keys: { "18.0": EVENT_URLS },
  },
  {
    name: "DateInformation",
    pointer: "/pass/upcomingPassInformation/0/dateInformation",
    within: (dateInformation) => inEntry({ dateInformation }),
    base: {},
    since: "26.0",
    keys: {
      "6.0": {
        ...all(true, "isAllDay ignoreTimeComponents isUnannounced isUndetermined"),
        date: DATE,
        timeZone: "Europe/Berlin",
      },
    },
  },
  {
    name: "Images",
    pointer: "/pass/upcomingPassInformation/0/images",
    within: (images) => inEntry({ images }),
    base: {},
    since: "26.0",
    keys: { "6.0": all({ URLs: [], reuseExisting: false }, "headerImage venueMap") },
  },
  {
    name: "ImageURLEntry",
    pointer: "/pass/upcomingPassInformation/0/images/venueMap/URLs/0",
    within: inUrls,
    base: { URL: "https://a.example/map.png", SHA256: "00" },
    since: "26.0",
    keys: { "6.0": { URL: "https://a.example/map.png", SHA256: "00", scale: 2, size: 2 * 1024 * 1024 } },
  },
];
