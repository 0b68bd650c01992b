/**
 * Boarding passes of flights. What belongs to the flight is in the class: one class for each flight number and date, so a new
 * gate is a change of one class. Therefore template or event must have the flight's data; what only passes have is not enough.
 *
 * Follows https://developers.google.com/wallet/reference/rest/v1/flightclass and …/flightobject.
 */
import { toText } from "../json.ts";
import type { Semantics } from "../pkpass/collect-semantics.ts";
import {
  type CardContent,
  cardFields,
  fieldWithKey,
  hintedField,
  hintedText,
  NOTHING,
} from "./card-content.ts";
import { toHexColour } from "./colour.ts";
import type { Draft } from "./compact.ts";
import { toAirportTime } from "./dates.ts";
import { localizeText } from "./localized.ts";
import type { MissingData, ObjectContent, TypeMapping } from "./mapping.ts";
import { personName } from "./persons.ts";
import type { ClassTypes, ObjectTypes } from "./types.ts";

export const flight: TypeMapping<"flight"> = {
  missing: missingFlightData,
  // Google writes both airports above the rows.
  titleKeys: ({ pass, style }) =>
    cardFields(pass, style).flatMap(({ key, section, field }) =>
      section === "primaryFields" && isAirportCode(field.value) ? [key] : [],
    ),
  classMembers: flightClass,
  objectMembers: flightObject,
};

function missingFlightData(content: CardContent): MissingData[] {
  const { carrier, number, origin, destination, departure } = flightFacts(content);
  const facts = [
    ["the airline's code", carrier, "airlineCode"],
    ["the flight number", number, "flightNumber"],
    ["the airport of departure", origin, "departureAirportCode"],
    ["the airport of arrival", destination, "destinationAirportCode"],
    ["the time of departure", departure, "originalDepartureDate"],
  ] as const;
  return facts.flatMap(([what, value, tag]) =>
    value === undefined ? { what, pointer: `/pass/semantics/${tag}` } : [],
  );
}

/** What Google demands of each flight. */
function flightFacts(content: CardContent) {
  const { tags } = content;
  const [, ofNumber] = /^([A-Z0-9]{2}) ?\d{1,4}[A-Z]?$/.exec(flightText(content) ?? "") ?? [];
  const given = [tags.airlineCode?.trim(), hintedText(content, "airlineCode")].filter(
    (code) => code !== undefined,
  );
  const codes = given.length === 0 ? [ofNumber] : given;
  const time = (date: unknown) => toAirportTime(date, departureZone(tags));
  return {
    carrier: codes.find(isAirlineCode)?.toUpperCase(),
    number: digitsOf(flightText(content)),
    origin: airportCode(content, "origin", tags.departureAirportCode, 0),
    destination: airportCode(content, "destination", tags.destinationAirportCode, 1),
    departure: time(tags.originalDepartureDate) ?? time(hintedField(content, "departure")?.value),
  };
}

function isAirlineCode(code: string | undefined): boolean {
  return code !== undefined && /^(?:[A-Z0-9]{2}|[A-Z]{3})$/i.test(code);
}

/** The first one with a number, which may be that of the airline's code too. */
function flightText(content: CardContent): string | undefined {
  const { flightNumber, flightCode } = content.tags;
  const tagged = flightNumber === undefined ? undefined : toText(flightNumber);
  const texts = [flightCode?.trim(), tagged, hintedText(content, "flightNumber")];
  return texts.find((text) => digitsOf(text) !== undefined);
}

/** Only the digits: "NY 482" is flight 482 of NY. */
function digitsOf(flight: string | undefined): string | undefined {
  return /(\d{1,4})\D?$/.exec(flight ?? "")?.[1];
}

function airportCode(
  content: CardContent,
  hint: "origin" | "destination",
  tag: string | undefined,
  index: number,
): string | undefined {
  const primary = fieldWithKey(content, "primaryFields", index)?.value;
  return [tag, hintedText(content, hint), primary].find(isAirportCode);
}

function isAirportCode(value: unknown): value is string {
  return typeof value === "string" && /^[A-Z]{3}$/.test(value);
}

function departureZone(tags: Semantics): string | undefined {
  return tags.departureLocationTimeZone ?? tags.departureAirportTimeZone;
}

function flightClass(content: CardContent): Draft<ClassTypes["flight"]> {
  const { pass, tags, images } = content;
  const { carrier, number, origin, destination, departure } = flightFacts(content);
  const atDeparture = (date: unknown) => toAirportTime(date, departureZone(tags));
  const arrivalZone = tags.destinationLocationTimeZone ?? tags.destinationAirportTimeZone;
  const atArrival = (date: unknown) => toAirportTime(date, arrivalZone);
  const boarding = hintedField(content, "boarding")?.value;
  return {
    flightHeader: {
      carrier: {
        ...(carrier?.length === 3 ? { carrierIcaoCode: carrier } : { carrierIataCode: carrier }),
        airlineName: localizeText(content, tags.transitProvider ?? pass.organizationName),
        airlineLogo: images.logo,
        wideAirlineLogo: images.wideLogo,
      },
      flightNumber: number,
    },
    origin: {
      airportIataCode: origin,
      airportNameOverride: localizeText(content, tags.departureCityName),
      terminal: tags.departureTerminal ?? hintedText(content, "terminal"),
      gate: tags.departureGate ?? hintedText(content, "gate"),
    },
    destination: {
      airportIataCode: destination,
      airportNameOverride: localizeText(content, tags.destinationCityName),
      terminal: tags.destinationTerminal,
      gate: tags.destinationGate,
    },
    localScheduledDepartureDateTime: departure,
    localEstimatedOrActualDepartureDateTime: atDeparture(tags.currentDepartureDate),
    localBoardingDateTime:
      atDeparture(tags.currentBoardingDate ?? tags.originalBoardingDate) ?? atDeparture(boarding),
    localScheduledArrivalDateTime:
      atArrival(tags.originalArrivalDate) ?? atArrival(hintedField(content, "arrival")?.value),
    localEstimatedOrActualArrivalDateTime: atArrival(tags.currentArrivalDate),
  };
}

function flightObject(content: ObjectContent): Draft<ObjectTypes["flight"]> {
  const { tags } = content;
  return {
    passengerName: personName(tags.passengerName) ?? hintedText(content, "passenger") ?? NOTHING,
    reservationInfo: {
      confirmationCode: tags.confirmationNumber ?? hintedText(content, "confirmationCode") ?? NOTHING,
      eticketNumber: hintedText(content, "ticketNumber"),
      frequentFlyerInfo: {
        frequentFlyerNumber: tags.membershipProgramNumber,
        frequentFlyerProgramName: localizeText(content, tags.membershipProgramName),
      },
    },
    boardingAndSeatingInfo: {
      boardingGroup: tags.boardingGroup ?? tags.boardingZone ?? hintedText(content, "boardingGroup"),
      sequenceNumber: tags.boardingSequenceNumber,
      seatNumber: seatNumbers(tags) || hintedText(content, "seat"),
      seatClass: tags.ticketFareClass ?? hintedText(content, "seatClass"),
    },
    hexBackgroundColor: toHexColour(content.ownColour),
  };
}

/** "18A, 18B" */
function seatNumbers({ seats = [] }: Semantics): string {
  return seats
    .map(({ seatRow = "", seatNumber = "" }) => `${seatRow}${seatNumber}`)
    .filter((seat) => seat !== "")
    .join(", ");
}
