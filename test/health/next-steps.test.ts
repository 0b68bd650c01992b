/**
 * The next steps of a new deployment, followed as an operator follows them: each call as the report names it, from nothing to the
 * first push on a phone.
 */
import { beforeAll, expect, test, vi } from "vitest";
import type { Health } from "../../src/health/check.ts";
import { findNextSteps, type NextStep } from "../../src/health/next-steps.ts";
import type { PassType } from "../../src/identities/pass-types.ts";
import type { Pass } from "../../src/passes/show.ts";
import type { PushCheck } from "../../src/push/push-check.ts";
import { apple, call, icon, iphone } from "../harness.ts";

const PASS_TYPE = "pass.test.steps";
const TEAM = "STEPSTEAM1";
const phone = iphone();

beforeAll(async () => {
  await apple.registerTopic({ topic: PASS_TYPE, teamIdentifier: TEAM });
});

const health = async () => (await call<Health>("GET", "/health")).body;

/** Calls what the step says. What only Apple's portal or the operator knows replaces the examples in its body. */
async function follow<Body>(step: NextStep, body: unknown = step.body, headers = {}): Promise<Body> {
  const answer = await call<Body>(step.method, step.path.replace("/admin/v1", ""), body, headers);
  expect([step.code, answer.status < 300, answer.body]).toEqual([step.code, true, answer.body]);
  return answer.body;
}

/** @returns the code of the step, or both codes of two steps that belong together */
async function doFirst([step, next]: readonly NextStep[]): Promise<string[]> {
  if (step === undefined) return [];
  switch (step.code) {
    case "create_pass_type":
      await follow<PassType>(step, { ...step.body, passTypeIdentifier: PASS_TYPE });
      break;
    case "download_csr": {
      const csr = await follow<string>(step);
      const { pem } = await apple.issue({ csr, passTypeIdentifier: PASS_TYPE, teamIdentifier: TEAM });
      if (next === undefined) throw new Error("there is no step that installs the certificate");
      await follow(next, pem, { "Content-Type": "application/pkix-cert" });
      return [step.code, next.code];
    }
    case "store_apns_key": {
      expect(step.body).toMatchObject({ teamIdentifier: TEAM });
      const key = await apple.makeKey({ keyId: "STEPSKEY01", teamIdentifier: TEAM });
      await follow(step, { ...step.body, ...key });
      break;
    }
    case "check_push":
      expect(await follow<PushCheck>(step)).toMatchObject({ ok: true });
      break;
    case "create_template":
      await follow(step, { ...step.body, images: icon });
      break;
    case "add_pass": {
      const { downloadUrl } = await follow<Pass>(step);
      await phone.addFrom(downloadUrl);
      break;
    }
    default:
      await follow(step);
  }
  return [step.code];
}

test("an empty deployment says what to do next, until the first push was delivered", async () => {
  expect(await health()).toMatchObject({
    status: "setup",
    findings: [{ code: "no_pass_type" }, { code: "no_template" }],
    nextSteps: [{ code: "create_pass_type", method: "POST", path: "/admin/v1/pass-types" }],
  });
  const done: string[] = [];
  while (done.at(-1) !== "change_pass") {
    const codes = await doFirst((await health()).nextSteps);
    expect(codes.filter((code) => done.includes(code))).toEqual([]);
    expect(codes).not.toEqual([]);
    done.push(...codes);
  }
  expect(done).toEqual([
    "create_pass_type",
    "download_csr",
    "install_certificate",
    "store_apns_key",
    "check_push",
    "create_template",
    "issue_pass",
    "add_pass",
    "change_pass",
  ]);
  await vi.waitFor(async () => expect(await apple.history(phone.pushToken)).toHaveLength(1), 10_000);
  await vi.waitFor(async () => {
    expect(await health()).toMatchObject({ status: "ok", findings: [], nextSteps: [] });
  }, 10_000);
});

test("a second pass type has the steps of its certificate, and no others", async () => {
  await call("POST", "/pass-types", { passTypeIdentifier: `${PASS_TYPE}.2`, keyAlgorithm: "P-256" });
  const { status, nextSteps } = await health();
  expect(status).toBe("setup");
  expect(nextSteps.map(({ code, path }) => [code, path])).toEqual([
    ["download_csr", `/admin/v1/pass-types/${PASS_TYPE}.2/csr`],
    ["install_certificate", `/admin/v1/pass-types/${PASS_TYPE}.2/certificate`],
  ]);
});

test("a pass type that is only for Google Wallet needs no certificate and no push: the first pass is the last step", () => {
  const passType = { passTypeIdentifier: "pass.a", teamIdentifier: null, wallets: "google" } as const;
  const codes = (made: { templateId?: number; passId?: number }) =>
    findNextSteps({
      passTypes: [{ ...passType, csr: "", certificates: [], createdAt: "" }],
      ...{ teamsWithKey: new Set(), uncheckedPassTypes: new Set(["pass.a"]), uncheckedIssuers: [] },
      ...{ hasDelivered: false, hasPhones: false, templateId: made.templateId, passId: made.passId },
    }).map(({ code }) => code);
  expect(codes({})).toEqual(["create_template"]);
  expect(codes({ templateId: 1 })).toEqual(["issue_pass"]);
  expect(codes({ templateId: 1, passId: 1 })).toEqual([]);
});
