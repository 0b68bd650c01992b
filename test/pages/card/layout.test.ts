/**
 * How a pass is laid out: which layouts phones have for it, which fields they draw in which rows, and how large a text
 * may be.
 *
 * Follows Apple's "PassFields" and its articles on posters and semantic boarding passes.
 */
import { expect, test } from "vitest";
import { featuredLinks, linksOf } from "../../../src/pages/card/actions.tsx";
import { looksOf } from "../../../src/pages/card/looks.ts";
import { drawnFields, rowsOf } from "../../../src/pages/card/sections.ts";
import { estimateWidth } from "../../../src/pages/card/text-width.ts";
import { wordsOf } from "../../../src/pages/card/words.ts";
import type { Style, TemplatePass } from "../../../src/pkpass/schema/schema.ts";
import { concert, match } from "../../pkpass/samples/events.ts";
import { flight, semanticFlight } from "../../pkpass/samples/flight.ts";
import { museum } from "../../pkpass/samples/memberships.ts";

const ARTWORK = new Set(["artwork"]);
const layouts = (pass: TemplatePass, slots = ARTWORK) => looksOf(pass, slots).map(({ layout }) => layout);

test("a pass has its newest layout first, and then the one that every phone knows", () => {
  expect(layouts(match.pass)).toEqual(["posterEventTicket", "eventTicket"]);
  expect(layouts(semanticFlight.pass)).toEqual(["semanticBoardingPass", "boardingPass"]);
  expect(layouts(museum.pass)).toEqual(["posterGeneric", "generic"]);
  expect(layouts(flight.pass)).toEqual(["boardingPass"]);
  expect(layouts(concert.pass)).toEqual(["eventTicket"]);
  expect(layouts({ description: "d", organizationName: "o" })).toEqual(["generic"]);
});

test("a pass without all that a newer layout needs has only the classic one", () => {
  const without = (pass: TemplatePass, change: Partial<TemplatePass>) => layouts({ ...pass, ...change });
  const sports = { ...match.pass.semantics, homeTeamAbbreviation: "" };
  expect(without(match.pass, { semantics: sports })).toEqual(["eventTicket"]);
  expect(layouts(match.pass, new Set(["strip"]))).toEqual(["eventTicket"]);
  const { nfc: _, ...unread } = match.pass;
  expect(layouts(unread)).toEqual(["eventTicket"]);
  // Phones use the first scheme that they know.
  const reversed = { preferredStyleSchemes: ["eventTicket", "posterEventTicket"] };
  expect(without(match.pass, reversed)).toEqual(["eventTicket"]);
  const train = { ...flight.pass.boardingPass, transitType: "PKTransitTypeTrain" as const };
  expect(without(semanticFlight.pass, { boardingPass: train })).toEqual(["boardingPass"]);
});

const fields = (section: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({ key: `${section}${n}`, value: "" }));
const full = (style: Style): TemplatePass => ({
  description: "d",
  organizationName: "o",
  [style]: { secondaryFields: fields("s", 3), auxiliaryFields: fields("a", 6), footerFields: fields("f", 3) },
});
const keys = (style: Style, pass = full(style)) =>
  rowsOf(pass, style).map((row) => row.fields.map(({ key }) => key).join(" "));

test("secondary and auxiliary fields are in the rows that Wallet has for them", () => {
  expect(keys("storeCard")).toEqual(["s0 s1 s2 a0"]);
  expect(keys("coupon")).toEqual(["s0 s1 s2 a0"]);
  expect(keys("generic")).toEqual(["s0 s1 s2", "a0 a1 a2 a3"]);
  expect(keys("boardingPass")).toEqual(["a0 a1 a2 a3 a4", "s0 s1 s2"]);
  const auxiliaryFields = fields("a", 7).map((field, n) => ({
    ...field,
    row: n < 2 ? (1 as const) : (0 as const),
  }));
  const ticket = { description: "d", organizationName: "o", eventTicket: { auxiliaryFields } };
  expect(keys("eventTicket", ticket)).toEqual(["a2 a3 a4 a5", "a0 a1"]);
  expect(drawnFields(full("posterGeneric"), "posterGeneric", "footerFields")).toHaveLength(2);
  expect(drawnFields(full("storeCard"), "storeCard", "footerFields")).toEqual([]);
});

test("a text has at least the width that it needs in a wide font", () => {
  expect(estimateWidth("")).toBe(0);
  expect(estimateWidth("WAW")).toBeGreaterThan(2.6);
  expect(estimateWidth("lil")).toBeLessThan(1.3);
  expect(estimateWidth("東京")).toBeGreaterThanOrEqual(2);
  expect(estimateWidth("e\u0301")).toBe(estimateWidth("e"));
});

test("two featured actions are shown, and no link with an unsafe scheme", () => {
  expect(featuredLinks(museum.pass, "en")).toEqual([
    { title: "Book Appointment", href: "https://museum.example.com/tours" },
    { title: "Call", href: "tel:+442079460000" },
  ]);
  const action = (url: string, type = "shop") => ({ identifier: "a", type, url });
  const featured = [
    action("javascript:alert(1)"),
    action("https://e.com", "constructor"),
    action("https://e.com"),
  ];
  expect(featuredLinks({ ...museum.pass, featuredActions: featured }, "en")).toEqual([]);
  expect(featuredLinks(museum.pass, "de-AT").map(({ title }) => title)).toEqual(["Termin buchen", "Anrufen"]);
});

test("a poster has the links of its event guide, and the classic ticket has none", () => {
  const [poster, classic] = looksOf(match.pass, ARTWORK);
  const links = linksOf({ ...match.pass, sellURL: "javascript:alert(1)" }, poster, "en");
  expect(links.map(({ title }) => title)).toEqual([
    "Transfer Ticket",
    "Bag Policy",
    "Directions",
    "Parking",
    "Call Venue",
  ]);
  expect(links.at(-1)?.href).toBe("tel:+442392000000");
  expect(linksOf(match.pass, classic ?? poster, "en")).toEqual([]);
  // Neither is an address or a number as it is written, and a part of it would be another one.
  const wrong = { contactVenueEmail: "mailto:a@example.com", contactVenuePhoneNumber: "1-800-FLOWERS" };
  const titles = linksOf({ ...match.pass, ...wrong }, poster, "en").map(({ title }) => title);
  expect(titles).not.toContain("Call Venue");
  expect(titles).not.toContain("Email Venue");
});

test("Wallet's own words are in the reader's language, or else English", () => {
  expect(wordsOf("de-AT").seat).toBe("Platz");
  expect(wordsOf("fi").seat).toBe("Seat");
  expect(wordsOf("constructor").seat).toBe("Seat");
});
