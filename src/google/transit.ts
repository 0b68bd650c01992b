/**
 * Tickets of trains, buses, ships and other transit. The journey is in the object: the class only has the operator.
 *
 * Follows https://developers.google.com/wallet/reference/rest/v1/transitclass and …/transitobject.
 */
import { fieldKind } from "../pkpass/field-kind.ts";
import { firstDateOf } from "../pkpass/first-date.ts";
import {
  type CardContent,
  fieldWithKey,
  hintedField,
  hintedText,
  hintedTexts,
  localizedField,
} from "./card-content.ts";
import { toHexColour } from "./colour.ts";
import type { Draft } from "./compact.ts";
import { toFullDate } from "./dates.ts";
import { localizeText } from "./localized.ts";
import { type MissingData, missingLogo, type ObjectContent, type TypeMapping } from "./mapping.ts";
import { personName } from "./persons.ts";
import type { ClassTypes, LocalizedString, ObjectTypes, TicketLeg } from "./types.ts";

export const transit: TypeMapping<"transit"> = {
  missing: missingTransitData,
  titleKeys: () => [],
  classMembers: transitClass,
  objectMembers: transitObject,
};

const TRANSIT_TYPES: Readonly<Record<string, string>> = {
  PKTransitTypeBoat: "FERRY",
  PKTransitTypeBus: "BUS",
  PKTransitTypeTrain: "RAIL",
};

/** A pass may have the values: what counts is that template or event have a place for them. */
function missingTransitData(content: CardContent): MissingData[] {
  const { pass, tags } = content;
  const origin =
    tags.departureStationName ?? tags.departureLocationDescription ?? hintedField(content, "origin");
  const hasOrigin = origin !== undefined || fieldWithKey(content, "primaryFields", 0) !== undefined;
  const hinted = hintedField(content, "departure");
  const tagged = tags.originalDepartureDate ?? tags.currentDepartureDate;
  const date = tagged ?? firstDateOf(pass) ?? pass.expirationDate;
  const hasDate = date !== undefined || (hinted !== undefined && fieldKind(hinted) === "date");
  return [
    ...missingLogo(content),
    ...(hasOrigin
      ? []
      : [{ what: "the station of departure", pointer: "/pass/semantics/departureStationName" }]),
    ...(hasDate ? [] : [{ what: "the time of departure", pointer: "/pass/semantics/originalDepartureDate" }]),
  ];
}

function transitClass(content: CardContent): Draft<ClassTypes["transit"]> {
  const { pass, tags, images } = content;
  return {
    transitType: TRANSIT_TYPES[pass.boardingPass?.transitType ?? ""] ?? "OTHER",
    transitOperatorName: localizeText(content, tags.transitProvider ?? pass.organizationName),
    logo: images.logo,
    wideLogo: images.wideLogo,
  };
}

function transitObject(content: ObjectContent): Draft<ObjectTypes["transit"]> {
  const { tags } = content;
  const passenger = personName(tags.passengerName) ?? hintedText(content, "passenger");
  const code = tags.confirmationNumber ?? hintedText(content, "confirmationCode");
  return {
    tripType: "ONE_WAY",
    ticketLeg: ticketLeg(content),
    passengerNames: passenger,
    passengerType: passenger === undefined ? undefined : "SINGLE_PASSENGER",
    ticketNumber: hintedText(content, "ticketNumber"),
    purchaseDetails: { confirmationCode: code },
    hexBackgroundColor: toHexColour(content.ownColour),
  };
}

/** A leg needs an origin, and a time unless the ticket has a period of validity. Without them there is none. */
function ticketLeg(content: ObjectContent): Draft<TicketLeg> | undefined {
  const { pass, tags } = content;
  const originName = stationName(content, "origin", 0);
  const departureDateTime =
    toFullDate(tags.currentDepartureDate ?? tags.originalDepartureDate) ??
    toFullDate(hintedField(content, "departure")?.value) ??
    toFullDate(firstDateOf(pass));
  const isDated = departureDateTime !== undefined || pass.expirationDate !== undefined;
  if (originName === undefined || !isDated) return undefined;
  const arrives = tags.currentArrivalDate ?? tags.originalArrivalDate;
  const [seat] = tags.seats ?? [];
  const seatText = [seat?.seatRow, seat?.seatNumber].filter(Boolean).join("");
  return {
    originName,
    destinationName: stationName(content, "destination", 1),
    departureDateTime,
    arrivalDateTime: toFullDate(arrives) ?? toFullDate(hintedField(content, "arrival")?.value),
    platform: tags.departurePlatform ?? hintedText(content, "platform") ?? hintedText(content, "gate"),
    carriage: tags.vehicleName ?? tags.vehicleNumber ?? hintedText(content, "carriage"),
    ticketSeat: {
      coach: tags.carNumber ?? hintedText(content, "coach"),
      seat: seatText || hintedText(content, "seat"),
    },
  };
}

/** Apple shows the origin in the first primary field, and the destination in the second. */
function stationName(
  content: CardContent,
  end: "origin" | "destination",
  index: number,
): LocalizedString | undefined {
  const { tags } = content;
  const side = end === "origin" ? "departure" : "destination";
  const tagged = tags[`${side}StationName`] ?? tags[`${side}LocationDescription`];
  const named = localizeText(content, tagged) ?? hintedTexts(content, end);
  return named ?? localizedField(content, fieldWithKey(content, "primaryFields", index));
}
