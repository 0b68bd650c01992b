/**
 * Why Google would refuse a class or an object: members that the type does not have, required ones that are missing, values of
 * another type, and the rules that concern several members. It shares nothing with src/google.
 */
import { CLASS_SHAPES } from "./class-shapes.ts";
import { OBJECT_SHAPES } from "./object-shapes.ts";
import { compare, type Fault, isMembers, type Json, type JsonMembers, readShapes } from "./shapes.ts";
import { SHARED_SHAPES } from "./shared-shapes.ts";

export const TYPES = ["generic", "eventTicket", "flight", "loyalty", "offer", "giftCard", "transit"] as const;
export type GoogleType = (typeof TYPES)[number];
export type Kind = "Class" | "Object";

const SHAPES = readShapes({ ...SHARED_SHAPES, ...CLASS_SHAPES, ...OBJECT_SHAPES });

/** The faults of a resource, unknown members first. Empty if Google would accept it. */
export function faultsOf(type: GoogleType, kind: Kind, resource: Json): Fault[] {
  const faults = compare(SHAPES, `${type}${kind}`, resource);
  if (faults.length > 0 || !isMembers(resource)) {
    return faults.toSorted((a, b) => Number(b.kind === "unknown") - Number(a.kind === "unknown"));
  }
  return [...rulesOf(resource)].map((message) => ({ kind: "invalid", at: "", message }));
}

/** The faults of a message, as addMessage gets it. */
export function faultsOfMessage(message: Json): Fault[] {
  return compare(SHAPES, "Message", message, "message");
}

const members = (value: Json): JsonMembers => (isMembers(value) ? value : {});
const items = (value: Json): JsonMembers[] => (Array.isArray(value) ? value.map(members) : []);
const countOf = (value: Json) => Object.keys(members(value)).length;
const hasOffset = (date: Json) => typeof date === "string" && /(Z|[+-]\d\d:?\d\d)$/.test(date);

function* rulesOf(resource: JsonMembers): Iterable<string> {
  if (items(resource.merchantLocations).length > 10) yield "There can be at most 10 merchantLocations.";

  const card = members(members(resource.classTemplateInfo).cardTemplateOverride);
  const rows = items(card.cardRowTemplateInfos);
  if (rows.length > 3) yield "There can be at most 3 rows.";
  if (rows.some((row) => countOf(row) !== 1))
    yield "A row is exactly one of oneItem, twoItems and threeItems.";

  for (const points of [resource.loyaltyPoints, resource.secondaryLoyaltyPoints]) {
    const { balance } = members(points);
    if (balance !== undefined && countOf(balance) !== 1)
      yield "A balance is exactly one of string, int, double and money.";
  }

  const { carrier } = members(resource.flightHeader);
  if (carrier !== undefined) {
    const { carrierIataCode, carrierIcaoCode } = members(carrier);
    if ((carrierIataCode === undefined) === (carrierIcaoCode === undefined))
      yield "A carrier has either carrierIataCode or carrierIcaoCode.";
  }
  yield* rulesOfLegs(resource);
  yield* rulesAtAnyDepth(resource);
}

/** "Both … may not be set", in the words of Google's reference. */
const PAIRS = [
  ["confirmationCodeLabel", "customConfirmationCodeLabel"],
  ["doorsOpenLabel", "customDoorsOpenLabel"],
  ["gateLabel", "customGateLabel"],
  ["rowLabel", "customRowLabel"],
  ["seatLabel", "customSeatLabel"],
  ["sectionLabel", "customSectionLabel"],
  ["concessionCategory", "customConcessionCategory"],
  ["fareClass", "customFareClass"],
  ["ticketStatus", "customTicketStatus"],
  ["ticketSeat", "ticketSeats"],
  ["firstValue", "predefinedItem"],
  ["sourceUri", "privateImageId"],
] as const;

function* rulesAtAnyDepth(value: Json): Iterable<string> {
  if (Array.isArray(value)) for (const item of value) yield* rulesAtAnyDepth(item);
  if (!isMembers(value)) return;
  const { start, end } = value;
  if (isMembers(start) && isMembers(end) && hasOffset(start.date) !== hasOffset(end.date))
    yield "If one date of an interval has an offset, both need one.";
  for (const [one, other] of PAIRS)
    if (value[one] !== undefined && value[other] !== undefined)
      yield `Both ${one} and ${other} may not be set.`;
  for (const member of Object.values(value)) yield* rulesAtAnyDepth(member);
}

function* rulesOfLegs(resource: JsonMembers): Iterable<string> {
  const { ticketLeg, ticketLegs, validTimeInterval } = resource;
  if (ticketLeg !== undefined && ticketLegs !== undefined)
    yield "ticketLeg and ticketLegs may not both be set.";
  const legs = ticketLeg === undefined ? items(ticketLegs) : [members(ticketLeg)];
  for (const leg of legs) {
    const { originName, originStationCode, destinationName, destinationStationCode, departureDateTime } = leg;
    if ((originName ?? originStationCode) === undefined) yield "A leg needs originName or originStationCode.";
    if (destinationName !== undefined && originName === undefined)
      yield "A leg with destinationName needs originName.";
    if (destinationStationCode !== undefined && originStationCode === undefined)
      yield "A leg with destinationStationCode needs originStationCode.";
    if ((departureDateTime ?? validTimeInterval) === undefined)
      yield "A leg needs departureDateTime, or the object validTimeInterval.";
  }
}
