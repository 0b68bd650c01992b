/**
 * Who is refused at rewards sign-up, and with what: each status, and the pointer to what is wrong. Nothing that was sent is repeated,
 * and nothing is written.
 *
 * Follows Apple's "Return a Personalized Pass" and RFC 9457.
 */
import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { personalizations } from "../../src/db/schema.ts";
import type { Pass } from "../../src/passes/show.ts";
import { admin, send } from "../harness.ts";
import { countRows, kindsOf } from "../rows.ts";
import { ask, askWith, type Holder, holderOf, refusal, untouchable } from "../wallet/web-service.ts";
import { ADA, rewards, signUp } from "./rewards.ts";

const PASS_TYPE = "pass.test.personalize.refusals";
let templateId: number;
let pass: Pass;
let holder: Holder;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE, rewards)).id;
});

beforeEach(async () => {
  pass = await admin.issue(templateId);
  holder = await holderOf(pass);
});

/** Expects that no sign-up has stored anything. */
async function expectNothingWritten() {
  expect(await kindsOf({ passId: pass.id })).toEqual(["issued"]);
  expect(await countRows(personalizations)).toBe(0);
  expect((await admin.show(pass.id)).personalizedAt).toBeNull();
}

describe("a sign-up without the pass's own token is refused with 401", () => {
  test.each<[string, () => Promise<Record<string, string>>]>([
    ["no Authorization", async () => ({})],
    ["another scheme", async () => ({ Authorization: `Bearer ${holder.token}` })],
    ["a wrong token", async () => ({ Authorization: `ApplePass ${holder.token.replace(/.$/, "!")}` })],
    ["another pass's token", async () => (await holderOf(await admin.issue(templateId))).authorization],
  ])("and costs no query: %s", async (_what, headers) => {
    const request = ask("POST", `${holder.path}/personalize`, await headers(), signUp());
    const response = await askWith({ DB: untouchable(env.DB), BUCKET: untouchable(env.BUCKET) }, request);
    expect(response.headers.get("www-authenticate")).toBe("ApplePass");
    expect(await refusal(response)).toEqual({ status: 401, code: "unauthorized" });
    await expectNothingWritten();
  });

  test("also for a pass that never existed", async () => {
    const unknown = await holderOf({ passTypeIdentifier: PASS_TYPE, serialNumber: "never-issued" });
    expect((await unknown.personalize(signUp())).status).toBe(401);
  });
});

describe("a sign-up with the pass's token is refused with 404", () => {
  test("for a deleted pass", async () => {
    await admin.delete(pass.id);
    expect(await refusal(await holder.personalize(signUp()))).toEqual({
      status: 404,
      code: "pass_not_found",
    });
  });

  test("for a pass whose template has no personalization, or no longer has one", async () => {
    const plain = await admin.makeTemplate(PASS_TYPE);
    const removed = await admin.makeTemplate(PASS_TYPE, rewards);
    const passes = [await admin.issue(plain.id), await admin.issue(removed.id)];
    await admin.changeTemplate(removed.id, { personalization: null });
    for (const one of passes) {
      const answer = await (await holderOf(one)).personalize(signUp());
      expect(await refusal(answer)).toEqual({ status: 404, code: "personalization_not_found" });
      expect((await admin.show(one.id)).personalizedAt).toBeNull();
    }
  });
});

const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
describe("an invalid body is refused with a pointer, without quoting it and without an effect", () => {
  test.each<[string, unknown, number, string, string | undefined]>([
    ["nothing", undefined, 400, "malformed_json", undefined],
    ["no JSON", `{"fullName":Lovelace}`, 400, "malformed_json", undefined],
    ["not UTF-8", new Uint8Array([0x22, 0xff, 0x22]), 400, "malformed_json", undefined],
    ["very deep", `{"Lovelace": ${deep}}`, 400, "malformed_json", undefined],
    ["null", "null", 400, "invalid_body", "/personalizationToken"],
    ["a list", [signUp()], 400, "invalid_body", "/personalizationToken"],
    ["no token", { requiredPersonalizationInfo: ADA }, 400, "invalid_body", "/personalizationToken"],
    ["an empty token", signUp(ADA, ""), 400, "invalid_body", "/personalizationToken"],
    ["a token that is a number", signUp(ADA, 7), 400, "invalid_body", "/personalizationToken"],
    ["half a character", signUp(ADA, "\ud83e"), 400, "invalid_body", "/personalizationToken"],
    [
      "a manifest of a pass that the holder made up",
      signUp(ADA, JSON.stringify({ "pass.json": "0".repeat(40), "icon.png": "1".repeat(40) })),
      400,
      "invalid_body",
      "/personalizationToken",
    ],
    ["no data", { personalizationToken: "x" }, 400, "invalid_body", "/requiredPersonalizationInfo"],
    ["a list of data", signUp(["Lovelace"]), 400, "invalid_body", "/requiredPersonalizationInfo"],
    ["data as text", signUp("Lovelace"), 400, "invalid_body", "/requiredPersonalizationInfo"],
    [
      "data that nobody asked for",
      signUp({ n: "Lovelace" }),
      400,
      "invalid_body",
      "/requiredPersonalizationInfo",
    ],
    [
      "empty data",
      signUp({ fullName: "", emailAddress: null }),
      400,
      "invalid_body",
      "/requiredPersonalizationInfo",
    ],
    [
      "a name as an object",
      signUp({ fullName: { $ne: "Lovelace" } }),
      400,
      "invalid_body",
      "/requiredPersonalizationInfo/fullName",
    ],
    [
      "a name of 201 characters",
      signUp({ fullName: "Lovelace".repeat(26).slice(0, 201) }),
      400,
      "invalid_body",
      "/requiredPersonalizationInfo/fullName",
    ],
    [
      "a control character",
      signUp({ emailAddress: "Lovelace\u001b[2J@example.com" }),
      400,
      "invalid_body",
      "/requiredPersonalizationInfo/emailAddress",
    ],
    [
      "half a character in a name",
      signUp({ familyName: "Lovelace\ud800" }),
      400,
      "invalid_body",
      "/requiredPersonalizationInfo/familyName",
    ],
    ["more than 16 KiB", signUp(ADA, "x".repeat(16 * 1024)), 413, "body_too_large", undefined],
  ])("%s", async (_what, body, status, code, pointer) => {
    const response = await holder.personalize(body);
    const text = await response.clone().text();
    expect(await refusal(response)).toEqual({ status, code, pointer });
    expect(text).not.toContain("Lovelace");
    await expectNothingWritten();
  });

  test("and other methods are no routes, except that GET fetches a pass whose serial number no pass can have", async () => {
    const status = async (method: string) =>
      (await send(ask(method, `${holder.path}/personalize`, holder.authorization))).status;
    for (const method of ["PUT", "DELETE"]) expect(await status(method)).toBe(404);
    expect(await status("GET")).toBe(401);
  });
});

test("a sign-up that cannot be signed is answered 503 and stores nothing, and the next attempt counts as the first", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5 * 365 * 86_400_000 });
  try {
    const response = await holder.personalize(signUp());
    expect(await refusal(response)).toEqual({ status: 503, code: "signing_certificate_expired" });
  } finally {
    vi.useRealTimers();
  }
  await expectNothingWritten();
  expect((await holder.personalize(signUp())).status).toBe(200);
});
