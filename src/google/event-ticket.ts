/**
 * Event tickets. What belongs to the event is in the class, what belongs to the seat in the object.
 *
 * Follows https://developers.google.com/wallet/reference/rest/v1/eventticketclass and …/eventticketobject.
 */

import type { Semantics } from "../pkpass/collect-semantics.ts";
import { firstDateOf } from "../pkpass/first-date.ts";
import {
  type CardContent,
  fieldWithKey,
  hintedField,
  hintedText,
  hintedTexts,
  localizedField,
  NOTHING,
} from "./card-content.ts";
import { toHexColour } from "./colour.ts";
import type { Draft } from "./compact.ts";
import { toFullDate } from "./dates.ts";
import { defaultText, localizeText } from "./localized.ts";
import type { ObjectContent, TypeMapping } from "./mapping.ts";
import { moneyOf, toMoney } from "./money.ts";
import type { ClassTypes, LocalizedString, ObjectTypes } from "./types.ts";

export const eventTicket: TypeMapping<"eventTicket"> = {
  missing: () => [],
  titleKeys: (shared) => {
    const field = nameField(shared);
    const isName = defaultText(localizedField(shared, field)) === defaultText(eventName(shared));
    return field !== undefined && isName ? [field.key] : [];
  },
  classMembers: eventTicketClass,
  objectMembers: eventTicketObject,
};

function eventTicketClass(content: CardContent): Draft<ClassTypes["eventTicket"]> {
  const { pass, tags, images } = content;
  return {
    eventName: eventName(content),
    // Without an address, it is removed at the end (raw-parts.ts): the template's own part may add one.
    venue: {
      name: eventVenueName(content),
      address: hintedTexts(content, "venueAddress") ?? localizeText(content, content.venueAddress),
    },
    dateTime: {
      start: toFullDate(tags.eventStartDate ?? tags.eventStartDateInfo?.date ?? firstDateOf(pass)),
      end: toFullDate(tags.eventEndDate),
      ...doorsOpen(tags),
    },
    finePrint: hintedTexts(content, "finePrint"),
    logo: images.logo,
    wideLogo: images.wideLogo,
  };
}

/** The name of the venue, in all languages. */
export function eventVenueName(content: CardContent): LocalizedString | undefined {
  return localizeText(content, content.tags.venueName) ?? hintedTexts(content, "venueName");
}

function eventName(content: CardContent) {
  const named = localizeText(content, content.tags.eventName) ?? hintedTexts(content, "eventName");
  const ofField = localizedField(content, fieldWithKey(content, "primaryFields", 0));
  return (
    named ?? ofField ?? localizeText(content, content.pass.description) ?? localizeText(content, NOTHING)
  );
}

/** The field that may have the name of the event, which Google shows as the title. */
function nameField(content: CardContent) {
  return hintedField(content, "eventName") ?? fieldWithKey(content, "primaryFields", 0);
}

function doorsOpen({ venueDoorsOpenDate, venueGatesOpenDate, venueOpenDate }: Semantics) {
  const doors = toFullDate(venueDoorsOpenDate ?? venueOpenDate);
  if (doors !== undefined) return { doorsOpen: doors, doorsOpenLabel: "DOORS_OPEN" };
  const gates = toFullDate(venueGatesOpenDate);
  return gates === undefined ? {} : { doorsOpen: gates, doorsOpenLabel: "GATES_OPEN" };
}

function eventTicketObject(content: ObjectContent): Draft<ObjectTypes["eventTicket"]> {
  const { tags } = content;
  const gate = tags.venueEntranceGate ?? tags.venueEntranceDoor ?? tags.venueEntrance;
  const price = tags.totalPrice;
  return {
    seatInfo: {
      section: localizeText(content, joined(tags, "seatSection")) ?? hintedTexts(content, "section"),
      row: localizeText(content, joined(tags, "seatRow")) ?? hintedTexts(content, "row"),
      seat: localizeText(content, joined(tags, "seatNumber")) ?? hintedTexts(content, "seat"),
      gate: localizeText(content, gate) ?? hintedTexts(content, "gate"),
    },
    reservationInfo: { confirmationCode: tags.confirmationNumber ?? hintedText(content, "confirmationCode") },
    ticketHolderName: tags.attendeeName ?? hintedText(content, "ticketHolder"),
    ticketNumber: hintedText(content, "ticketNumber"),
    ticketType: localizeText(content, tags.admissionLevel) ?? hintedTexts(content, "ticketType"),
    faceValue: toMoney(price?.amount, price?.currencyCode) ?? moneyOf(hintedField(content, "price")),
    hexBackgroundColor: toHexColour(content.ownColour),
  };
}

/** Google has one seat. Several are named together, each value once. */
function joined({ seats = [] }: Semantics, member: "seatSection" | "seatRow" | "seatNumber"): string {
  const values = seats.map((seat) => seat[member]).filter((value) => value !== undefined);
  return [...new Set(values)].join(", ");
}
