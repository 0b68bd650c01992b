/**
 * How far the set-up of a pass type is, from nothing to the first pass.
 */
import { expect, test } from "vitest";
import type { Finding, NextStep, PassType } from "../../../src/browser/dashboard/admin-answers.ts";
import {
  isSetUp,
  passTypeAtFirst,
  progressWords,
  type SetUpFacts,
  setUpSteps,
} from "../../../src/browser/dashboard/set-up-steps.ts";

const TEAM = "TEAM000001";
const certificate = (state: string) => ({ fingerprint: state, state, notAfter: "", activeFrom: "" });
const passType = (teamIdentifier: string | null, ...states: string[]): PassType => ({
  passTypeIdentifier: "pass.a",
  teamIdentifier,
  wallets: "both",
  csr: "",
  certificates: states.map(certificate),
});
const finding = (code: string, severity: string, id = "pass.a"): Finding => ({
  severity,
  code,
  message: `No push of ${id} gets out`,
  cure: "",
});
const unchecked = (id: string): NextStep => ({
  code: "check_push",
  message: "",
  method: "POST",
  path: `/admin/v1/pass-types/${id}/push-check`,
});
const signing = passType(TEAM, "superseded", "active");
const key = { teamIdentifier: TEAM };
const quiet: SetUpFacts["health"] = { findings: [], nextSteps: [] };

/** The states in their order, each by its first letter. */
function statesOf(facts: Partial<SetUpFacts>): string {
  const nothing = { passType: undefined, apnsKeys: [], health: quiet, template: null, pass: null };
  return setUpSteps({ ...nothing, ...facts })
    .map(({ state }) => state.charAt(0))
    .join("");
}

test("a pass type that is only for Google Wallet needs nothing of Apple, and is not the first to lack something", () => {
  const google: PassType = { ...passType(null), wallets: "google" };
  expect(statesOf({ passType: google })).toBe("dnw");
  expect(statesOf({ passType: google, template: {}, pass: {} })).toBe("ddd");
  expect(passTypeAtFirst([google, signing], [key])).toBe(google);
  expect(passTypeAtFirst([google, passType(null)], [key])).toEqual(passType(null));
});

// done, next, open, waiting, problem, checking
test.each<[string, string, Partial<SetUpFacts>]>([
  ["nothing", "nwwwwww", {}],
  ["a pass type", "dnowwww", { passType: passType(null) }],
  ["a certificate", "dddnwow", { passType: signing }],
  ["a certificate that signs later", "dddnwow", { passType: passType(TEAM, "standby") }],
  ["a key of another team", "dddnwow", { passType: signing, apnsKeys: [{ teamIdentifier: "OTHER" }] }],
  [
    "a key",
    "ddddnow",
    { passType: signing, apnsKeys: [key], health: { ...quiet, nextSteps: [unchecked("pass.a")] } },
  ],
  [
    "a check, where another pass type is not checked",
    "dddddnw",
    { passType: signing, apnsKeys: [key], health: { ...quiet, nextSteps: [unchecked("pass.a.b")] } },
  ],
  ["a template", "ddddddn", { passType: signing, apnsKeys: [key], template: {} }],
  ["all", "ddddddd", { passType: signing, apnsKeys: [key], template: {}, pass: {} }],
  [
    "answers that are not there yet",
    "dddddcc",
    { passType: signing, apnsKeys: [key], template: undefined, pass: undefined },
  ],
  [
    "a certificate that has ended",
    "dnpdddd",
    { passType: passType(TEAM, "expired"), apnsKeys: [key], template: {}, pass: {} },
  ],
  [
    "phones that wait for pushes, without a key",
    "dddpwdd",
    {
      passType: signing,
      health: { ...quiet, findings: [finding("no_apns_key", "error")] },
      template: {},
      pass: {},
    },
  ],
  [
    "pushes that fail",
    "ddddpdd",
    {
      passType: signing,
      apnsKeys: [key],
      health: { ...quiet, findings: [finding("push_failing", "warning")] },
      template: {},
      pass: {},
    },
  ],
  [
    "pushes of another pass type that fail",
    "ddddddd",
    {
      passType: signing,
      apnsKeys: [key],
      health: { ...quiet, findings: [finding("push_failing", "error", "pass.a.b")] },
      template: {},
      pass: {},
    },
  ],
])("with %s the steps are %s", (_, states, facts) => {
  expect(statesOf(facts)).toBe(states);
});

test("the progress says how many steps are done, what is wrong, and what is next", () => {
  const all = { passType: signing, apnsKeys: [key], health: quiet, template: {}, pass: {} };
  const complete = setUpSteps(all);
  expect([isSetUp(complete), progressWords(complete)]).toEqual([true, "Everything is set up."]);
  const ended = setUpSteps({ ...all, passType: passType(TEAM, "expired") });
  expect([isSetUp(ended), progressWords(ended)]).toEqual([
    false,
    "5 of 7 steps are done. With a problem: Certificate. Next: Signing request for Apple.",
  ]);
});

test("the path is about a pass type that lacks something, or else about the first one", () => {
  const lacking = { ...passType(null), passTypeIdentifier: "pass.b" };
  const keyless = { ...passType("OTHER", "active"), passTypeIdentifier: "pass.c" };
  const first = (...types: PassType[]) => passTypeAtFirst(types, [key])?.passTypeIdentifier;
  expect(first(signing, keyless, lacking)).toBe("pass.b");
  expect(first(signing, keyless)).toBe("pass.c");
  expect(first(signing)).toBe("pass.a");
  expect(first()).toBeUndefined();
});
