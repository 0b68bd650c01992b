/**
 * What the dashboard says of a change before it is made.
 */
import { describe, expect, test } from "vitest";
import {
  changeButtonWords,
  lockScreenWords,
  reachSentence,
} from "../../../src/browser/dashboard/change/change-words.ts";
import { differencesWords } from "../../../src/browser/dashboard/change/difference-words.ts";
import { parseDryRun } from "../../../src/browser/dashboard/change/dry-run.ts";
import { googleWords } from "../../../src/browser/dashboard/change/google-words.ts";
import { GOOGLE_SILENT_REASONS } from "../../../src/google/notifications.ts";
import { parseJson } from "../../../src/json.ts";
import { SILENT_REASONS } from "../../../src/pkpass/notifications.ts";

const PASS = {
  organizationName: "Corner Roasters",
  storeCard: {
    primaryFields: [{ key: "points", label: "Points", value: 3, changeMessage: "You have %@ points" }],
    backFields: [{ key: "note", label: "", value: "-" }],
  },
};
const silent = (reason: string, field?: string) => ({
  kind: "silent",
  reason,
  message: "of the server",
  field,
});
const text = (words: string) => ({ kind: "text", field: "points", text: words });
const dry = (notifications: object[] = [], phones = { count: 0, isExact: true }) => {
  const report = parseDryRun({ notifications, phones });
  if (report === undefined) throw new Error("not understood");
  return report;
};
const words = (differences: object[], pass: object | undefined = PASS) =>
  differencesWords(parseDryRun({ differences })?.differences ?? [], { ...pass }, 0).map(
    ({ what, before, after, kind }) =>
      `${what}: ${before === "" && after === "" ? kind : `${before} → ${after}`}`,
  );

test("each reason why phones show nothing is a sentence of its own, and one of a newer server is shown as it came", () => {
  const sentences = SILENT_REASONS.map(
    (reason) => lockScreenWords(dry([silent(reason, "points")]), PASS).notes,
  );
  expect(new Set(sentences.flat()).size).toBe(SILENT_REASONS.length);
  expect(sentences.flat()).not.toContain("of the server");
  expect(lockScreenWords(dry([silent("constructor")])).notes).toEqual(["of the server"]);
});

test("without a phone, the text is what one would show", () => {
  const { texts, notes } = lockScreenWords(dry([silent("not_installed"), text("You have 4 points")]), PASS);
  expect(texts).toEqual(["You have 4 points"]);
  expect(notes).toEqual([expect.stringContaining("what one with the pass would show")]);
});

test("fields without a text are named as on the card, together", () => {
  const { texts, notes } = lockScreenWords(
    dry([
      text("You have 4 points"),
      silent("no_change_message", "points"),
      silent("no_change_message", "note"),
    ]),
    PASS,
  );
  expect(texts).toEqual(["You have 4 points"]);
  expect(notes).toEqual([expect.stringContaining("“Points” and “note” have no text")]);
});

test("several texts at once may become one general text, and a text without the value is written by the phone", () => {
  const general = { kind: "general", fields: ["points"], message: "of the server" };
  expect(lockScreenWords(dry([text("A"), text("B"), general]))).toMatchObject({ texts: ["A", "B"] });
  expect(lockScreenWords(dry([text("A"), text("B"), general])).notes).toHaveLength(1);
  expect(lockScreenWords(dry([general])).texts).toHaveLength(1);
});

test("the words say how many phones get the change", () => {
  expect(reachSentence(dry([], { count: 0, isExact: true }))).toBe("No phone gets this change.");
  expect(reachSentence(dry([], { count: 1, isExact: true }))).toBe("1 phone gets this change.");
  expect(reachSentence(dry([], { count: 3, isExact: true }))).toBe("3 phones get this change.");
  expect(reachSentence(dry([], { count: 10_000, isExact: false }))).toBe(
    "About 10,000 phones or more get this change.",
  );
  expect(changeButtonWords(dry([text("A")], { count: 3, isExact: true }))).toBe("Change and notify 3 phones");
  expect(changeButtonWords(dry([silent("nothing_changed")], { count: 3, isExact: true }))).toBe("Change");
  expect(changeButtonWords(dry([text("A")]))).toBe("Change");
});

test("a difference is named as on the card, with exact numbers", () => {
  const exact = parseJson('{"before": 1, "after": 12345678901234567890}');
  expect(words([{ pointer: "/pass/storeCard/primaryFields/0/value", ...Object(exact) }])).toEqual([
    "Points: 1 → 12345678901234567890",
  ]);
  expect(
    words([
      { pointer: "/pass/storeCard/primaryFields/0/changeMessage", before: "A", after: "B" },
      { pointer: "/pass/storeCard/primaryFields/1", after: { key: "new" } },
      { pointer: "/pass/storeCard/backFields/0/value", before: "-", after: "x" },
      { pointer: "/pass/backgroundColor", before: "red", after: "blue" },
      { pointer: "/pass/maxDistance", before: 7 },
      { pointer: "/pass/voided", after: true },
      { pointer: "/values/points/value", before: 3, after: 4 },
      { pointer: "/values/gate/value", before: "A", after: "C" },
      { pointer: "/values/gate/hidden", before: true },
      { pointer: "/images/logo.png", before: "ab", after: "cd" },
      { pointer: "/strings/fr/Gate~1Row", after: "Rang" },
    ]),
  ).toEqual([
    "Points, text on the lock screen: A → B",
    "Primary field 2: added",
    "note: - → x",
    "Background colour: red → blue",
    "Max distance: 7 → ",
    "Voided: no → yes",
    "Points: 3 → 4",
    "gate: A → C",
    "gate, hidden: yes → no",
    "Image logo.png: changed",
    "Translation fr Gate/Row:  → Rang",
  ]);
});

test("differences that read the same are listed once, such as a code in its old and its new member", () => {
  const change = { before: "1", after: "2" };
  expect(
    words([
      { pointer: "/pass/barcodes/0/message", ...change },
      { pointer: "/pass/barcode/message", ...change },
    ]),
  ).toEqual(["Barcode: 1 → 2"]);
});

describe("Google Wallet", () => {
  const reach = (passes: number, calls = 1) => ({ passes, calls, seconds: Math.ceil(calls / 15) });
  const google = (googleReach: object, googleNotifications: object[] = []) => {
    const report = parseDryRun({ googleNotifications, googleReach });
    return report && googleWords(report, PASS);
  };

  test("there is no sentence if it is not set up, and only one if nobody has saved the pass", () => {
    expect(googleWords(dry())).toBeUndefined();
    const nobody = google(reach(0, 0), [silent("not_in_google_wallet"), text("You have 4 points")]);
    expect(nobody).toEqual({ reach: "Google Wallet: nobody has saved it yet.", texts: [], notes: [] });
  });

  test("phones are called iPhones if it is set up", () => {
    const phones = { count: 0, isExact: true };
    const report = parseDryRun({ notifications: [silent("not_installed")], phones, googleReach: reach(3) });
    if (report === undefined) return expect.fail("not understood");
    expect(reachSentence(report)).toBe("No iPhone gets this change.");
    expect(lockScreenWords(report).notes).toEqual(["No iPhone has this pass now, so no text is shown."]);
  });

  test("it says how many passes there are, and how long Google's limit of calls makes it take", () => {
    const said = (passes: number, calls: number) => google(reach(passes, calls))?.reach;
    expect(said(1, 1)).toBe("Google Wallet: 1 pass, within a minute.");
    expect(said(100_000, 1)).toBe("Google Wallet: 100,000 passes, within a minute.");
    expect(said(9_000, 9_000)).toBe("Google Wallet: 9,000 passes, about 10 min.");
    expect(said(100_000, 100_000)).toBe("Google Wallet: 100,000 passes, about 1 h 51 min.");
    expect(said(108_000, 108_000)).toBe("Google Wallet: 108,000 passes, about 2 h.");
    expect(said(3, 0)).toBe("Google Wallet: 3 passes.");
  });

  test("it says what people see there, and why they see nothing", () => {
    const words = { kind: "google_words", fields: ["points"], message: "of the server" };
    expect(google(reach(3), [text("You have 4 points"), silent("no_message", "note")])).toMatchObject({
      ...{ texts: ["You have 4 points"], notes: ["“note” changes without a text there."] },
    });
    expect(google(reach(3), [words])?.notes).toEqual(["Google notifies people in its own words."]);
    const shown = ["nothing_changed", "only_images_changed", "no_field_changed", "not_active", "daily_limit"];
    const notes = GOOGLE_SILENT_REASONS.flatMap((reason) => google(reach(3), [silent(reason)])?.notes ?? []);
    expect(new Set(notes).size).toBe(shown.length + 1);
    expect(google(reach(3), [silent("constructor")])?.notes).toEqual([]);
  });
});
