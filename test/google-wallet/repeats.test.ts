/**
 * When something is sent to Google again.
 */
import { expect, test } from "vitest";
import { pauseAfterFailure } from "../../src/google-wallet/repeats.ts";

const MINUTE = 60_000;

test.each([
  ["unavailable", 0, 10_000],
  ["unavailable", 3, 80_000],
  ["unavailable", 30, 60 * MINUTE],
  ["not_invited", 0, 10_000],
  // A good check ends the pause of the issuer: no row waits much longer.
  ["not_invited", 30, 10 * MINUTE],
] as const)("%s after %i attempts: %i ms", (code, attempts, pause) => {
  expect(pauseAfterFailure({ code }, attempts, 0)).toBe(pause);
});

test.each(["unavailable", "quota_exceeded"] as const)("%s waits as long as Google asks", (code) => {
  const failure = { code, retryAfterSeconds: 120 };
  expect([0, 30].map((attempts) => pauseAfterFailure(failure, attempts, 0))).toEqual([
    2 * MINUTE,
    60 * MINUTE,
  ]);
});
