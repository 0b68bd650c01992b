/**
 * Every key that Apple documents for pass.json and personalization.json up to iOS 27, with a valid value, by
 * the iOS version that introduced it. A table for the tests of the schema.
 *
 * Follows Apple's "Pass", "PassFields", "PassFieldContent", "SemanticTags", "SemanticTagType", "Personalize" and
 * "UpcomingPassInformationEntry".
 */

/** One object of the format. */
export interface Part {
  /** Apple's name for it. */
  readonly name: string;
  /** Its place in pass.json. */
  readonly pointer: string;
  /** The smallest pass.json, or personalization.json, around it. */
  readonly within: (part: object) => object;
  /** What it cannot do without. */
  readonly base: object;
  /** What the objects around it ask for. */
  readonly since: string;
  /** iOS version → key → a right value. */
  readonly keys: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export const DATE = "2026-12-24T18:30+01:00";
export const SMALLEST = { description: "A pass", organizationName: "Edgepass", generic: {} };
/** The public point of RFC 5903 §8.1, as a SubjectPublicKeyInfo. */
export const P256_KEY = Uint8Array.fromHex(
  "3059301306072a8648ce3d020106082a8648ce3d03010703420004" +
    "dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3",
).toBase64();

/** The same right value for each of these keys. */
export function all(value: unknown, names: string): Record<string, unknown> {
  return Object.fromEntries(names.split(" ").map((name) => [name, value]));
}

export const fields = [{ key: "a", value: "1" }];
export const place = { latitude: 50.1, longitude: -8.6 };
export const EVENT_URLS = {
  ...all("https://a.example/", "accessibilityURL addOnURL bagPolicyURL contactVenueWebsite merchandiseURL"),
  ...all("https://a.example/", "directionsInformationURL orderFoodURL parkingInformationURL"),
  ...all("https://a.example/", "purchaseParkingURL sellURL transferURL transitInformationURL"),
  ...all("a@a.example", "contactVenueEmail contactVenuePhoneNumber"),
};
export const entry = { identifier: "match-2", name: "Final", type: "event" };
export const action = { identifier: "shop", type: "shop", url: "https://a.example/" };
export const PASS: Part = {
  name: "Pass",
  pointer: "/pass",
  within: (part) => ({ ...SMALLEST, ...part }),
  base: {},
  since: "6.0",
  keys: {
    "6.0": {
      ...all("Text", "description organizationName logoText"),
      ...all("rgb(60, 30, 10)", "backgroundColor foregroundColor labelColor stripColor"),
      formatVersion: 1,
      appLaunchURL: "app://pass",
      associatedStoreIdentifiers: [284910350],
      relevantDate: DATE,
      locations: [place],
      barcode: { format: "PKBarcodeFormatQR", message: "1", messageEncoding: "utf-8" },
      suppressStripShine: true,
    },
    "7.0": {
      userInfo: { any: ["thing"] },
      expirationDate: DATE,
      voided: false,
      maxDistance: 100,
      beacons: [{ proximityUUID: "e2c56db5-dffb-48d2-b060-d0f5a71096e0" }],
      groupingIdentifier: "trip",
    },
    "9.0": {
      barcodes: [{ format: "PKBarcodeFormatQR", message: "1", messageEncoding: "utf-8" }],
      nfc: { message: "1", encryptionPublicKey: P256_KEY },
    },
    "11.0": { sharingProhibited: true },
    "12.0": { semantics: { eventName: "Final" } },
    "18.0": {
      ...EVENT_URLS,
      relevantDates: [{ startDate: DATE, endDate: DATE }],
      preferredStyleSchemes: ["posterEventTicket", "eventTicket"],
      auxiliaryStoreIdentifiers: [284910350],
      footerBackgroundColor: "#3c1e0a",
      ...all(true, "useAutomaticColors suppressHeaderDarkening"),
    },
    "18.1": { eventLogoText: "Cup" },
    "26.0": {
      upcomingPassInformation: [entry],
      ...all("https://a.example/", "changeSeatURL entertainmentURL managementURL reportLostBagURL"),
      ...all("https://a.example/", "purchaseAdditionalBaggageURL purchaseLoungeAccessURL"),
      ...all("https://a.example/", "purchaseWifiURL registerServiceAnimalURL requestWheelchairURL"),
      ...all("https://a.example/", "trackBagsURL transitProviderWebsiteURL upgradeURL"),
      ...all("+1 555 0100", "transitProviderEmail transitProviderPhoneNumber"),
    },
    "27.0": { featuredActions: [action], logoSymbolName: "Text" },
  },
};
