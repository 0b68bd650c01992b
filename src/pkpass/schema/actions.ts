/**
 * The buttons under a pass (iOS 27), in the order of their importance. Wallet shows two.
 *
 * Follows what Apple showed of featuredActions at WWDC 2026, session 209.
 */
import * as z from "zod";
import { openEnum, since, text, url } from "./primitives.ts";

const action = z
  .looseObject({
    identifier: text,
    type: openEnum([
      "viewSchedule",
      "watchTrailer",
      "listenToMusic",
      "call",
      "place",
      "addToBalance",
      "order",
      "shop",
      "membershipBenefits",
      "bookAppointment",
      "bookCar",
      "bookFlight",
      "bookStay",
      "viewOffersRewards",
    ]),
    url: url.optional(),
    placeIdentifier: text.optional(),
  })
  .refine((action) => (action.url ?? action.placeIdentifier) !== undefined, {
    error: "needs a url, or a placeIdentifier where the type is place",
    params: { cure: "Give the url that the button opens, or the placeIdentifier of a place." },
  })
  .meta({ id: "FeaturedAction" });

export const featuredActions = since("27.0", z.array(action));
