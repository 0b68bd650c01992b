/**
 * The date of an occasion: which of the dates in a pass.json it is, and that its offset stays.
 */
import { expect, test } from "vitest";
import { firstDateOf } from "../../src/pkpass/first-date.ts";

const [start, date, late] = ["2027-06-12T20:00+02:00", "2027-06-12T18:00+02:00", "2027-06-13T18:00+02:00"];

test.each([
  ["no date", {}, null],
  ["no date in an empty list", { relevantDates: [], semantics: {} }, null],
  ["the first of several", { relevantDates: [{ date }, { date: late }] }, date],
  ["a span", { relevantDates: [{ startDate: date, endDate: late }] }, date],
  ["the name of iOS 18", { relevantDates: [{ relevantDate: date }] }, date],
  ["the key of old passes", { relevantDate: date }, date],
  [
    "the start of the event first",
    { relevantDates: [{ date }], semantics: { eventStartDate: start } },
    start,
  ],
])("%s", (_name, pass, expected) => {
  expect(firstDateOf(pass)).toBe(expected);
});
