/**
 * Loyalty and gift cards, offers, event tickets and generic passes: what each type's own members say.
 */
import { expect, test } from "vitest";
import { balanceOf, toMoney } from "../../src/google/money.ts";
import { parseJson } from "../../src/json.ts";
import type { Field, TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { coffeeCard, coupon } from "../pkpass/samples/cards.ts";
import { concert, match } from "../pkpass/samples/events.ts";
import { libraryCard } from "../pkpass/samples/memberships.ts";
import { render, renderSample } from "./sources.ts";

test("micros are the amount times 1,000,000, whatever decimals the currency has", () => {
  const amounts = [12.5, "34.56", 0.1, "-3", 1200, "0.0000019", "-0.0000001"];
  expect(amounts.map((amount) => toMoney(amount, "JPY")?.micros)).toEqual([
    ...["12500000", "34560000", "100000", "-3000000", "1200000000", "1", "0"],
  ]);
  expect(toMoney(parseJson("0.12345678901234567890"), "EUR")?.micros).toBe("123456");
  expect([toMoney("ten", "EUR"), toMoney(1e21, "EUR"), toMoney(1, undefined)]).toEqual([
    ...[undefined, undefined, undefined],
  ]);
});

test("an amount of a semantic tag whose currency is no code of ISO 4217 is left out", () => {
  const semantics = { totalPrice: { amount: "30", currencyCode: "€" } };
  expect(render({ ...concert.pass, semantics }).object).not.toHaveProperty("faceValue");
  expect(toMoney("30", "eur")).toBeUndefined();
});

test.each([
  ["eventTicket", "eventName", { eventTicket: {} }],
  ["loyalty", "programName", { storeCard: {} }],
  ["offer", "title", { coupon: {} }],
] as const)("a template whose names are blank has no %s class without %s", (type, member, fields) => {
  const blank: TemplatePass = { ...coffeeCard.pass, storeCard: undefined, ...fields };
  const { class: shared, type: chosen } = render({
    ...{ ...blank, description: " ", organizationName: " ", logoText: " " },
  });
  expect([chosen, JSON.stringify(shared[member])]).toEqual([type, expect.stringContaining("–")]);
});

test("a blank logoText is no name", () => {
  expect(render({ ...coffeeCard.pass, logoText: " " }).class.programName).toBe("Corner Roasters");
});

test.each<[Partial<Field>, unknown]>([
  [{ value: 12.5, currencyCode: "EUR" }, { money: { currencyCode: "EUR", micros: "12500000" } }],
  [{ value: 320 }, { int: 320 }],
  [{ value: 0, numberStyle: "PKNumberStyleDecimal" }, { int: 0 }],
  [{ value: 3_000_000_000 }, { string: "3000000000" }],
  [{ value: 2.5 }, { double: 2.5 }],
  [{ value: "007" }, { string: "text" }],
  [{ value: 0.5, numberStyle: "PKNumberStylePercent" }, { string: "text" }],
])("the balance of %j is exactly one of four: %j", (field, balance) => {
  expect(balanceOf({ key: "points", ...field }, "text")).toEqual(balance);
});

test("a loyalty card has its program in the class, and account and points in the object", () => {
  const { class: shared, object } = renderSample(coffeeCard);
  expect(shared).toMatchObject({ programName: "Corner Roasters", issuerName: "Corner Roasters" });
  expect(object).toMatchObject({
    accountId: "CR-0004711",
    loyaltyPoints: { label: "BALANCE", balance: { money: { micros: "12500000" } } },
    secondaryLoyaltyPoints: { label: "STAMPS", balance: { int: 7 } },
  });
});

test("hints name the account and the points of a loyalty card", () => {
  const { object } = renderSample(coffeeCard, {
    google: { hints: { points: "stamps", accountName: "name", accountId: "level" } },
  });
  expect(object).toMatchObject({
    ...{ accountId: "Regular", accountName: "Léa Martin" },
    loyaltyPoints: { balance: { int: 7 } },
  });
  expect(object).not.toHaveProperty("secondaryLoyaltyPoints");
});

test("a gift card has a number, a pin by a hint and its balance as money", () => {
  const google = { type: "giftCard" as const, hints: { pin: "level" as const } };
  const { class: shared, object } = renderSample(coffeeCard, { google });
  expect(shared).toMatchObject({ merchantName: "Corner Roasters", allowBarcodeRedemption: true });
  expect(object).toMatchObject({
    cardNumber: "CR-0004711",
    pin: "Regular",
    balance: { currencyCode: "EUR", micros: "12500000" },
  });
});

test("an offer says all in its class", () => {
  const { class: shared } = renderSample(coupon);
  expect(shared).toMatchObject({ title: "20% off any cake", provider: "Krume", redemptionChannel: "BOTH" });
  const untitled: TemplatePass = { description: "A cake", organizationName: "Krume", coupon: {} };
  expect(render(untitled).class).toMatchObject({ title: "A cake" });
});

test("an event ticket has the event in the class, and the seat in the object", () => {
  const { class: shared, object } = renderSample(match);
  expect(shared).toMatchObject({
    eventName: { defaultValue: { language: "en", value: "Harbour – Rovers" } },
    dateTime: {
      start: "2027-03-06T15:00:00Z",
      doorsOpen: "2027-03-06T13:30:00Z",
      doorsOpenLabel: "GATES_OPEN",
    },
  });
  expect(object.seatInfo).toMatchObject({
    section: { defaultValue: { value: "East" } },
    row: { defaultValue: { value: "21" } },
    seat: { defaultValue: { value: "114" } },
    gate: { defaultValue: { value: "D" } },
  });
});

test("a venue is only written with its address, which the google part has", () => {
  expect(renderSample(concert).class).not.toHaveProperty("venue");
  const venue = {
    name: { defaultValue: { value: "Grand Hall" } },
    address: { defaultValue: { value: "Ring 1" } },
  };
  expect(renderSample(concert, { google: { venueAddress: "Ring 1" } }).class).toMatchObject({ venue });
  const hinted = { hints: { venueAddress: "rules" as const } };
  expect(renderSample(concert, { google: hinted }).class).toHaveProperty("venue.address");
  const raw = { class: { venue: { address: { defaultValue: { language: "en", value: "Ring 1" } } } } };
  expect(renderSample(concert, { google: raw }).class).toMatchObject({ venue });
});

test("hints name the holder, the type and the price of a ticket", () => {
  const hints = { ticketHolder: "holder", price: "price", ticketType: "section" };
  expect(renderSample(concert, { google: { hints } }).object).toMatchObject({
    ticketHolderName: "Ana Horvat",
    faceValue: { currencyCode: "EUR", micros: "64500000" },
    ticketType: { defaultValue: { value: "Parterre" } },
  });
});

test("several seats are named together", () => {
  const seats = [
    { seatRow: "12", seatNumber: "7" },
    { seatRow: "12", seatNumber: "8" },
  ];
  const { object } = render({ ...concert.pass, semantics: { seats } });
  expect(object).toHaveProperty("seatInfo.row.defaultValue.value", "12");
  expect(object).toHaveProperty("seatInfo.seat.defaultValue.value", "7, 8");
});

test("a generic class has neither issuer nor review nor colour: the object has title, colour and images", () => {
  const { class: shared, object } = renderSample(libraryCard);
  expect(Object.keys(shared)).not.toContain("issuerName");
  expect(Object.keys(shared)).not.toContain("reviewStatus");
  expect(object).toMatchObject({
    cardTitle: { defaultValue: { value: "City Library" } },
    header: { defaultValue: { value: "Ingrid Lund" } },
    subheader: { defaultValue: { value: "READER" } },
    hexBackgroundColor: "#f5f0e6",
  });
});

test("a generic pass with a date has a reminder and a start", () => {
  const relevantDates = [{ date: "2027-02-14T20:00+01:00" }];
  const { pass } = libraryCard;
  expect(render({ ...pass, relevantDates }).object).toMatchObject({
    validTimeInterval: { start: { date: "2027-02-14T20:00:00+01:00" } },
    notifications: { upcomingNotification: { enableNotification: true } },
  });
});

test("expirationDate, groupingIdentifier and sharingProhibited have members of their own", () => {
  const { class: shared, object } = renderSample(concert);
  expect(shared).toMatchObject({ multipleDevicesAndHoldersAllowedStatus: "ONE_USER_ALL_DEVICES" });
  expect(object).toMatchObject({
    validTimeInterval: { end: { date: "2027-09-19T04:00:00+02:00" } },
    groupingInfo: { groupingId: "the-lanterns-2027-09-18" },
  });
  expect(renderSample(coffeeCard).class).toMatchObject({
    multipleDevicesAndHoldersAllowedStatus: "MULTIPLE_HOLDERS",
  });
});
