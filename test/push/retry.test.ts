/**
 * How often a push is retried, and how long a retry waits.
 */
import { expect, test } from "vitest";
import { MAX_ATTEMPTS, pauseBefore } from "../../src/push/retry.ts";

test("the pause doubles with each attempt, up to an hour", () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((attempt) => pauseBefore(attempt, undefined, 0));
  expect(pauses).toEqual([15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
});

test("the pause is at least what was asked for, and spread by up to a quarter", () => {
  expect(pauseBefore(1, 1200, 0)).toBe(1200);
  expect(pauseBefore(1, 1200, 0.999)).toBe(1500);
  expect(pauseBefore(9, 60, 0)).toBe(3600);
  expect(pauseBefore(1, undefined, 0.5)).toBe(17);
});

test("a failure that another connection heals is retried three times after 30 seconds, and then like any other", () => {
  const pauses = [1, 2, 3, 4, 5, 9].map((attempt) => pauseBefore(attempt, 600, 0, true));
  expect(pauses).toEqual([30, 30, 30, 600, 600, 3600]);
  expect(pauseBefore(1, 600, 0.999, true)).toBe(38);
});

test("no pause is longer than a queue can delay a message", () => {
  expect(pauseBefore(1, 999_999, 1)).toBe(43_200);
  expect(pauseBefore(100, undefined, 1)).toBe(4500);
});

test("ten attempts take about two hours", () => {
  const pauses = Array.from({ length: MAX_ATTEMPTS - 1 }, (_, index) =>
    pauseBefore(index + 1, undefined, 0.5),
  );
  const hours = pauses.reduce((sum, seconds) => sum + seconds, 0) / 3600;
  expect(MAX_ATTEMPTS).toBe(10);
  expect(hours).toBeGreaterThan(1.5);
  expect(hours).toBeLessThan(2.5);
});
