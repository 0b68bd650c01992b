/**
 * The chart of scans by hour: days, bars and the rows of its table, in the time zone of the computer.
 */
import { expect, test } from "vitest";
import {
  daysWithScans,
  hourBarsOf,
  hourRowsOf,
  hourWords,
} from "../../../src/browser/dashboard/scan-hours.ts";

const day = (date: number) => new Date(2026, 5, date).getTime();
const at = (date: number, hour: number) => new Date(2026, 5, date, hour).toISOString();
const count = (hour: string, place: string | null, outcome: string, number: number) => ({
  ...{ hour, place, outcome },
  count: number,
});
const items = [
  count(at(13, 0), null, "redeemed", 1),
  count(at(12, 23), "Gate 2", "redeemed", 4),
  count(at(12, 23), "Gate 1", "redeemed", 9),
  count(at(12, 23), "Gate 1", "already_redeemed", 2),
  count(at(12, 8), "Gate 1", "too_soon", 3),
];

test("the days with scans are listed, the newest first", () => {
  expect(daysWithScans(items)).toEqual([day(13), day(12)]);
  expect(daysWithScans([])).toEqual([]);
});

test("each hour of the day has a bar, divided by the outcomes of its scans", () => {
  const bars = hourBarsOf(items, day(12));
  expect(bars).toHaveLength(24);
  expect(bars[23]).toEqual({ hour: 23, total: 15, byTone: { good: 13, warning: 0, bad: 2, quiet: 0 } });
  expect(bars[8]?.byTone).toEqual({ good: 0, warning: 3, bad: 0, quiet: 0 });
  expect(bars.reduce((sum, { total }) => sum + total, 0)).toBe(18);
  expect(hourBarsOf(items, day(13))[0]?.total).toBe(1);
});

test("the table has each hour and place once, the earliest hour first", () => {
  expect(hourRowsOf(items, day(12))).toEqual([
    { hour: 8, place: "Gate 1", count: 3, outcomes: "3 too soon" },
    { hour: 23, place: "Gate 1", count: 11, outcomes: "9 redeemed, 2 already used" },
    { hour: 23, place: "Gate 2", count: 4, outcomes: "4 redeemed" },
  ]);
  expect([8, 23].map(hourWords)).toEqual(["08:00 to 09:00", "23:00 to 00:00"]);
});
