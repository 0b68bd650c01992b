/**
 * What the dashboard makes of sentences that the service writes for programs: next steps and refusals.
 */
import { expect, test } from "vitest";
import { nextStepPlace, nextStepWords } from "../../src/browser/dashboard/next-steps.ts";
import { withoutCalls } from "../../src/browser/dashboard/words.ts";
import { ApiError } from "../../src/errors.ts";
import { findNextSteps } from "../../src/health/next-steps.ts";
import { demandRole } from "../../src/keys/roles.ts";

const admin = { role: "admin", scope: null } as const;
const reader = { role: "reader", scope: null } as const;

test("every next step is a sentence without calls, and leads to a page that the key may open", () => {
  const certificates = [{ fingerprint: "", state: "active", notBefore: "", notAfter: "", activeFrom: "" }];
  const passType = { passTypeIdentifier: "pass.a", teamIdentifier: "TEAM", csr: "", createdAt: "" };
  const state = { passTypes: [], teamsWithKey: new Set(["TEAM"]), hasDelivered: false, hasPhones: false };
  const states = [
    {},
    { passTypes: [{ ...passType, certificates: [] }] },
    ...[
      {},
      { templateId: 7 },
      { templateId: 7, passId: 3 },
      { templateId: 7, passId: 3, hasPhones: true },
    ].map((newest) => ({ passTypes: [{ ...passType, certificates }], ...newest })),
    { passTypes: [{ ...passType, certificates }], teamsWithKey: new Set<string>() },
  ];
  const steps = states.flatMap((each) =>
    findNextSteps({
      ...state,
      uncheckedIssuers: [],
      ...{ uncheckedPassTypes: new Set(["pass.a"]), templateId: undefined, passId: undefined },
      ...(each as object),
    }),
  );
  for (const step of steps) {
    expect(nextStepWords(step)).not.toMatch(
      /admin\/v1|\b(GET|POST|PUT)\b|Content-Type|json|landingUrl|changeMessage/,
    );
    expect([step.code, nextStepPlace(step, admin)]).toEqual([step.code, expect.anything()]);
  }
  const place = (code: string, me: typeof admin | typeof reader) => {
    const step = steps.find((each) => each.code === code);
    return step && nextStepPlace(step, me);
  };
  expect(new Set(steps.map(({ code }) => code)).size).toBe(9);
  expect(place("install_certificate", admin)).toEqual({ page: "set-up", query: { passType: "pass.a" } });
  expect(place("install_certificate", reader)).toEqual({ page: "pass-types", query: {} });
  expect(place("issue_pass", admin)).toEqual({ page: "new-pass", query: { id: "7" } });
  expect(place("issue_pass", reader)).toBeUndefined();
});

test("the sentence about what a key may not do has no call", () => {
  const role = "This needs a key with the role admin; the key that was sent has the role reader";
  expect(() => demandRole("reader", "admin")).toThrow(role);
  try {
    demandRole("reader", "admin");
  } catch (error) {
    expect(withoutCalls(error instanceof ApiError ? error.detail : "")).toBe(`${role}.`);
  }
});
