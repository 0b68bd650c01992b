/**
 * The types of Google Wallet's classes and objects, as Google generates them from its own description of the API. Types only:
 * nothing of the package runs here. All their members are optional, so what they check is the names: the mappers write object
 * literals of these types, and a name that Google does not know does not compile.
 *
 * Follows https://developers.google.com/wallet/reference/rest.
 */
import type { walletobjects_v1 } from "@googleapis/walletobjects";

export const GOOGLE_TYPES = [
  "generic",
  "eventTicket",
  "flight",
  "loyalty",
  "offer",
  "giftCard",
  "transit",
] as const;
/** Both resources of a pass have the same type, which is part of their address in Google's API: `/eventTicketClass`. */
export type GoogleType = (typeof GOOGLE_TYPES)[number];

export interface ClassTypes {
  readonly generic: walletobjects_v1.Schema$GenericClass;
  readonly eventTicket: walletobjects_v1.Schema$EventTicketClass;
  readonly flight: walletobjects_v1.Schema$FlightClass;
  readonly loyalty: walletobjects_v1.Schema$LoyaltyClass;
  readonly offer: walletobjects_v1.Schema$OfferClass;
  readonly giftCard: walletobjects_v1.Schema$GiftCardClass;
  readonly transit: walletobjects_v1.Schema$TransitClass;
}

export interface ObjectTypes {
  readonly generic: walletobjects_v1.Schema$GenericObject;
  readonly eventTicket: walletobjects_v1.Schema$EventTicketObject;
  readonly flight: walletobjects_v1.Schema$FlightObject;
  readonly loyalty: walletobjects_v1.Schema$LoyaltyObject;
  readonly offer: walletobjects_v1.Schema$OfferObject;
  readonly giftCard: walletobjects_v1.Schema$GiftCardObject;
  readonly transit: walletobjects_v1.Schema$TransitObject;
}

export type AppLinkData = walletobjects_v1.Schema$AppLinkData;
export type GoogleBarcode = walletobjects_v1.Schema$Barcode;
export type CardRow = walletobjects_v1.Schema$CardRowTemplateInfo;
export type ClassTemplateInfo = walletobjects_v1.Schema$ClassTemplateInfo;
export type Image = walletobjects_v1.Schema$Image;
export type LocalizedString = walletobjects_v1.Schema$LocalizedString;
export type LoyaltyPoints = walletobjects_v1.Schema$LoyaltyPoints;
export type Message = walletobjects_v1.Schema$Message;
export type MerchantLocation = walletobjects_v1.Schema$MerchantLocation;
export type Money = walletobjects_v1.Schema$Money;
export type TemplateItem = walletobjects_v1.Schema$TemplateItem;
export type TextModule = walletobjects_v1.Schema$TextModuleData;
export type TicketLeg = walletobjects_v1.Schema$TicketLeg;
export type TimeInterval = walletobjects_v1.Schema$TimeInterval;
export type Uri = walletobjects_v1.Schema$Uri;
