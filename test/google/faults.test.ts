/**
 * Every code of the linter for Google Wallet: one change of a complete sample, and the linter reports that and nothing else.
 */
import { expect, test } from "vitest";
import { findGoogleFaults } from "../../src/google/faults.ts";
import type { GooglePart } from "../../src/google/google-part.ts";
import { GOOGLE_CODES } from "../../src/pkpass/codes.ts";
import { coffeeCard, coupon } from "../pkpass/samples/cards.ts";
import { concert } from "../pkpass/samples/events.ts";
import { flight, semanticFlight } from "../pkpass/samples/flight.ts";
import { libraryCard, museum } from "../pkpass/samples/memberships.ts";
import { googleCases, googleSubject } from "./fault-cases.ts";

test.each(googleCases)("$code at $pointer of a broken $of.name", (broken) => {
  const { code, pointer, beside = [] } = broken;
  const found = findGoogleFaults(googleSubject(broken));
  expect(found.map((finding) => [finding.code, finding.pointer])).toContainEqual([code, pointer]);
  expect(new Set(found.map((finding) => finding.code))).toEqual(
    new Set([code, ...beside, ...usual(broken.of)]),
  );
  for (const { message, cure } of found) {
    expect(message).toMatch(/^[^\s].*[.?]$/s);
    expect(cure).toMatch(/^[A-Z].*\.$/s);
  }
});

/** The concert ticket has one row more than Google's card. */
const usual = (sample: object) => (sample === concert ? ["google_too_many_rows"] : []);

test("every code has a case", () => {
  expect(new Set(googleCases.map(({ code }) => code))).toEqual(new Set(Object.keys(GOOGLE_CODES)));
});

test.each([coffeeCard, coupon, semanticFlight, libraryCard, museum])("nothing is reported of $name", (of) => {
  expect(findGoogleFaults(googleSubject({ of }))).toEqual([]);
});

test("the data of an event counts", () => {
  const subject = googleSubject({ of: flight });
  const { semantics } = semanticFlight.pass;
  const event = { values: {}, overrides: { semantics }, without: [] };
  expect(findGoogleFaults({ ...subject, event })).toEqual([]);
});

test("a barcode whose message only the passes have is not judged", () => {
  expect(
    findGoogleFaults(googleSubject({ of: coupon, pass: { barcodes: [{ format: "PKBarcodeFormatI2of5" }] } })),
  ).toEqual([]);
});

test("what Google takes is no fault: other types of finePrint, numbers as text, null, and Google's own kind", () => {
  const texts = { kind: "walletobjects#localizedString", defaultValue: { language: "en", value: "x" } };
  const found = (of: typeof coupon, google: GooglePart) =>
    findGoogleFaults(googleSubject({ of, google })).filter(({ pointer }) => pointer.startsWith("/google"));
  expect(found(coupon, { class: { finePrint: "text" } })).toEqual([]);
  expect(found(concert, { class: { finePrint: texts, redemptionIssuers: [1, "2"] } })).toEqual([]);
  expect(found(concert, { class: { finePrint: "text" } }).map(({ code }) => code)).toEqual([
    "google_value_malformed",
  ]);
  const balance = { money: { micros: 1_000_000, currencyCode: "EUR" }, int: null };
  expect(found(coffeeCard, { object: { loyaltyPoints: { balance, label: null } } })).toEqual([]);
  expect(
    found(coffeeCard, { object: { groupingInfo: { sortIndex: "1" }, linkedObjectIds: [null] } }),
  ).toEqual([expect.objectContaining({ pointer: "/google/object/linkedObjectIds/0" })]);
});

test("a raw member that mapped members complete is not reported as incomplete", () => {
  const google = {
    class: { programLogo: { contentDescription: null }, heroImage: { contentDescription: null } },
    object: { barcode: { alternateText: "1" }, loyaltyPoints: { label: "P" } },
  };
  expect(findGoogleFaults(googleSubject({ of: coffeeCard, google }))).toEqual([]);
});

test("an old spelling of a word has its new one in the message", () => {
  const subject = googleSubject({ of: coffeeCard, google: { object: { barcode: { type: "qrCode" } } } });
  expect(findGoogleFaults(subject).map(({ message }) => message)).toEqual([
    'Google does not know the value qrCode. Did you mean "QR_CODE"?',
  ]);
});

test("the raw members of a template that is generic because data is missing are those of generic passes", () => {
  const google = { class: { flightStatus: "ACTIVE" } };
  expect(findGoogleFaults(googleSubject({ of: flight, google })).map(({ code }) => code)).toContain(
    "google_member_unknown",
  );
});
