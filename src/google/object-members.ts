/**
 * The members of Google's objects, as class-members.ts has those of classes; and which members of both Google requires.
 */
import type { GoogleType, ObjectTypes } from "./types.ts";

const EVERY_OBJECT = [
  "appLinkData",
  "barcode",
  "classId",
  "groupingInfo",
  "heroImage",
  "id",
  "imageModulesData",
  "linkedObjectIds",
  "linksModuleData",
  "merchantLocations",
  "messages",
  "passConstraints",
  "rotatingBarcode",
  "saveRestrictions",
  "smartTapRedemptionValue",
  "state",
  "textModulesData",
  "validTimeInterval",
  "valueAddedModuleData",
] as const satisfies readonly (keyof ObjectTypes["generic"])[];

const NOTIFYING_OBJECT = [
  ...EVERY_OBJECT,
  "disableExpirationNotification",
  "notifyPreference",
] as const satisfies readonly (keyof ObjectTypes["offer"])[];

export const OBJECT_MEMBERS: {
  readonly [Type in GoogleType]: readonly (keyof ObjectTypes[Type])[];
} = {
  generic: [
    ...EVERY_OBJECT,
    "cardTitle",
    "genericType",
    "header",
    "hexBackgroundColor",
    "logo",
    "notifications",
    "subheader",
    "wideLogo",
  ],
  eventTicket: [
    ...NOTIFYING_OBJECT,
    "faceValue",
    "hexBackgroundColor",
    "linkedOfferIds",
    "reservationInfo",
    "seatInfo",
    "ticketHolderName",
    "ticketNumber",
    "ticketType",
  ],
  flight: [
    ...NOTIFYING_OBJECT,
    "boardingAndSeatingInfo",
    "hexBackgroundColor",
    "passengerName",
    "reservationInfo",
    "securityProgramLogo",
  ],
  loyalty: [
    ...NOTIFYING_OBJECT,
    "accountId",
    "accountName",
    "linkedOfferIds",
    "loyaltyPoints",
    "secondaryLoyaltyPoints",
  ],
  offer: NOTIFYING_OBJECT,
  giftCard: [...NOTIFYING_OBJECT, "balance", "balanceUpdateTime", "cardNumber", "eventNumber", "pin"],
  transit: [
    ...NOTIFYING_OBJECT,
    "activationStatus",
    "concessionCategory",
    "customConcessionCategory",
    "customTicketStatus",
    "deviceContext",
    "hexBackgroundColor",
    "passengerNames",
    "passengerType",
    "purchaseDetails",
    "ticketLeg",
    "ticketLegs",
    "ticketNumber",
    "ticketRestrictions",
    "ticketStatus",
    "tripId",
    "tripType",
  ],
};

/** The required members of a class or an object, as far as they are a value of its own. */
export const REQUIRED_MEMBERS: Readonly<
  Record<GoogleType, { readonly class: readonly string[]; readonly object: readonly string[] }>
> = {
  generic: { class: [], object: ["cardTitle", "header"] },
  eventTicket: { class: ["issuerName", "reviewStatus", "eventName"], object: ["state"] },
  flight: {
    class: [
      ...["issuerName", "reviewStatus", "flightHeader", "origin", "destination"],
      "localScheduledDepartureDateTime",
    ],
    object: ["state", "passengerName", "reservationInfo"],
  },
  loyalty: { class: ["issuerName", "reviewStatus", "programName", "programLogo"], object: ["state"] },
  offer: {
    class: ["issuerName", "reviewStatus", "title", "provider", "redemptionChannel"],
    object: ["state"],
  },
  giftCard: { class: ["issuerName", "reviewStatus"], object: ["state", "cardNumber"] },
  transit: { class: ["issuerName", "reviewStatus", "transitType", "logo"], object: ["state", "tripType"] },
};
