/**
 * What the dashboard says of passes, their phones and their changes.
 */
import { expect, test } from "vitest";
import type {
  Install,
  ListedPass,
  LoggedChange,
  Phone,
} from "../../../src/browser/dashboard/pass-answers.ts";
import {
  changePushWords,
  changeWords,
  installWords,
  passCountWords,
  passTitle,
  phonesWillShow,
  pushSentences,
  pushWord,
  rowWords,
  statusWord,
  valueWords,
  walletWords,
  withGoogleLines,
} from "../../../src/browser/dashboard/pass-words.ts";
import { timeWords } from "../../../src/browser/times.ts";

const NOW = new Date(2026, 5, 12, 14, 3).getTime();
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const pass = (facts: Partial<ListedPass>) => ({ values: {}, externalId: null, ...facts }) as ListedPass;
const PHONE: Phone = {
  ...{ id: 1, device: "ab", wallet: "apple", registeredAt: at(-9), push: "done" },
  ...{ nextPushAt: null, lastAnswer: null, doubted: false },
};

test("a pass is known by its first own text, then by its externalId, then by its serial number", () => {
  const values = { points: { value: undefined }, name: { value: "Ada" } };
  expect(passTitle(pass({ values, externalId: "X", serialNumber: "S" }))).toBe("Ada");
  expect(passTitle(pass({ externalId: "X", serialNumber: "S" }))).toBe("X");
  expect(passTitle(pass({ serialNumber: "S" }))).toBe("S");
});

test("a row names a pass, its template, and its serial number unless the service generated it", () => {
  const generated = "3f2a9c1d-0000-4000-8000-000000000001";
  expect(rowWords(pass({ serialNumber: generated }), "Card")).toEqual(["Card, 3f2a9c1d", generated]);
  expect(rowWords(pass({ serialNumber: "S" }), "Card")).toEqual(["S", "Card"]);
  expect(rowWords(pass({ externalId: "X", serialNumber: "S" }), "Card")).toEqual(["X", "Card", "S"]);
  expect(rowWords(pass({ externalId: "X", serialNumber: generated }), "Card")).toEqual(["X", "Card"]);
});

test("a status or a push of a newer server is shown as it is", () => {
  expect(statusWord("constructor")).toEqual({ text: "constructor", tone: "quiet" });
  expect(pushWord({ ...PHONE, push: "sent" }).text).toBe("sent");
});

test("counts of passes and of phones are written as words", () => {
  expect(passCountWords({ count: 1204, isExact: true })).toBe("1,204 passes");
  expect(passCountWords({ count: 1, isExact: false })).toBe("1 pass among the newest ones");
  expect(installWords(pass({ registrations: 2, installStatus: "installed" }))).toBe("On 2 phones");
  expect(installWords(pass({ registrations: 0, installStatus: "uninstalled" }))).toBe("Removed from phones");
});

test("what Google says of a pass has its place among the loaded changes", () => {
  const change = (id: number, minutes: number) => ({ id, at: at(minutes) }) as LoggedChange;
  const changes = [change(3, -10), change(2, -30), change(1, -60)];
  const linesOf = (installed: number | null, removed: number | null, isWhole = true) =>
    withGoogleLines(
      changes,
      {
        installedAt: installed === null ? null : at(installed),
        uninstalledAt: removed === null ? null : at(removed),
      },
      isWhole,
    ).map((line) => ("text" in line ? line.text : line.id));
  expect(linesOf(null, null)).toEqual([3, 2, 1]);
  expect(linesOf(-20, null)).toEqual([3, "Saved in Google Wallet", 2, 1]);
  expect(linesOf(-70, -5)).toEqual(["Removed from Google Wallet", 3, 2, 1, "Saved in Google Wallet"]);
  // Older changes are not loaded yet.
  expect(linesOf(-70, -40, false)).toEqual([3, 2, "Removed from Google Wallet", 1]);
  expect(withGoogleLines(changes, undefined, true)).toEqual(changes);
});

test("the words say which Wallet has the pass, and since when", () => {
  const never = { status: "not_been_installed", installedAt: null, uninstalledAt: null };
  const there = { status: "installed", installedAt: at(-63), uninstalledAt: null };
  const gone = { status: "uninstalled", installedAt: at(-63), uninstalledAt: at(-3) };
  const words = (registrations: number, apple: Install, google: Install) =>
    installWords(pass({ registrations, installStatus: "installed", installs: { apple, google } }));
  expect(words(1, there, never)).toBe("On 1 phone");
  expect(words(2, there, there)).toBe("On 2 phones and in Google Wallet");
  expect(words(0, never, there)).toBe("In Google Wallet");
  expect(words(0, gone, there)).toBe("In Google Wallet");
  expect([walletWords(never, 0, NOW), walletWords(undefined, 0, NOW)]).toEqual(["", ""]);
  expect(walletWords(there, 2, NOW)).toBe("On 2 phones, since 13:00");
  expect(walletWords(there, 0, NOW)).toBe("Saved since 13:00");
  expect(walletWords(gone, 0, NOW)).toBe("Removed at 14:00, added at 13:00");
});

test.each<[Partial<Phone>, string]>([
  [{}, "It was not pushed yet."],
  [
    { lastAnswer: { at: at(-3), accepted: true, reason: null }, nextPushAt: at(1) },
    "Apple accepted the last push at 14:00. The next push is due at 14:04.",
  ],
  [
    { lastAnswer: { at: at(0), accepted: false, reason: "TopicDisallowed" }, nextPushAt: at(0) },
    "The last push failed at 14:03: TopicDisallowed. The next push is due now.",
  ],
  [{ wallet: "walletpasses" }, "Apple does not push walletpasses."],
])("a phone %j: %s", (facts, sentences) => {
  expect(pushSentences({ ...PHONE, ...facts }, NOW).join(" ")).toBe(sentences);
});

test("a change says what changed, and what it did to phones", () => {
  const change: LoggedChange = {
    ...{ id: 1, kind: "unredeemed", passId: 7, templateId: null, eventId: null },
    ...{ actor: "admin", at: at(-1), push: "queued", dueAt: at(1) },
  };
  expect(changeWords(change)).toBe("Redemption undone");
  expect(changeWords({ ...change, kind: "changed", passId: null, eventId: 4 })).toBe("Event: changed");
  expect(changePushWords(change, NOW)).toBe("will be pushed at 14:04");
  expect(changePushWords({ ...change, push: "silent", dueAt: null }, NOW)).toBe("no phone was notified");
  const sent = { ...change, push: "dispatched", dueAt: null };
  const never = { status: "not_been_installed", installedAt: null, uninstalledAt: null };
  const there = { ...never, status: "installed", installedAt: at(-9) };
  expect(changePushWords(sent, NOW)).toBe("pushed to the phones that had it");
  expect(changePushWords(sent, NOW, { apple: there, google: never })).toBe(
    "pushed to the phones that had it",
  );
  expect(changePushWords(sent, NOW, { apple: never, google: never })).toBe("no phone had it");
  expect(changePushWords(sent, NOW, { apple: never, google: there })).toBe("no iPhone had it");
});

test("before a pass is redeemed, a person reads what phones will show", () => {
  const here = (registrations: number, google = "uninstalled") => {
    const install = { status: google, installedAt: null, uninstalledAt: null };
    return { registrations, installs: { apple: install, google: install } };
  };
  expect(phonesWillShow(here(0), false)).toBe("No phone has it.");
  expect(phonesWillShow(here(0, "installed"), false)).toMatch(
    /^Phones will show: the pass as no longer valid/,
  );
  expect(phonesWillShow(here(1), false)).toMatch(/^Phones will show: the pass as no longer valid/);
});

test.each([
  ["2026-12-24", "24 December"],
  ["2026-02-31T25:00Z", "2026-02-31T25:00Z"],
  ["Row 2026-12-24", "Row 2026-12-24"],
])("the value %s of a field is shown as %s", (value, shown) => {
  expect(valueWords(value, Date.parse("2026-06-12T14:03:00Z"))).toBe(shown);
});

test("a value that is a time is shown in the time of this computer, as all times are", () => {
  const now = Date.parse("2026-06-12T14:03:00Z");
  const time = Date.parse("2026-12-24T20:00+01:00");
  expect(valueWords("2026-12-24T20:00+01:00", now)).toBe(timeWords(time, now));
});
