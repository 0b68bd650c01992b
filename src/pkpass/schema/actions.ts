/**
 * The buttons below a pass (iOS 27), most important first. Wallet shows two.
 *
 * Follows Apple's presentation of featuredActions at WWDC 2026, session 209.
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
    error: "needs a url, or a placeIdentifier if the type is place",
    params: { cure: "Add the url that the button opens, or the placeIdentifier of a place." },
  })
  .meta({ id: "FeaturedAction" });

export const featuredActions = since("27.0", z.array(action));
