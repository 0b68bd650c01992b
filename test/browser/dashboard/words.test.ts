/**
 * What the dashboard says of scans, keys and certificates, and the body of a new key.
 */
import { expect, test } from "vitest";
import { joinCountWords, joinWord } from "../../../src/browser/dashboard/join-words.ts";
import { EMPTY_KEY, newKeyBody, shownPointers, toggledId } from "../../../src/browser/dashboard/new-key.ts";
import { placeForPath } from "../../../src/browser/dashboard/page-of-call.ts";
import {
  problemAt,
  problemElsewhere,
  problemOf,
  problemWords,
} from "../../../src/browser/dashboard/problem.ts";
import {
  actorWords,
  certificateWord,
  daysWords,
  keyScopeWords,
  keyWord,
  outcomeWord,
  pageForCure,
  toInstant,
  toInstantAtEnd,
  withoutCalls,
  withReadableTimes,
} from "../../../src/browser/dashboard/words.ts";
import { OUTCOMES } from "../../../src/browser/outcomes.ts";
import { DAY_MS } from "../../../src/durations.ts";
import * as findings from "../../../src/health/findings.ts";
import { REASONS } from "../../../src/push/verdict.ts";

const NOW = Date.UTC(2026, 5, 12, 14, 3);
const after = (days: number) => new Date(NOW + days * DAY_MS).toISOString();

test("every outcome has words, and one of a newer server is shown as it is", () => {
  for (const outcome of OUTCOMES.filter((each) => each !== "scan_id_reused"))
    expect(outcomeWord(outcome).text).not.toBe(outcome);
  expect(outcomeWord("transferred")).toEqual({ text: "transferred", tone: "quiet" });
});

test.each([
  ["active", 200, "Signs passes", "good"],
  ["active", 12, "Ends in 12 days", "warning"],
  ["active", -1, "Expired", "bad"],
  ["standby", 200, "Signs later", "quiet"],
  ["superseded", 200, "Replaced", "quiet"],
])("a certificate that is %s and ends in %i days: %s", (state, days, text, tone) => {
  const certificate = { state, notAfter: after(days), fingerprint: "", activeFrom: "" };
  expect(certificateWord(certificate, NOW)).toEqual({ text, tone });
});

test("durations, keys, scopes and actors are written as people read them", () => {
  expect([1.5, 12, 340].map((days) => daysWords(days * DAY_MS))).toEqual(["1 day", "12 days", "11 months"]);
  expect(keyWord({ revokedAt: null, expiresAt: after(1) }, NOW).text).toBe("Works");
  expect(keyWord({ revokedAt: null, expiresAt: after(-1) }, NOW).text).toBe("Expired");
  expect(keyWord({ revokedAt: after(-2), expiresAt: after(-1) }, NOW).text).toBe("Revoked");
  expect(keyScopeWords(null)).toBe("Everything");
  const names = { projects: new Map(), events: new Map([[4, "Berlin"]]), templates: new Map([[3, "Card"]]) };
  expect(keyScopeWords({ projects: [], events: [4], templates: [9, 3] }, names)).toBe(
    "Event Berlin, templates Card and 9",
  );
  expect(keyScopeWords({ projects: [], events: [4], templates: [9, 3, 7] })).toBe(
    "Event 4, templates 3, 7 and 9",
  );
  expect([actorWords("key:3 Gate 2"), actorWords("admin")]).toEqual(["Gate 2 (key 3)", "admin"]);
});

test.each([
  ["/admin/v1/pass-types/pass.a/csr", { page: "pass-types", query: {} }],
  ["/admin/v1/templates", { page: "templates", query: {} }],
  ["/admin/v1/templates/import", { page: "templates", query: {} }],
  ["/admin/v1/templates/7", { page: "template", query: { id: "7" } }],
  ["/admin/v1/templates/7/passes", { page: "new-pass", query: { id: "7" } }],
  ["/admin/v1/templates/7/join", { page: "posters", query: {} }],
  ["/admin/v1/passes/3/redeem", { page: "pass", query: { id: "3" } }],
  ["/admin/v1/passes?tag=a", { page: "passes", query: {} }],
  ["/admin/v1/projects/1/events/2", { page: "events", query: {} }],
  ["/admin/v1/pushups", undefined],
  ["/templates", undefined],
])("the page that makes the call %s", (path, place) => {
  expect(placeForPath(path)).toEqual(place);
});

test("an end in minutes includes its minute", () => {
  const seconds = Date.parse(toInstantAtEnd("2026-06-12T18:30")) - Date.parse(toInstant("2026-06-12T18:30"));
  expect(seconds).toBe(59_999);
  expect(["", "x"].map(toInstantAtEnd)).toEqual(["", ""]);
});

test.each([
  ["pass-types", findings.noPassType()],
  ["pass-types", findings.noApnsKey("pass.a", "ABCDE12345", true)],
  ["pushes", findings.pushPaused(NOW, 1)[0]],
  ["pushes", findings.storedDeadLetters(3)[0]],
  ["templates", findings.noTemplate()],
] as const)(
  "a cure that the page %s can do has no call in its words, and leads there: %o",
  (page, finding) => {
    const cure = finding?.cure ?? "";
    expect(withoutCalls(cure)).not.toMatch(/admin\/v1|\b(GET|POST|PUT)\b/);
    expect(pageForCure(cure)).toBe(page);
  },
);

test("no cure of a failed push has a call in its words", () => {
  const times = { firstFailedAt: NOW, failedAt: NOW, isProven: true };
  for (const failure of Object.keys(REASONS)) {
    const [finding] = findings.pushFailing({ passTypeIdentifier: "pass.a", ...times, failure }, NOW);
    expect(withoutCalls(finding?.cure ?? "/admin/v1")).not.toContain("/admin/v1");
  }
});

test("a call that no page makes stays in the words", () => {
  const cure = "Seal the keys again (POST /admin/v1/master-secret/reseal).";
  expect([withoutCalls(cure), pageForCure(cure)]).toEqual([cure, undefined]);
});

test("a new key has an end, a place only for a scanner, and a scope only if one was chosen", () => {
  const fields = { ...EMPTY_KEY, name: " Gate 2 ", place: "Gate 2", templates: "7 9" };
  expect(newKeyBody(fields, NOW)).toEqual({
    name: "Gate 2",
    role: "scanner",
    place: "Gate 2",
    expiresAt: after(7),
  });
  const reader = { ...fields, role: "reader", ends: "never", reach: "some" };
  expect(newKeyBody(reader, NOW)).toEqual({
    name: "Gate 2",
    role: "reader",
    expiresAt: null,
    scope: { projects: [], events: [], templates: [7, 9] },
  });
  expect([toggledId("7 9", 7), toggledId("", 4)]).toEqual(["9", "4"]);
});

test("a problem with the end or the place of a new key is at its field only if the form shows that field", () => {
  expect(shownPointers({ ...EMPTY_KEY, ends: "at" })).toEqual(["/name", "/place", "/expiresAt"]);
  expect(shownPointers({ ...EMPTY_KEY, role: "reader" })).toEqual(["/name"]);
});

test("a problem is shown at the field that its pointer names, or else below the form", () => {
  const refused = {
    kind: "refused",
    status: 422,
    code: "invalid_body",
    detail: "name: too long",
    serverTime: null,
  } as const;
  const problem = problemOf({ ...refused, pointer: "/name" });
  expect([problemAt(problem, "/name"), problemAt(problem, "/place")]).toEqual([problem, null]);
  expect([["/name"], ["/place"]].map((shown) => problemElsewhere(problem, shown))).toEqual([null, problem]);
  expect(
    problemOf({ kind: "unreachable", reason: "busy", retryAfterMs: null, detail: "Wait 5 seconds." }).detail,
  ).toBe("Wait 5 seconds.");
  expect(problemOf({ kind: "unreachable", reason: "network", retryAfterMs: null }).detail).toMatch(
    /connection/,
  );
});

test.each([
  ["/issuerId", '"issuerId" must be the digits', "“Issuer ID” must be the digits"],
  ["/values/seat", '"values.seat" is missing', "“Issuer ID” is missing"],
  ["/join/slug", 'After the change, "join.slug" is missing.', "“Issuer ID” is missing."],
  ["/name", 'After the change, "join.slug" is missing.', 'After the change, "join.slug" is missing.'],
  ["/name", '"name": "name" is taken', '“Issuer ID”: "name" is taken'],
  ["/issuerId", "The issuer 33 exists already.", "The issuer 33 exists already."],
  ["/name", '"issuerId" must be the digits', '"issuerId" must be the digits'],
  [null, '"issuerId" must be the digits', '"issuerId" must be the digits'],
])("a field names itself by its label: %s, %s", (pointer, detail, words) => {
  expect(problemWords({ detail, pointer, code: "invalid_body" }, "Issuer ID (optional)")).toBe(words);
});

test("times and days in a finding are read by people", () => {
  const now = Date.parse("2026-11-29T12:00:00Z");
  expect(withReadableTimes("It ends on 2026-12-05.", now)).toBe("It ends on 5 December 2026.");
  expect(withReadableTimes("Paused since 2026-11-28T21:14:00Z.", now)).not.toContain("T21:14");
  expect(withReadableTimes("Change 2026-99 of 12.", now)).toBe("Change 2026-99 of 12.");
});

const joinState = { state: "open", issued: 1204, today: { count: 12, isExact: true }, cap: 2000 };

test.each([
  [{}, "1,204 of 2,000 passes issued, 12 of them today (UTC)"],
  [{ cap: null, issued: 1, today: { count: 1, isExact: true } }, "1 pass issued, 1 of them today (UTC)"],
  [{ today: { count: 9, isExact: false } }, "1,204 of 2,000 passes issued, more than 9 of them today (UTC)"],
  [{ cap: null, issued: 0, today: { count: 0, isExact: true } }, "0 passes issued"],
])("what a join page has issued: %o is %s", (more, words) => {
  expect(joinCountWords({ ...joinState, ...more })).toBe(words);
});

test("a join page that is full or closed says so, also if its closing time is not over", () => {
  const join = { closesAt: after(1) };
  const words = ["open", "full", "closed"].map((state) => joinWord(join, { state }, NOW).text);
  expect(words).toEqual([expect.stringMatching(/^Open until/), "All given out", "Closed"]);
  expect(joinWord({ closesAt: after(-1) }, undefined, NOW).text).toBe("Closed");
  expect(joinWord({}, undefined, NOW).text).toBe("Open");
});
