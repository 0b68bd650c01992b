/**
 * The type of a template: that of its style, or generic if Google would refuse it.
 */
import { expect, test } from "vitest";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { semanticFlight } from "../pkpass/samples/flight.ts";
import { trainTicket } from "../pkpass/samples/journeys.ts";
import { render } from "./sources.ts";

const bare = { description: "Card", organizationName: "Acme" };

test.each([
  ["generic", { generic: {} }],
  ["generic", { posterGeneric: {} }],
  ["loyalty", { storeCard: {} }],
  ["loyalty", { storeCard: {}, posterGeneric: {} }],
  ["offer", { coupon: {} }],
  ["eventTicket", { eventTicket: {} }],
] as const)("%s is the type of %j", (type, styles) => {
  expect(render({ ...bare, ...styles }).type).toBe(type);
});

test.each([
  ["PKTransitTypeTrain", "RAIL"],
  ["PKTransitTypeBoat", "FERRY"],
  ["PKTransitTypeBus", "BUS"],
  ["PKTransitTypeGeneric", "OTHER"],
] as const)("a boarding pass of %s is transit of type %s", (transitType, expected) => {
  const template = { ...trainTicket.pass, boardingPass: { ...trainTicket.pass.boardingPass, transitType } };
  expect(render(template)).toMatchObject({ type: "transit", class: { transitType: expected } });
});

test("the type of the template's google part comes first", () => {
  expect(render({ ...bare, storeCard: {} }, { google: { type: "giftCard" } }).type).toBe("giftCard");
});

test("a flight without what Google requires is generic, and what is missing is named", () => {
  const { semantics, ...others } = semanticFlight.pass;
  const { type, missing, object } = render(others);
  expect(type).toBe("generic");
  expect(missing.map(({ pointer }) => pointer)).toEqual([
    "/pass/semantics/airlineCode",
    "/pass/semantics/flightNumber",
    "/pass/semantics/originalDepartureDate",
  ]);
  expect(object).toHaveProperty("header.defaultValue.value", "CPH – LIS");
  expect(render(others, { event: { overrides: { semantics } } }).type).toBe("flight");
  // Its class would be that of all other flights of the template.
  expect(render(others, { pass: { overrides: { semantics } } }).type).toBe("generic");
});

test("a card without any image is generic, because Google demands a logo", () => {
  expect(render({ ...bare, storeCard: {} }, { images: [] })).toMatchObject({
    type: "generic",
    missing: [{ what: "a logo", pointer: "/images" }],
  });
});

test("a journey without an origin or a date is generic", () => {
  const template: TemplatePass = { ...bare, boardingPass: { transitType: "PKTransitTypeBus" } };
  expect(render(template).missing.map(({ what }) => what)).toEqual([
    "the station of departure",
    "the time of departure",
  ]);
  expect(render({ ...template, semantics: { departureStationName: "A" } }).type).toBe("generic");
  const dated = { semantics: { departureStationName: "A" }, expirationDate: "2027-01-01T00:00Z" };
  expect(render({ ...template, ...dated }).type).toBe("transit");
});
