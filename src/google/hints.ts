/**
 * Hints: which field of a template has what Google asks for, where no semantic tag has it.
 */

/** What a hint can be for, by the types that read it. */
export const HINTS = [
  // generic
  "header",
  "subheader",
  // eventTicket
  "eventName",
  "venueName",
  "venueAddress",
  "section",
  "row",
  "ticketHolder",
  "ticketType",
  "price",
  // flight
  "airlineCode",
  "flightNumber",
  "terminal",
  "boarding",
  "boardingGroup",
  "seatClass",
  // flight and transit
  "origin",
  "destination",
  "departure",
  "arrival",
  "passenger",
  // transit
  "platform",
  "carriage",
  "coach",
  // several of these
  "gate",
  "seat",
  "confirmationCode",
  "ticketNumber",
  // loyalty
  "accountName",
  "accountId",
  "points",
  "secondaryPoints",
  // giftCard
  "cardNumber",
  "pin",
  "balance",
  // offer
  "title",
  "details",
  "finePrint",
] as const;
export type Hint = (typeof HINTS)[number];
/** Field keys. */
export type Hints = { readonly [hint in Hint]?: string | undefined };
