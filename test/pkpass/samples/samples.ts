/** Passes of every style, and for each of Google Wallet's types, complete and without a fault. */
import { coffeeCard, coupon, giftCard, rewardsCard } from "./cards.ts";
import { concert, match } from "./events.ts";
import { flight, semanticFlight } from "./flight.ts";
import { trainTicket } from "./journeys.ts";
import { libraryCard, museum } from "./memberships.ts";
import type { Sample } from "./sample.ts";

export const samples: readonly Sample[] = [
  flight,
  semanticFlight,
  concert,
  match,
  coffeeCard,
  coupon,
  rewardsCard,
  libraryCard,
  museum,
  trainTicket,
  giftCard,
];
