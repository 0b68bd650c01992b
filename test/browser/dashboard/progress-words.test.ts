/**
 * What the dashboard says of the progress of a change, and when it asks again.
 */
import { expect, test } from "vitest";
import {
  endsWords,
  nextAskMs,
  notifiedWords,
  type Progress,
  paceSentence,
  progressState,
} from "../../../src/browser/dashboard/change/progress-words.ts";

const NOW = new Date(2026, 5, 12, 14, 3).getTime();
const MINUTE_MS = 60_000;
const at = (facts: Partial<Progress>): Progress => ({
  change: { id: 118, push: "queued" },
  phones: { count: 1000, isExact: true },
  ...{ notified: 400, gaveUp: 0, paused: false, pushesPerSecond: null, perSecond: null, endsAt: null },
  ...facts,
});

test("it is under way until each phone was notified or its push failed", () => {
  expect(progressState(at({}))).toBe("running");
  expect(progressState(at({ paused: true }))).toBe("paused");
  expect(progressState(at({ notified: 1000, paused: true }))).toBe("done");
  expect(progressState(at({ notified: 990, gaveUp: 10 }))).toBe("failed");
  expect(progressState(at({ change: null }))).toBe("none");
  expect(progressState(at({ phones: { count: 0, isExact: true }, notified: 0 }))).toBe("none");
});

test("it asks every five seconds, later less often, and not at all once nothing is left", () => {
  expect(nextAskMs(at({}), 0)).toBe(5000);
  expect(nextAskMs(at({}), 5 * MINUTE_MS)).toBe(15_000);
  expect(nextAskMs(at({ paused: true }), 60 * MINUTE_MS)).toBe(MINUTE_MS);
  expect(nextAskMs(at({ notified: 1000 }), 0)).toBeUndefined();
  expect(nextAskMs(at({ change: null }), 0)).toBeUndefined();
});

test("how many, how quickly and until when", () => {
  expect(notifiedWords(at({}))).toBe("400 of 1,000 phones were notified.");
  expect(notifiedWords(at({ phones: { count: 118_000, isExact: false } }))).toBe(
    "400 of about 118,000 phones were notified.",
  );
  expect(endsWords(at({}), NOW)).toBe("");
  expect(endsWords(at({ endsAt: new Date(NOW + 5 * MINUTE_MS).toISOString() }), NOW)).toBe(
    "It ends at about 14:08 today.",
  );
  expect(endsWords(at({ endsAt: new Date(NOW + 9000).toISOString() }), NOW)).toBe("It ends within a minute.");
  expect(paceSentence(at({}))).toBe("");
  expect(paceSentence(at({ perSecond: 2.34 }))).toBe("About 2.3 phones a second.");
  expect(paceSentence(at({ pushesPerSecond: 500, perSecond: 497.3 }))).toBe(
    "At most 500 pushes a second; now about 497.",
  );
});
