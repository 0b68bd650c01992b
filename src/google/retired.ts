/**
 * An object that is no longer shown: of a deleted pass, or of a type that its template no longer has. Pure.
 */
import type { JsonObject } from "../json.ts";
import { NOTHING } from "./card-content.ts";
import { stateOf } from "./states.ts";
import type { GoogleType } from "./types.ts";

/**
 * Nothing of a person is left in it: only its ids, its state and what Google requires. The messages of its notices are in no resource
 * that was sent, and they have its values, so they are removed by name.
 * @param sent as Google has it
 */
export function blankObject(
  type: GoogleType,
  { id, classId }: { readonly id: string; readonly classId: string },
  sent: JsonObject,
): JsonObject {
  return { id, classId, state: stateOf("deleted"), messages: null, ...requiredOf(type, sent) };
}

const NO_TEXT = { defaultValue: { language: "en", value: NOTHING } };

function requiredOf(type: GoogleType, sent: JsonObject): JsonObject {
  switch (type) {
    case "generic":
      // The title is the name of the organization.
      return { cardTitle: sent.cardTitle ?? NO_TEXT, header: NO_TEXT };
    case "flight":
      return { passengerName: NOTHING, reservationInfo: { confirmationCode: NOTHING } };
    case "giftCard":
      return { cardNumber: NOTHING };
    case "transit":
      return { tripType: "ONE_WAY" };
    case "eventTicket":
    case "loyalty":
    case "offer":
      return {};
  }
}

/** The same object as an expired one, with all that it shows. @param sent as Google has it; empty if nobody knows that */
export function inactiveObject(sent: JsonObject): JsonObject {
  return { ...sent, state: stateOf("voided") };
}
