/**
 * What the poster event ticket (iOS 18) has beside its fields: the buttons of the event guide, and how it is coloured.
 *
 * Follows Apple's "Creating a poster event pass" and "Pass".
 */
import { colour, each, flag, since, storeIdentifiers, text, url } from "./primitives.ts";

/** The addresses behind the buttons of the event guide. */
const EVENT_URLS = [
  "accessibilityURL",
  "addOnURL",
  "bagPolicyURL",
  "contactVenueWebsite",
  "directionsInformationURL",
  "merchandiseURL",
  "orderFoodURL",
  "parkingInformationURL",
  "purchaseParkingURL",
  "sellURL",
  "transferURL",
  "transitInformationURL",
] as const;

/** At the top level of pass.json; an upcoming entry has its own under `URLs`. */
export const eventUrls = {
  ...each(EVENT_URLS, since("18.0", url)),
  ...each(["contactVenueEmail", "contactVenuePhoneNumber"], since("18.0", text)),
};

export const posterKeys = {
  ...eventUrls,
  auxiliaryStoreIdentifiers: since("18.0", storeIdentifiers),
  eventLogoText: since("18.1", text),
  footerBackgroundColor: since("18.0", colour),
  useAutomaticColors: since("18.0", flag),
  suppressHeaderDarkening: since("18.0", flag),
};
