/**
 * The keys of the semantic boarding pass (iOS 26): its links, and how to contact the airline.
 *
 * Follows Apple's "Creating an airline boarding pass using semantic tags" and "Pass".
 */
import { each, since, text, url } from "./primitives.ts";

/** The URLs that its buttons open. */
const TRAVEL_URLS = [
  "changeSeatURL",
  "entertainmentURL",
  "managementURL",
  "purchaseAdditionalBaggageURL",
  "purchaseLoungeAccessURL",
  "purchaseWifiURL",
  "registerServiceAnimalURL",
  "reportLostBagURL",
  "requestWheelchairURL",
  "trackBagsURL",
  "transitProviderWebsiteURL",
  "upgradeURL",
] as const;

export const boardingKeys = {
  ...each(TRAVEL_URLS, since("26.0", url)),
  ...each(["transitProviderEmail", "transitProviderPhoneNumber"], since("26.0", text)),
};
