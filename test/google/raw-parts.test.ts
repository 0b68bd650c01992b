/**
 * The `google` part of a template: its schema, and its raw members, which are merged last.
 */
import { expect, test } from "vitest";
import { googlePart } from "../../src/google/google-part.ts";
import { classKeyOf } from "../../src/google/ids.ts";
import { renderClass, renderObject } from "../../src/google/render.ts";
import { coffeeCard } from "../pkpass/samples/cards.ts";
import { concert } from "../pkpass/samples/events.ts";
import { semanticFlight } from "../pkpass/samples/flight.ts";
import { trainTicket } from "../pkpass/samples/journeys.ts";
import { render, renderSample, sourceOf } from "./sources.ts";

test("a google part has a type, a language, hints and raw members, and nothing else", () => {
  const part = {
    ...{ type: "giftCard", language: "pt-BR", hints: { pin: "code" }, venueAddress: "Ring 1" },
    ...{ class: { countryCode: "AT" }, object: { groupingInfo: { sortIndex: 1 } } },
  };
  expect(googlePart.parse(part)).toEqual(part);
  for (const wrong of [
    { type: "boardingPass" },
    { hints: { pinn: "a" } },
    { language: "de_AT" },
    { images: {} },
  ])
    expect(googlePart.safeParse(wrong).success).toBe(false);
});

test("raw members are merged over the mapped ones, and null removes one", () => {
  const google = { class: { countryCode: "AT", heroImage: null, programLogo: { contentDescription: null } } };
  const source = { ...sourceOf(coffeeCard.pass, { images: ["icon.png", "strip.png"] }), google };
  const { resource } = renderClass(source);
  expect(resource).toMatchObject({ countryCode: "AT", programName: "Corner Roasters" });
  expect(resource).not.toHaveProperty("heroImage");
  expect(resource).not.toHaveProperty("programLogo.contentDescription");
});

test("raw members never change id, classId and state", () => {
  const raw = { id: "1.x", classId: "1.y", state: "COMPLETED" };
  const { class: shared, object } = renderSample(coffeeCard, { google: { class: raw, object: raw } });
  expect([shared.id, object.id, object.classId, object.state]).toEqual([
    "3388000000012345678.t1e2-loyalty",
    "3388000000012345678.p7-Zk3-loyalty",
    "3388000000012345678.t1e2-loyalty",
    "ACTIVE",
  ]);
});

test("raw members that the type does not have are left out, and required ones cannot be removed", () => {
  const raw = {
    locations: [{}],
    eventName: {},
    hexBackgroundColor: "#000000",
    programName: null,
    reviewStatus: null,
  };
  const { class: shared, object } = renderSample(coffeeCard, { google: { class: raw, object: raw } });
  expect(shared).toMatchObject({ programName: "Corner Roasters", reviewStatus: "UNDER_REVIEW" });
  expect(object).not.toHaveProperty("hexBackgroundColor");
});

test("a template that fell back to generic does not write the members of its type", () => {
  const google = {
    class: { finePrint: { defaultValue: { language: "en", value: "x" } }, flightStatus: "ACTIVE" },
  };
  expect(render({ ...semanticFlight.pass, semantics: {} }, { google }).type).toBe("generic");
});

test("a raw balance replaces the mapped one, because a balance is exactly one of four", () => {
  const google = { object: { loyaltyPoints: { balance: { string: "many" } } } };
  const { object } = renderSample(coffeeCard, { google });
  expect(object).toHaveProperty("loyaltyPoints.balance", { string: "many" });
  expect(object).toHaveProperty("loyaltyPoints.label", "BALANCE");
});

test("raw legs replace the mapped leg, because Google takes one of the two", () => {
  const source = { ...sourceOf(trainTicket.pass), google: { object: { ticketLegs: [{}, {}] } } };
  const content = { values: {}, overrides: {}, without: [], barcodeMessage: null, barcodeAltText: null };
  const pass = {
    objectKey: "p1",
    serialNumber: "1",
    status: "active",
    content: { ...content, barcodeText: null },
  } as const;
  expect(renderObject(source, pass).resource).not.toHaveProperty("ticketLeg");
});

test("raw times of flights lose their offset", () => {
  const google = { class: { localGateClosingDateTime: "2027-05-22T10:50:00+02:00" } };
  expect(renderClass({ ...sourceOf(semanticFlight.pass), google }).resource).toMatchObject({
    localGateClosingDateTime: "2027-05-22T10:50:00",
  });
});

test("half a raw venue is left out", () => {
  const google = {
    class: { venue: { name: null, address: { defaultValue: { language: "en", value: "Ring 1" } } } },
  };
  expect(renderSample(concert, { google }).class).not.toHaveProperty("venue");
});

test("the key of a class names the template and the event", () => {
  expect([classKeyOf(12, 3), classKeyOf(12, null)]).toEqual(["t12e3", "t12"]);
});
