/**
 * Words for Google Wallet's types, for the hints of each, and for the images that only Google shows. Pure.
 */
import type { Hint } from "../../../../google/hints.ts";

export const GOOGLE_TYPE_WORDS = {
  generic: "Generic card",
  eventTicket: "Event ticket",
  flight: "Boarding pass of a flight",
  loyalty: "Loyalty card",
  offer: "Offer (coupon)",
  giftCard: "Gift card",
  transit: "Ticket of a train, bus or boat",
} as const;
export type GoogleTypeName = keyof typeof GOOGLE_TYPE_WORDS;

/** What each type reads (src/google has a module for each). */
export const HINTS_OF_TYPE: Readonly<Record<GoogleTypeName, readonly Hint[]>> = {
  generic: ["header", "subheader"],
  eventTicket: [
    ...(["eventName", "venueName", "venueAddress", "section", "row", "seat", "gate"] as const),
    ...(["ticketHolder", "ticketNumber", "ticketType", "price", "confirmationCode", "finePrint"] as const),
  ],
  flight: [
    ...(["airlineCode", "flightNumber", "origin", "destination", "departure", "arrival"] as const),
    ...(["boarding", "boardingGroup", "terminal", "gate", "seat", "seatClass"] as const),
    ...(["passenger", "confirmationCode", "ticketNumber"] as const),
  ],
  loyalty: ["points", "secondaryPoints", "accountName", "accountId"],
  offer: ["title", "details", "finePrint"],
  giftCard: ["cardNumber", "pin", "balance"],
  transit: [
    ...(["origin", "destination", "departure", "arrival", "platform", "gate"] as const),
    ...(["carriage", "coach", "seat", "passenger", "confirmationCode", "ticketNumber"] as const),
  ],
};

export const HINT_WORDS: Readonly<Record<Hint, string>> = {
  header: "Title of the card",
  subheader: "Text above the title",
  eventName: "Name of the event",
  venueName: "Name of the venue",
  venueAddress: "Address of the venue",
  section: "Section",
  row: "Row",
  ticketHolder: "Name of the holder",
  ticketType: "Kind of ticket",
  price: "Price",
  airlineCode: "Code of the airline",
  flightNumber: "Flight number",
  terminal: "Terminal",
  boarding: "Time of boarding",
  boardingGroup: "Boarding group",
  seatClass: "Class",
  origin: "From",
  destination: "To",
  departure: "Departure",
  arrival: "Arrival",
  passenger: "Name of the passenger",
  platform: "Platform",
  carriage: "Train or vehicle",
  coach: "Coach",
  gate: "Gate",
  seat: "Seat",
  confirmationCode: "Confirmation code",
  ticketNumber: "Ticket number",
  accountName: "Name of the member",
  accountId: "Member number",
  points: "Points",
  secondaryPoints: "Second points",
  cardNumber: "Card number",
  pin: "PIN",
  balance: "Balance",
  title: "Title of the offer",
  details: "Details",
  finePrint: "Terms",
};

interface GoogleImageWords {
  readonly title: string;
  readonly purpose: string;
  readonly size: string;
}

/** By path in the template. */
export const GOOGLE_IMAGE_WORDS: Readonly<Record<string, GoogleImageWords>> = {
  "google/logo.png": {
    title: "Round logo",
    purpose: "At the top of the card. Google cuts a circle out of it, so leave a margin of 15 %.",
    size: "660 × 660 pixels. Without it, Google gets the icon, which is too small.",
  },
  "google/wideLogo.png": {
    title: "Wide logo",
    purpose: "In place of the round logo at the top left of the card.",
    size: "Wider than it is high. It can be left out.",
  },
  "google/hero.png": {
    title: "Wide picture",
    purpose: "Across the whole card.",
    size: "1032 × 336 pixels. Without it, Google gets the strip, if there is one.",
  },
};
