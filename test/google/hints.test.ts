/**
 * Where a value comes from if several places have it: a semantic tag first, then the field that a hint names, then anything else.
 */
import { expect, test } from "vitest";
import type { Hint } from "../../src/google/hints.ts";
import { parseJson } from "../../src/json.ts";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { STYLES } from "../../src/pkpass/styles.ts";
import { coffeeCard } from "../pkpass/samples/cards.ts";
import { concert } from "../pkpass/samples/events.ts";
import { semanticFlight } from "../pkpass/samples/flight.ts";
import { trainTicket } from "../pkpass/samples/journeys.ts";
import type { Sample } from "../pkpass/samples/sample.ts";
import { render } from "./sources.ts";

type Tags = NonNullable<TemplatePass["semantics"]>;
type Case = readonly [of: Sample, hint: Hint, tags: Tags];

const CASES: readonly Case[] = [
  [concert, "eventName", { eventName: "TAG" }],
  [concert, "section", { seats: [{ seatSection: "TAG" }] }],
  [concert, "row", { seats: [{ seatRow: "TAG" }] }],
  [concert, "seat", { seats: [{ seatNumber: "TAG" }] }],
  [concert, "gate", { venueEntranceGate: "TAG" }],
  [concert, "confirmationCode", { confirmationNumber: "TAG" }],
  [concert, "ticketHolder", { attendeeName: "TAG" }],
  [concert, "ticketType", { admissionLevel: "TAG" }],
  [semanticFlight, "airlineCode", { airlineCode: "TAG" }],
  [semanticFlight, "origin", { departureAirportCode: "TAG" }],
  [semanticFlight, "destination", { destinationAirportCode: "TAG" }],
  [semanticFlight, "terminal", { departureTerminal: "TAG" }],
  [semanticFlight, "gate", { departureGate: "TAG" }],
  [semanticFlight, "passenger", { passengerName: { givenName: "TAG" } }],
  [semanticFlight, "confirmationCode", { confirmationNumber: "TAG" }],
  [semanticFlight, "boardingGroup", { boardingGroup: "TAG" }],
  [semanticFlight, "seat", { seats: [{ seatNumber: "TAG" }] }],
  [semanticFlight, "seatClass", { ticketFareClass: "TAG" }],
  [trainTicket, "origin", { departureStationName: "TAG" }],
  [trainTicket, "destination", { destinationStationName: "TAG" }],
  [trainTicket, "passenger", { passengerName: { givenName: "TAG" } }],
  [trainTicket, "confirmationCode", { confirmationNumber: "TAG" }],
  [trainTicket, "platform", { departurePlatform: "TAG" }],
  [trainTicket, "carriage", { vehicleNumber: "TAG" }],
  [trainTicket, "coach", { carNumber: "TAG" }],
  [trainTicket, "seat", { seats: [{ seatNumber: "TAG" }] }],
  [coffeeCard, "accountName", { attendeeName: "TAG" }],
];

/** Class and object as text, without the text modules: those have the field in any case. */
function rendered({ pass }: Sample, hint: Hint, semantics: Tags, value = "HIN"): string {
  const [style = "generic"] = STYLES.filter((name) => pass[name] !== undefined);
  const fields = [...(pass[style]?.backFields ?? []), { key: "hinted", value }];
  const template = { ...pass, semantics, [style]: { ...pass[style], backFields: fields } };
  const { class: shared, object } = render(template, { google: { hints: { [hint]: "hinted" } } });
  return JSON.stringify([shared, object], (key, value) => (key === "textModulesData" ? undefined : value));
}

test.each(CASES.map(([of, hint, tags]) => ({ name: of.name, of, hint, tags })))(
  "$name, $hint: a semantic tag comes first, and then the field that the hint names",
  ({ of, hint, tags }) => {
    const others = Object.entries(of.pass.semantics ?? {}).filter(([tag]) => !Object.hasOwn(tags, tag));
    const withTag = rendered(of, hint, { ...Object.fromEntries(others), ...tags });
    expect([withTag.includes("TAG"), withTag.includes("HIN")]).toEqual([true, false]);
    expect(rendered(of, hint, Object.fromEntries(others))).toContain("HIN");
    const blank = JSON.stringify(tags).replace("TAG", "\\t ");
    expect(rendered(of, hint, { ...Object.fromEntries(others), ...(parseJson(blank) as Tags) })).toContain(
      "HIN",
    );
  },
);

test.each([
  ["airlineCode", { airlineCode: "Austrian" }, "HI", '"carrierIataCode":"HI"'],
  ["flightNumber", { flightCode: "OS", flightNumber: undefined }, "HI 12", '"flightNumber":"12"'],
  ["origin", { departureAirportCode: "Vienna" }, "HIN", '"airportIataCode":"HIN"'],
  ["departure", { originalDepartureDate: undefined }, "2027-03-05T06:30+01:00", "2027-03-05T06:30:00"],
] as const)("a tag that Google does not take does not hide the hint %s", (hint, tags, value, expected) => {
  const semantics = { ...semanticFlight.pass.semantics, ...tags };
  expect(rendered(semanticFlight, hint, semantics, value)).toContain(expected);
});

test.each([
  [trainTicket, { departureStationName: "", departureLocationDescription: "PLACE" }],
  [trainTicket, { transitProvider: " ", departureStationName: "PLACE" }],
  [concert, { venueEntranceGate: "", venueEntranceDoor: " ", venueEntrance: "PLACE" }],
  [semanticFlight, { boardingGroup: " ", boardingZone: "PLACE" }],
])("a blank tag does not hide the next one: %#", (of, tags) => {
  const text = rendered(of, "ticketNumber", { ...of.pass.semantics, ...tags });
  expect(text).toContain("PLACE");
  if (of === trainTicket) expect(text).toContain('"transitOperatorName"');
});
