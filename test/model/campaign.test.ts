/**
 * `npm run campaign`: a small campaign in virtual time, and the arithmetic that makes a million phones of a sample.
 */
import { beforeAll, expect, test } from "vitest";
import { constantRates, peakD1, pushesWithin, type Second, secondsFor } from "../tools/campaign/figures.ts";
import { runGoogleCampaign } from "../tools/campaign/google.ts";
import { type Campaign, runCampaign } from "../tools/campaign/pushes.ts";
import { duration } from "../tools/campaign/table.ts";
import { createFixture, createSurroundings, type Fixture, REAL_LIMITS } from "../tools/model/fixture.ts";

/** More than a page of listeners, and not a whole number of messages. */
const PHONES = 1030;
const SMALL: Campaign = { phones: PHONES, concurrency: 3, latency: 50, pushesPerSecond: null };

let fixture: Fixture;

beforeAll(async () => {
  fixture = await createFixture(await createSurroundings(), [], REAL_LIMITS);
}, 300_000);

test("a campaign pushes every phone once, over six connections of each consumer, and each phone costs two D1 requests", async () => {
  const { reached, pushedTwice, mostPushesAtOnce, d1, seconds } = await runCampaign(fixture, SMALL);
  expect({ reached, pushedTwice, mostPushesAtOnce }).toEqual({
    reached: PHONES,
    pushedTwice: 0,
    mostPushesAtOnce: 3 * 6,
  });
  expect(d1.phones).toBe(2 * PHONES);
  // With a message for each 3 phones, as in the other runs of the model, there would be more than a thousand.
  expect(d1.pushes).toBeLessThan(50);
  expect(seconds.reduce((sum, { pushes }) => sum + pushes, 0)).toBe(PHONES);
});

test("pushesPerSecond makes a campaign as slow as the operator wants it", async () => {
  const phones = 300;
  const { seconds, reached } = await runCampaign(fixture, { ...SMALL, phones, pushesPerSecond: 25 });
  expect(reached).toBe(phones);
  expect(constantRates(seconds).pushes).toBeCloseTo(25, 0);
});

test("a change that the objects of saved passes show is one call for each, 15 a second", async () => {
  const { calls, reached, refused, mostInSecond, seconds } = await runGoogleCampaign(fixture, {
    saved: 60,
    changes: "the objects",
    latency: 150,
  });
  expect({ calls, reached, refused }).toEqual({ calls: { Class: 0, Object: 60 }, reached: 60, refused: 0 });
  expect(mostInSecond).toBeLessThanOrEqual(16);
  expect(seconds).toBeGreaterThan(59 / 15);
  expect(seconds).toBeLessThan(8);
});

test("a change that only the class of saved passes shows is one call", async () => {
  const { calls } = await runGoogleCampaign(fixture, { saved: 60, changes: "the class only", latency: 150 });
  expect(calls).toEqual({ Class: 1, Object: 0 });
});

/** 100 pushes a second for so many seconds, and each phone asks twice within the next six seconds. */
function steady(length: number): Second[] {
  return Array.from({ length: length + 6 }, (_, at) => ({
    pushes: at < length ? 100 : 0,
    phoneD1: at < length ? Math.min(at, 6) * 33 : 50,
    pushD1: at < length ? 2 : 0,
  }));
}

test("rates are averages of the part between the ramp and the last tenth", () => {
  expect(constantRates(steady(100))).toEqual({ pushes: 100, phoneD1: 198, pushD1: 2 });
  expect(constantRates([{ pushes: 0, phoneD1: 0, pushD1: 5 }, ...steady(100)]).phoneD1).toBe(198);
  expect(peakD1(steady(100))).toBe(200);
  expect(() => constantRates(steady(5))).toThrow("too small");
});

test("a million phones take the time of the sample, and the constant rate for all others", () => {
  expect(secondsFor(10_000, steady(100))).toBe(100);
  expect(secondsFor(1_000_000, steady(100))).toBe(100 + 990_000 / 100);
  expect([duration(3500), duration(3600), duration(10_000)]).toEqual(["58 min", "1 h 0 min", "2 h 47 min"]);
});

test("pushesPerSecond is the greatest of the whole tens whose D1 requests stay within the limit", () => {
  expect(pushesWithin(800, 2.016)).toBe(390);
  expect(pushesWithin(800, 2)).toBe(400);
});
