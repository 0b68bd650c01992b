/**
 * What the semantic boarding pass (iOS 26) offers the traveller beside its fields.
 *
 * Follows Apple's "Creating an airline boarding pass using semantic tags" and "Pass".
 */
import { each, since, text, url } from "./primitives.ts";

/** The addresses behind its buttons. */
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
