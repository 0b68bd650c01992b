/**
 * The `google` part of a template: its schema, and its raw members, which are merged last.
 */
import { expect, test } from "vitest";
import { type GooglePart, googlePart } from "../../src/google/google-part.ts";
import { classKeyOf } from "../../src/google/ids.ts";
import { renderClass, renderObject } from "../../src/google/render.ts";
import { coffeeCard } from "../pkpass/samples/cards.ts";
import { concert } from "../pkpass/samples/events.ts";
import { semanticFlight } from "../pkpass/samples/flight.ts";
import { trainTicket } from "../pkpass/samples/journeys.ts";
import type { Sample } from "../pkpass/samples/sample.ts";
import { render, renderSample, sourceOf } from "./sources.ts";
import { faultsOf } from "./stand-in/resources.ts";

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

const text = (value: string) => ({ defaultValue: { language: "en", value } });

/** Class and object with raw members that the strict reader of sources.ts does not know. Both are checked by the stand-in's rules. */
function renderRaw({ pass }: Sample, google: GooglePart) {
  const source = { ...sourceOf(pass), google };
  const content = { values: {}, overrides: {}, without: [], barcodeMessage: null, barcodeAltText: null };
  const shared = renderClass(source);
  const object = renderObject(source, {
    ...{ objectKey: "p1", serialNumber: "1", status: "active" },
    content: { ...content, barcodeText: null },
  });
  expect(faultsOf(shared.type, "Class", shared.resource)).toEqual([]);
  expect(faultsOf(object.type, "Object", object.resource)).toEqual([]);
  return { class: shared.resource, object: object.resource };
}

test("raw legs replace the mapped leg, because Google takes one of the two", () => {
  const ticketLegs = [{ originName: text("Graz"), departureDateTime: "2027-05-22T10:50:00" }];
  const { object } = renderRaw(trainTicket, { object: { ticketLegs } });
  expect(object).toMatchObject({ ticketLegs });
  expect(object).not.toHaveProperty("ticketLeg");
});

const doorsOpen: Sample = {
  ...concert,
  pass: {
    ...concert.pass,
    semantics: { ...concert.pass.semantics, venueDoorsOpenDate: "2027-06-12T18:00+02:00" },
  },
};

test.each([
  ["ticketSeats", trainTicket, "object", { ticketLeg: { ticketSeats: [{ seat: "1" }, { seat: "2" }] } }],
  ["carrierIcaoCode", semanticFlight, "class", { flightHeader: { carrier: { carrierIcaoCode: "EZY" } } }],
  ["privateImageId", coffeeCard, "class", { programLogo: { privateImageId: "logo-1" } }],
  ["customDoorsOpenLabel", doorsOpen, "class", { dateTime: { customDoorsOpenLabel: text("Foyer") } }],
] as const)(
  "a raw %s replaces the mapped member that Google does not take together with it",
  (_name, sample, part, raw) => {
    expect(renderRaw(sample, { [part]: raw })[part]).toMatchObject(raw);
  },
);

test("of raw members that Google does not take together, the last one of their group counts", () => {
  const google = {
    class: { seatLabel: "SEAT", customSeatLabel: text("Chair") },
    object: { ticketLegs: [{ ticketSeat: { seat: "1" }, ticketSeats: [] }] },
  };
  const { class: shared } = renderRaw(concert, google);
  expect(shared).toMatchObject({ customSeatLabel: text("Chair") });
  expect(shared).not.toHaveProperty("seatLabel");
});

test("a raw text replaces the mapped text in all languages", () => {
  const strings = { de: { "Corner Roasters": "Eckrösterei" } };
  const google = { class: { programName: "Beans" } };
  const { class: shared } = renderSample(coffeeCard, { strings, google });
  expect(shared).toMatchObject({ programName: "Beans" });
  expect(shared).not.toHaveProperty("localizedProgramName");
  expect(shared).toHaveProperty("localizedIssuerName");
});

test("a class is always sent for review, because one with another status takes no objects", () => {
  const { class: shared } = renderSample(coffeeCard, { google: { class: { reviewStatus: "DRAFT" } } });
  expect(shared.reviewStatus).toBe("UNDER_REVIEW");
});

test("a raw start without an offset is left out if the end of the pass has one", () => {
  const google = { object: { validTimeInterval: { start: { date: "2027-01-01T00:00:00" } } } };
  const expires: Sample = {
    ...coffeeCard,
    pass: { ...coffeeCard.pass, expirationDate: "2027-12-31T23:00:00Z" },
  };
  expect(renderRaw(expires, google).object.validTimeInterval).toEqual({
    end: { date: "2027-12-31T23:00:00Z" },
  });
  expect(renderRaw(coffeeCard, google).object.validTimeInterval).toEqual(google.object.validTimeInterval);
});

test("of raw rows, the first three are sent", () => {
  const item = { firstValue: { fields: [{ fieldPath: "class.programName" }] } };
  const cardRowTemplateInfos = Array.from({ length: 4 }, () => ({ oneItem: { item } }));
  const google = { class: { classTemplateInfo: { cardTemplateOverride: { cardRowTemplateInfos } } } };
  expect(renderRaw(coffeeCard, google).class).toHaveProperty(
    "classTemplateInfo.cardTemplateOverride.cardRowTemplateInfos",
    cardRowTemplateInfos.slice(0, 3),
  );
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
