/**
 * The keys of the poster event ticket (iOS 18): the links of the event guide, and its colours.
 *
 * Follows Apple's "Creating a poster event pass" and "Pass".
 */
import { colour, each, flag, since, storeIdentifiers, text, url } from "./primitives.ts";

/** The URLs that the buttons of the event guide open. */
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

/** At the top level of pass.json. An upcoming entry has its own in `URLs`. */
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
