/**
 * What the dashboard says of the progress of a change, and when it asks again.
 */
import { expect, test } from "vitest";
import {
  dueWords,
  endsWords,
  googleProgressWords,
  googleRefusedWords,
  nextAskMs,
  notifiedWords,
  type Progress,
  paceSentence,
  progressState,
  showsSentence,
  stateSentence,
} from "../../../src/browser/dashboard/change/progress-words.ts";

const NOW = new Date(2026, 5, 12, 14, 3).getTime();
const MINUTE_MS = 60_000;
const at = (facts: Partial<Progress>): Progress => ({
  change: { id: 118, push: "queued", dueAt: null },
  phones: { count: 1000, isExact: true },
  ...{ notified: 400, gaveUp: 0, paused: false, pushesPerSecond: null, perSecond: null, endsAt: null },
  ...facts,
});

test("a change is under way until each phone was notified or its push failed", () => {
  expect(progressState(at({}))).toBe("running");
  expect(progressState(at({ paused: true }))).toBe("paused");
  expect(progressState(at({ notified: 1000, paused: true }))).toBe("done");
  expect(progressState(at({ notified: 990, gaveUp: 10 }))).toBe("failed");
  expect(progressState(at({ change: null }))).toBe("none");
  expect(progressState(at({ phones: { count: 0, isExact: true }, notified: 0 }))).toBe("none");
});

test("the sentence of a state is shown where nothing else says it, so that it is in the page once", () => {
  const shown = [at({ change: null }), at({ paused: true }), at({}), at({ notified: 1000 })];
  expect(shown.map(showsSentence)).toEqual([true, true, false, false]);
});

test("the page asks every five seconds, later less often, and not at all once nothing is left", () => {
  expect(nextAskMs(at({}), 0)).toBe(5000);
  expect(nextAskMs(at({}), 5 * MINUTE_MS)).toBe(15_000);
  expect(nextAskMs(at({ paused: true }), 60 * MINUTE_MS)).toBe(MINUTE_MS);
  expect(nextAskMs(at({ notified: 1000 }), 0)).toBeUndefined();
  expect(nextAskMs(at({ change: null }), 0)).toBeUndefined();
});

test("the words say how many phones were notified, how quickly, and when it ends", () => {
  expect(notifiedWords(at({}))).toBe("400 of 1,000 phones were notified.");
  expect(notifiedWords(at({ phones: { count: 118_000, isExact: false } }))).toBe(
    "400 of about 118,000 phones were notified.",
  );
  const one = at({ phones: { count: 1, isExact: true }, notified: 0 });
  expect(notifiedWords(one)).toBe("0 of 1 phone was notified.");
  expect(endsWords(at({}), NOW)).toBe("");
  expect(endsWords(at({ endsAt: new Date(NOW + 5 * MINUTE_MS).toISOString() }), NOW)).toBe(
    "It ends at about 14:08 today.",
  );
  expect(endsWords(at({ endsAt: new Date(NOW + 9000).toISOString() }), NOW)).toBe("It ends within a minute.");
  const waiting = at({ change: { id: 118, push: "queued", dueAt: new Date(NOW + MINUTE_MS).toISOString() } });
  expect(dueWords(waiting, NOW)).toBe("The next pushes are due at 14:04.");
  expect(dueWords({ ...waiting, paused: true }, NOW)).toBe("");
  expect(dueWords(waiting, NOW + 2 * MINUTE_MS)).toBe("");
  expect(paceSentence(at({}))).toBe("");
  expect(paceSentence(at({ perSecond: 2.34 }))).toBe("About 2.3 phones a second.");
  expect(paceSentence(at({ pushesPerSecond: 500, perSecond: 497.3 }))).toBe(
    "At most 500 pushes a second; now about 497.",
  );
});

const sending = (facts: Partial<NonNullable<Progress["google"]>>) =>
  at({
    google: {
      objects: { count: 100_000, isExact: true },
      ...{ waiting: 0, gaveUp: 0, classes: { waiting: 0, gaveUp: 0 }, seconds: 0 },
      ...facts,
    },
  });

test("the words say how many passes Google Wallet has, and how long the rest takes", () => {
  const words = (facts: Parameters<typeof sending>[0]) => googleProgressWords(sending(facts));
  expect(words({ waiting: 98_800, seconds: 6600 })).toBe(
    "Google Wallet: 1,200 of 100,000 passes sent, about 1 h 50 min left.",
  );
  expect(words({ objects: { count: 40_000, isExact: false }, waiting: 30, seconds: 2, gaveUp: 3 })).toBe(
    "Google Wallet: 39,967 of about 40,000 passes sent, less than a minute left.",
  );
  expect(words({ classes: { waiting: 1, gaveUp: 0 }, seconds: 1 })).toBe(
    "Google Wallet: the change is being sent to 100,000 passes at once.",
  );
  expect(words({})).toBe("Google Wallet: 100,000 passes, all up to date.");
  expect(words({ objects: { count: 1, isExact: true } })).toBe("Google Wallet: 1 pass, up to date.");
  expect(words({ objects: { count: 0, isExact: true } })).toBe("");
  expect(googleProgressWords(at({}))).toBe("");
  expect(words({ gaveUp: 3 })).toBe("");
  expect(googleRefusedWords(sending({ gaveUp: 3 }))).toBe("Google refused 3 passes.");
  expect(googleRefusedWords(sending({ gaveUp: 1 }))).toBe("Google refused 1 pass.");
  expect(googleRefusedWords(sending({ classes: { waiting: 0, gaveUp: 1 } }))).toBe(
    "Google refused the change.",
  );
  expect([googleRefusedWords(sending({})), googleRefusedWords(at({}))]).toEqual(["", ""]);
});

test("with Google Wallet, phones are called iPhones, and the page asks until Google has everything too", () => {
  expect(notifiedWords(sending({}))).toBe("400 of 1,000 iPhones were notified.");
  expect(stateSentence(at({}))).toBe("Phones are being notified.");
  expect(stateSentence(sending({}))).toBe("iPhones are being notified.");
  const waits = { ...sending({ waiting: 1, seconds: 1 }), notified: 1000 };
  expect(stateSentence(waits)).toBe("All iPhones were notified. Google Wallet is being updated.");
  expect(nextAskMs(waits, 0)).toBe(5000);
  expect(nextAskMs({ ...sending({}), notified: 1000 }, 0)).toBeUndefined();
});
