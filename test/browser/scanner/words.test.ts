/**
 * Times and keys as a person reads them.
 */
import { expect, test } from "vitest";
import { canScan, keyEndWords, scopeWords } from "../../../src/browser/key-words.ts";
import { counterWords } from "../../../src/browser/scanner/page-words.ts";
import { atTimeWords, timeWords } from "../../../src/browser/times.ts";
import { NOW } from "./samples.ts";

const at = (...[year, month, day, hour]: [number, number, number, number]) =>
  new Date(year, month - 1, day, hour).getTime();
const nothing = { projects: [], events: [], templates: [] };
const berlin = { id: 1, name: "Berlin", date: "2026-06-12T23:30-09:00" };

test("a time of today has no date, and one of another year has the year", () => {
  expect(timeWords(at(2026, 6, 12, 9), NOW)).toBe("09:00");
  expect(timeWords(at(2026, 6, 11, 9), NOW)).toBe("11 June, 09:00");
  expect(timeWords(at(2025, 6, 12, 9), NOW)).toBe("12 June 2025, 09:00");
  expect(atTimeWords(at(2026, 6, 12, 9), NOW)).toBe("at 09:00");
  expect(atTimeWords(at(2026, 6, 11, 9), NOW)).toBe("on 11 June, 09:00");
});

test("the words name what a key scans: everything, one event on its local day, the first of several, or nothing any more", () => {
  expect(scopeWords({ scope: null, resources: null }, NOW)).toBe("All passes");
  expect(scopeWords({ scope: {}, resources: { ...nothing, events: [berlin] } }, NOW)).toBe(
    "Berlin, 12 June only",
  );
  expect(
    scopeWords(
      {
        scope: {},
        resources: {
          projects: [{ id: 1, name: "Tour" }],
          events: [berlin, { id: 2, name: "Hamburg", date: null }],
          templates: [{ id: 3, name: "Crew", organizationName: undefined }],
        },
      },
      NOW,
    ),
  ).toBe("Berlin, 12 June, and 3 more");
  expect(scopeWords({ scope: {}, resources: nothing }, NOW)).toMatch(/^No passes/);
  expect(scopeWords({ scope: {}, resources: null }, NOW)).toBe("Only some passes");
  const strange = { id: 1, name: "Berlin", date: "soon" };
  expect(scopeWords({ scope: {}, resources: { ...nothing, events: [strange] } }, NOW)).toBe("Berlin only");
});

test("the words say until when a key scans", () => {
  const until = (time: number) => keyEndWords({ expiresAt: new Date(time).toISOString() }, NOW);
  expect(until(at(2026, 6, 12, 23))).toBe("Until 23:00 today");
  expect(until(at(2026, 6, 13, 18))).toBe("Until Saturday 18:00");
  expect(until(at(2026, 7, 3, 18))).toBe("Until 3 July, 18:00");
  expect(keyEndWords({ expiresAt: null }, NOW)).toBe("");
});

test("a reader's key cannot scan", () => {
  expect(["scanner", "issuer", "admin"].every((role) => canScan({ role }))).toBe(true);
  expect(canScan({ role: "reader" })).toBe(false);
});

test("the counter names what is not checked only if there is any", () => {
  expect(counterWords(41, 3, 0)).toBe("Today on this phone: 41 let in, 3 turned away");
  expect(counterWords(41, 3, 2)).toBe("Today on this phone: 41 let in, 3 turned away, 2 not checked");
});
