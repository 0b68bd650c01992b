/**
 * Requests that write while D1 has one of its normal errors: clients do not notice one error, before or after the commit,
 * and three in a row are 503 with Retry-After. What such a write leaves is in lost-answers.test.ts.
 */
import { expect, test } from "vitest";
import { ADMIN_TOKEN, admin, icon, randomPushToken, storeCard } from "../harness.ts";
import { signUp } from "../passes/rewards.ts";
import {
  ask,
  type Call,
  down,
  eventWithPass,
  googleCallback,
  held,
  heldRewards,
  joinForm,
  LOGGED,
  PASS_TYPE,
  personalDataTaken,
  prepareStorage,
  repeats,
  templateId,
  unique,
  whens,
} from "./client.ts";

prepareStorage();

/** Writes that are repeated. */
const WRITES: Record<string, () => Promise<readonly [Call, number]>> = {
  "Apple: register": async () => {
    const { pass, place, holder } = await held();
    return [["POST", `/v1${place}/${pass.serialNumber}`, { pushToken: randomPushToken() }, holder], 201];
  },
  "Apple: sign up": async () => {
    const { pass, holder } = await heldRewards();
    const path = `/v1/passes/${PASS_TYPE}/${pass.serialNumber}/personalize`;
    return [["POST", path, signUp(), holder], 200];
  },
  "issue, without a serial number": async () => [
    ["POST", `/admin/v1/templates/${templateId}/passes`, { tags: ["x"] }],
    201,
  ],
  "issue, with a serial number": async () => [
    [
      "POST",
      `/admin/v1/templates/${templateId}/passes`,
      { serialNumber: unique("s"), externalId: unique("e") },
    ],
    201,
  ],
  "change a pass": async () => [
    ["PATCH", `/admin/v1/passes/${(await admin.issue(templateId)).id}`, { values: { points: "7" } }],
    200,
  ],
  "change a pass's images": async () => [
    ["PATCH", `/admin/v1/passes/${(await admin.issue(templateId)).id}`, { images: icon }],
    200,
  ],
  "redeem, with a redemptionId": async () => [
    ["POST", `/admin/v1/passes/${(await admin.issue(templateId)).id}/redeem`, { redemptionId: unique("r") }],
    200,
  ],
  "unredeem, with a redemptionId": async () => {
    const { id } = await admin.issue(templateId);
    const body = { redemptionId: unique("r") };
    await admin.redeem(id, body);
    return [["POST", `/admin/v1/passes/${id}/unredeem`, body], 200];
  },
  "void a pass": async () => [
    ["POST", `/admin/v1/passes/${(await admin.issue(templateId)).id}/void`, { reason: unique("v") }],
    200,
  ],
  "undo a void": async () => {
    const { id } = await admin.issue(templateId);
    await admin.void(id);
    return [["POST", `/admin/v1/passes/${id}/unvoid`], 200];
  },
  "delete a pass": async () => [["DELETE", `/admin/v1/passes/${(await admin.issue(templateId)).id}`], 204],
  "take personal data": async () => [await personalDataTaken(), 200],
  "create a template": async () => [
    [
      "POST",
      "/admin/v1/templates",
      { name: unique("t"), passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon },
    ],
    201,
  ],
  "change a template": async () => {
    const { id } = await admin.makeTemplate(PASS_TYPE);
    return [["PATCH", `/admin/v1/templates/${id}`, { strings: { fr: { POINTS: "TASSES" } } }], 200];
  },
  "delete a template": async () => [
    ["DELETE", `/admin/v1/templates/${(await admin.makeTemplate(PASS_TYPE)).id}`],
    204,
  ],
  "create a project": async () => [["POST", "/admin/v1/projects", { name: unique("p") }], 201],
  "create a project with an externalId": async () => [
    ["POST", "/admin/v1/projects", { name: "Tour", externalId: unique("e") }],
    201,
  ],
  "change a project": async () => [
    ["PATCH", `/admin/v1/projects/${(await admin.makeProject()).id}`, { name: "Other" }],
    200,
  ],
  "delete a project": async () => [["DELETE", `/admin/v1/projects/${(await admin.makeProject()).id}`], 204],
  "create an event": async () => [
    ["POST", `/admin/v1/projects/${(await admin.makeProject()).id}/events`, { name: unique("e") }],
    201,
  ],
  "create an event with an externalId": async () => [
    [
      "POST",
      `/admin/v1/projects/${(await admin.makeProject()).id}/events`,
      { name: "Night", externalId: unique("e") },
    ],
    201,
  ],
  "change an event": async () => [
    ["PATCH", (await eventWithPass()).path, { name: "Other", values: { points: "9" } }],
    200,
  ],
  "delete an event": async () => [["DELETE", (await eventWithPass()).path], 204],
  "create a pass type": async () => [
    ["POST", "/admin/v1/pass-types", { passTypeIdentifier: unique("pass.test.made"), keyAlgorithm: "P-256" }],
    201,
  ],
  "renew a key": async () => [
    ["POST", `/admin/v1/pass-types/${PASS_TYPE}/csr`, { keyAlgorithm: "P-256" }],
    201,
  ],
  "create an API key": async () => [
    ["POST", "/admin/v1/keys", { name: unique("key"), role: "scanner" }],
    201,
  ],
  "join by a form": async () => [await joinForm(), 303],
  "Google: somebody has saved a pass": async () => [await googleCallback(), 200],
  "admin: health, which writes to find out whether batches are sound": async () => [
    ["GET", "/admin/v1/health"],
    200,
  ],
  "set the push control": async () => [["PUT", "/admin/v1/push", { pushesPerSecond: 500 }], 200],
  "issue or replace, by serial number": async () => [
    ["PUT", `/admin/v1/pass-types/${PASS_TYPE}/passes/${unique("put")}`, { templateId }],
    201,
  ],
  "Passdock: create": async () => [
    [
      "POST",
      `/api/v1/templates/${templateId}/passes?api_token=${ADMIN_TOKEN}`,
      { pass: { serial_number: unique("pd") } },
      {},
    ],
    201,
  ],
};

test.each(Object.entries(WRITES))(
  "%s: one error, before or after the commit, is not noticed, and three are 503",
  async (_name, prepare) => {
    for (const when of whens) {
      const [request, status] = await prepare();
      const answer = await ask(request, { of: "writes", when });
      // A registration that exists is answered 200.
      const isFound = when === "after" && status === 201 && request[1].includes("/registrations/");
      expect(answer.status, `${when}: ${answer.text}`).toBe(isFound ? 200 : status);
      expect([LOGGED("write"), LOGGED("batch")]).toContain(repeats(answer).join());
    }
    const [request] = await prepare();
    const answer = await ask(request, { ...down, of: "writes" });
    expect([answer.status, answer.headers.get("retry-after"), answer.calls]).toEqual([503, "5", 3]);
    for (const secret of secretsOf(request)) expect(answer.log.join()).not.toContain(secret);
  },
);

/** The texts that a request sends. */
function secretsOf([, , body, headers]: Call): string[] {
  const texts = [...Object.values(Object(body)), ...Object.values(headers ?? {})];
  return texts.filter((text): text is string => typeof text === "string" && text.length > 8);
}
