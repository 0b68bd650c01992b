/**
 * What each response of APNs causes in the Worker: the rows of Apple's table of statuses and reasons that are not about the
 * token. None removes the registration. Rows about the token are in deliver.test.ts, rows that time heals in
 * deliver-retries.test.ts, and the meaning of each row in verdict.test.ts.
 *
 * Follows Apple's "Handling notification responses from APNs".
 */
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { admin, apple, randomPushToken, TEAM } from "../harness.ts";
import { consume, pushJob } from "./consume.ts";
import { registerTokens, registrationsOf, watchLog } from "./timeline.ts";

const PASS_TYPE = "pass.test.answers";
let templateId: number;

beforeAll(async () => {
  await admin.makeApnsKey();
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Pushes two tokens. APNs answers the second one with this status and reason. */
async function answered(status: number, reason: string) {
  const log = watchLog();
  const tokens = [randomPushToken(), randomPushToken()];
  const [good = "", struck = ""] = tokens;
  await registerTokens(await admin.issue(templateId), tokens);
  await apple.fault(struck, { status, reason, times: 1 });
  const { sent, dead, acked } = await consume([pushJob(PASS_TYPE, tokens)]);
  expect(acked).toEqual([0]);
  expect(await registrationsOf(tokens)).toBe(2);
  expect((await apple.history(good)).map((push) => push.status)).toEqual([200]);
  expect((await apple.history(struck)).map((push) => push.status)).toEqual([status]);
  // The real queue may retry a push of another file meanwhile.
  const own = log().filter(({ passTypeIdentifier = PASS_TYPE }) => passTypeIdentifier === PASS_TYPE);
  return { struck, sent, dead, log: own };
}

test.each([
  [400, "TopicDisallowed"],
  [403, "BadCertificate"],
  [403, "BadCertificateEnvironment"],
  [403, "BadEnvironmentKeyIdInToken"],
  [403, "BadEnvironmentKeyInToken"],
  [403, "Forbidden"],
  [403, "InvalidProviderToken"],
  [403, "MissingProviderToken"],
])("%i %s waits ten minutes for the operator, and is logged", async (status, reason) => {
  const { struck, sent, dead, log } = await answered(status, reason);
  expect(sent).toEqual([{ message: pushJob(PASS_TYPE, [struck], 2), delaySeconds: expect.any(Number) }]);
  expect(sent[0]?.delaySeconds).toBeGreaterThanOrEqual(600);
  expect(sent[0]?.delaySeconds).toBeLessThanOrEqual(750);
  expect(dead).toEqual([]);
  expect(log).toEqual([
    { event: "push_delayed", passTypeIdentifier: PASS_TYPE, attempt: 1, reason, tokens: 1 },
  ]);
});

test("403 UnrelatedKeyIdInToken is retried after 30 seconds, because another connection may be used, and is logged", async () => {
  const { struck, sent, dead, log } = await answered(403, "UnrelatedKeyIdInToken");
  expect(sent).toEqual([{ message: pushJob(PASS_TYPE, [struck], 2), delaySeconds: expect.any(Number) }]);
  expect(sent[0]?.delaySeconds).toBeGreaterThanOrEqual(30);
  expect(sent[0]?.delaySeconds).toBeLessThanOrEqual(38);
  expect(dead).toEqual([]);
  expect(log).toEqual([expect.objectContaining({ event: "push_delayed", reason: "UnrelatedKeyIdInToken" })]);
});

test.each([
  [400, "BadCollapseId"],
  [400, "BadExpirationDate"],
  [400, "BadMessageId"],
  [400, "BadPriority"],
  [400, "BadTopic"],
  [400, "DeviceTokenNotForTopic"],
  [400, "DuplicateHeaders"],
  [400, "InvalidPushType"],
  [400, "MissingDeviceToken"],
  [400, "MissingTopic"],
  [400, "PayloadEmpty"],
  [404, "BadPath"],
  [405, "MethodNotAllowed"],
  [413, "PayloadTooLarge"],
])("%i %s is not retried, and goes to the dead letters immediately", async (status, reason) => {
  const { struck, sent, dead, log } = await answered(status, reason);
  expect(sent).toEqual([]);
  expect(dead).toEqual([{ ...pushJob(PASS_TYPE, [struck]), reason }]);
  expect(log).toEqual([
    { event: "push_refused", passTypeIdentifier: PASS_TYPE, attempt: 1, reason, tokens: 1 },
  ]);
});

test.each([
  [400, "IdleTimeout", 15],
  [429, "TooManyRequests", 60],
  [500, "InternalServerError", 15],
  [503, "ServiceUnavailable", 15],
  [503, "Shutdown", 15],
])("%i %s is temporary, and nothing is logged", async (status, reason, seconds) => {
  const { struck, sent, dead, log } = await answered(status, reason);
  expect(sent).toEqual([{ message: pushJob(PASS_TYPE, [struck], 2), delaySeconds: expect.any(Number) }]);
  expect(sent[0]?.delaySeconds).toBeGreaterThanOrEqual(seconds);
  expect(sent[0]?.delaySeconds).toBeLessThanOrEqual(Math.ceil(seconds * 1.25));
  expect([dead, log]).toEqual([[], []]);
});
