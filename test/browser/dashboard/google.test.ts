/**
 * Google Wallet in the dashboard, without a page: the `google` part of a draft, its hints, and the words of a check.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { GoogleFailure } from "../../../src/browser/dashboard/admin-answers.ts";
import { googleImagesOf } from "../../../src/browser/dashboard/card/google-images.ts";
import type { TemplateDraft } from "../../../src/browser/dashboard/editor/draft/draft.ts";
import {
  isChanged,
  newTemplateBody,
  rebase,
  templateChangeOf,
} from "../../../src/browser/dashboard/editor/draft/draft-change.ts";
import {
  automaticType,
  hintChoices,
  otherGoogleFindings,
  withGoogleText,
  withHint,
  withOwnImages,
} from "../../../src/browser/dashboard/editor/google/google-draft.ts";
import {
  GOOGLE_IMAGE_WORDS,
  GOOGLE_TYPE_WORDS,
  HINT_WORDS,
  HINTS_OF_TYPE,
} from "../../../src/browser/dashboard/editor/google/google-words.ts";
import { readDraftText, textOfDraft } from "../../../src/browser/dashboard/editor/panels/json-text.ts";
import { draftOfStart, STARTS } from "../../../src/browser/dashboard/editor/start/starts.ts";
import {
  checkSentences,
  failureTitle,
  googleStateSentences,
  googleStateWord,
  issuerWord,
} from "../../../src/browser/dashboard/google-words.ts";
import { nextStepWords } from "../../../src/browser/dashboard/next-steps.ts";
import { placeForPath } from "../../../src/browser/dashboard/page-of-call.ts";
import { HINTS } from "../../../src/google/hints.ts";
import { GOOGLE_IMAGES } from "../../../src/google/images.ts";
import { GOOGLE_TYPES } from "../../../src/google/types.ts";
import { isObject, type JsonObject } from "../../../src/json.ts";
import { mergePatch } from "../../../src/merge.ts";

const NOW = new Date(2026, 5, 12, 14, 3).getTime();
const [start] = STARTS;
if (start === undefined) throw new Error("there is no start");
const plain = draftOfStart(start, "pass.com.example");
const withGoogle = (google: JsonObject | null): TemplateDraft => ({ ...plain, google });

/** What the service has after the change that is sent, as src/templates/google-rule.ts merges it. */
function stored(before: JsonObject | null, after: JsonObject | null): unknown {
  const change = templateChangeOf(withGoogle(before), withGoogle(after));
  if (!isObject(change.google)) return Object.hasOwn(change, "google") ? null : before;
  const { class: ofClass, object, ...members } = change.google;
  const chosen = (given: unknown, had: unknown) => (given === undefined ? had : (given ?? undefined));
  const { class: classBefore, object: objectBefore, ...others } = before ?? {};
  const merged = mergePatch(others, members);
  if (!isObject(merged)) throw new Error("a merged object is an object");
  return { ...merged, class: chosen(ofClass, classBefore), object: chosen(object, objectBefore) };
}

const FULL = {
  type: "loyalty",
  language: "de",
  hints: { points: "stamps", accountName: "name" },
  class: { countryCode: "DE", rewardsTier: null, localizedProgramName: { a: 1 } },
  object: { state: null },
};

test.each<[string, JsonObject | null, JsonObject | null]>([
  ["it is added", null, FULL],
  ["it is removed", FULL, null],
  ["a hint is removed, and the language changes", FULL, { ...FULL, language: "fr", hints: { points: "x" } }],
  ["a null is added to the class", FULL, { ...FULL, class: { ...FULL.class, homepageUri: null } }],
  ["a null is removed from the class", FULL, { ...FULL, class: { countryCode: "DE" } }],
  ["the object is removed", FULL, { ...FULL, object: undefined }],
])("the service has the google part of the draft after a change: %s", (_, before, after) => {
  expect(stored(before, after)).toEqual(after);
  expect(isChanged(withGoogle(before), withGoogle(after))).toBe(true);
  expect(isChanged(withGoogle(after), withGoogle(structuredClone(after)))).toBe(false);
});

test("a new template and the JSON panel have the google part, with its nulls", () => {
  expect(newTemplateBody(withGoogle(FULL)).google).toEqual(FULL);
  expect(newTemplateBody(plain)).not.toHaveProperty("google");
  expect(readDraftText(textOfDraft(withGoogle(FULL)))).toMatchObject({ members: { google: FULL } });
  expect(readDraftText('{"google": "x"}')).toEqual({ fault: "“google” must be an object or null." });
});

test("own changes of the google part go on top of those of somebody else, and the class is one value", () => {
  const mine = { ...FULL, language: "fr", class: { homepageUri: null } };
  const theirs = { ...FULL, hints: { points: "other" }, object: { smartTapRedemptionValue: "1" } };
  const both = rebase(withGoogle(FULL), withGoogle(mine), withGoogle(theirs));
  expect(both.google).toEqual({
    type: "loyalty",
    language: "fr",
    hints: { points: "other" },
    class: { homepageUri: null },
    object: { smartTapRedemptionValue: "1" },
  });
  expect(rebase(withGoogle(FULL), withGoogle(FULL), withGoogle(null)).google).toBeNull();
});

test("the panel edits single members, and leaves nothing behind", () => {
  const one = withHint(withGoogleText(null, "type", "giftCard"), "pin", "code");
  expect(one).toEqual({ type: "giftCard", hints: { pin: "code" } });
  expect(withGoogleText(withHint(one, "pin", ""), "type", "")).toBeNull();
});

test("the type follows from the style, and a hint is one of the fields or is named", () => {
  expect(automaticType({ boardingPass: { transitType: "PKTransitTypeAir" } })).toBe("flight");
  expect(automaticType({ boardingPass: {} })).toBe("transit");
  expect(automaticType({ posterGeneric: {}, storeCard: {} })).toBe("loyalty");
  expect(automaticType({})).toBe("generic");
  const choices = hintChoices(withGoogle({ hints: { points: "gone" } }));
  expect(choices.map(({ hint }) => hint)).toEqual(HINTS_OF_TYPE.loyalty);
  expect(choices[0]?.options).toContainEqual(["stamps", "STAMPS"]);
  expect(choices[0]?.options.at(-1)).toEqual(["gone", "gone (there is no such field)"]);
});

/** The module of each type. */
const FILES: Readonly<Record<keyof typeof HINTS_OF_TYPE, string>> = {
  generic: "generic",
  eventTicket: "event-ticket",
  flight: "flight",
  loyalty: "loyalty",
  offer: "offer",
  giftCard: "gift-card",
  transit: "transit",
};

test.each(GOOGLE_TYPES)("the hints of %s are those that its module reads", (type) => {
  const text = readFileSync(`src/google/${FILES[type]}.ts`, "utf8");
  const read = [...text.matchAll(/hinted\w+\(content, "(\w+)"\)/g)].map(([, hint]) => hint);
  // Origin and destination of a flight are read by the name of a parameter.
  const named = HINTS.filter((hint) => text.includes(`hint: "${hint}" |`) || text.includes(`| "${hint}",`));
  expect([...HINTS_OF_TYPE[type]].sort()).toEqual([...new Set([...read, ...named])].sort());
});

test("every type, hint and image has words", () => {
  expect(Object.keys(GOOGLE_TYPE_WORDS).sort()).toEqual([...GOOGLE_TYPES].sort());
  expect(Object.keys(HINT_WORDS).sort()).toEqual([...HINTS].sort());
  expect(Object.keys(GOOGLE_IMAGE_WORDS).sort()).toEqual(Object.values(GOOGLE_IMAGES).sort());
});

test("a finding is shown once: at its field, or above all of them", () => {
  const finding = (pointer: string, code: string) => ({
    severity: "warning",
    code,
    pointer,
    message: "",
    cure: "",
  });
  const findings = [
    finding("/google/hints/points", "google_hint_unknown"),
    finding("/images/google~1logo.png", "google_image_missing"),
    finding("/pass/storeCard", "google_too_many_rows"),
    finding("/google/class/x", "google_unknown_member"),
    finding("/pass/storeCard", "other"),
  ];
  const others = otherGoogleFindings(findings, ["/google/hints/points"]);
  expect(others.map(({ pointer }) => pointer)).toEqual(["/pass/storeCard", "/google/class/x"]);
});

test("what a check has found is in words, without calls, and leads to the page", () => {
  const check = {
    checkedAt: "2026-11-29T12:00:00.000Z",
    ok: false,
    code: "key_refused",
    detail: "Invalid grant",
    cure: "Add a new key, and send it (PATCH /admin/v1/google-issuers/33).",
  };
  expect(issuerWord({ lastCheck: check })).toEqual({ text: "Google refuses the key", tone: "bad" });
  expect(issuerWord({ lastCheck: { ...check, code: "toString" } }).text).toBe("Does not work");
  expect(issuerWord({ lastCheck: null }).text).toBe("Not checked yet");
  expect(checkSentences(check, Date.parse(check.checkedAt)).slice(0, 2)).toEqual([
    "Invalid grant.",
    "Add a new key, and send it.",
  ]);
  expect(placeForPath("/admin/v1/google-issuers/33/check")).toEqual({ page: "google-wallet", query: {} });
  expect(nextStepWords({ code: "check_google_issuer", message: "x" })).toContain("Android");
});

test("the pictures of single passes are private unless the box is ticked", () => {
  expect(withOwnImages(null, true)).toEqual({ ownImages: true });
  expect(withOwnImages({ language: "de", ownImages: true }, false)).toEqual({ language: "de" });
  expect(withOwnImages({ ownImages: true }, false)).toBeNull();
});

test("the card of a pass in Google Wallet has the pass's own strip only if the template lets Google show it", () => {
  const stored = (sha256: string) => ({ kind: "stored", sha256, width: 1, height: 1, bytes: 1 }) as const;
  const template = {
    "icon.png": stored("icon"),
    "strip.png": stored("strip"),
    "google/hero.png": stored("hero"),
  };
  const pass = { "icon.png": stored("icon"), "strip@3x.png": stored("own") };
  expect(googleImagesOf({ ownImages: true }, template, pass)).toEqual({
    images: { ...template, "google/hero.png": stored("own") },
    hasOwn: true,
  });
  const shared = { images: template, hasOwn: false };
  expect(googleImagesOf({ language: "de" }, template, pass)).toEqual(shared);
  expect(googleImagesOf(null, template, pass)).toEqual(shared);
  const { "strip@3x.png": _, ...without } = pass;
  expect(googleImagesOf({ ownImages: true }, template, without)).toEqual(shared);
  expect(googleImagesOf({ ownImages: true }, template, { ...without, "strip.png": stored("strip") })).toEqual(
    shared,
  );
});

test("a pass is up to date at Google, waits, or was refused with Google's words and the cure", () => {
  const sentAt = new Date(NOW).toISOString();
  const upToDate = { state: "up_to_date", sentAt, problem: null };
  expect(googleStateWord(upToDate)).toEqual({ text: "Up to date", tone: "good" });
  expect(googleStateSentences(upToDate, NOW)).toEqual(["Last sent: 14:03."]);
  const waiting = { state: "waiting", sentAt: null, problem: null };
  expect(googleStateWord(waiting)).toEqual({ text: "Waits to be sent", tone: "quiet" });
  expect(googleStateSentences(waiting, NOW)).toEqual(["It was never sent."]);
  const problem = { detail: "Invalid value", cure: "Correct it (GET /admin/v1/google-failures)." };
  const repeated = { state: "waiting", sentAt, problem };
  expect(googleStateWord(repeated).tone).toBe("warning");
  expect(googleStateSentences(repeated, NOW)[0]).toBe("The last attempt failed: Invalid value.");
  const failed = { state: "failed", sentAt, problem };
  expect(googleStateWord(failed)).toEqual({ text: "Refused", tone: "bad" });
  expect(googleStateSentences(failed, NOW)).toEqual([
    ...["Google says: Invalid value.", "Correct it.", "Last sent: 14:03."],
  ]);
});

test("what Google refused is a pass, or a template with its event", () => {
  const failure = { resourceId: "1", detail: "", cure: "", refusedAt: "" };
  const title = (ids: Pick<GoogleFailure, "passId" | "templateId" | "eventId">) =>
    failureTitle({ ...failure, ...ids });
  expect(title({ passId: 7, templateId: null, eventId: null })).toBe("Pass 7");
  expect(title({ passId: null, templateId: 3, eventId: null })).toBe("Template 3");
  expect(title({ passId: null, templateId: 3, eventId: 4 })).toBe("Template 3, event 4");
});
