/**
 * The push check: one push to 64 zeros over the real path, and what each answer of APNs means for the operator. The stand-in Apple
 * answers where it can; answers that it gives only to known tokens come from a function.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import { openDatabase } from "../../src/db/client.ts";
import { apnsKeys, passTypes } from "../../src/db/schema.ts";
import type { Health } from "../../src/health/check.ts";
import { checkPush, type PushCheck } from "../../src/push/push-check.ts";
import type { Reason } from "../apple/apns-rules.ts";
import { admin, apple, call, randomPushToken } from "../harness.ts";
import { rowOf, setRows } from "../rows.ts";
import { consume, pushJob } from "./consume.ts";
import { DELIVERED, refusal, watchLog } from "./timeline.ts";

const ZEROS = "0".repeat(64);
let now: number;
let types = 0;

beforeEach(() => {
  now = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function later(ms: number): void {
  now += ms;
  vi.setSystemTime(now);
}

/** A pass type of a team of its own. */
async function passType({ withKey = true } = {}) {
  const passTypeIdentifier = `pass.test.check.n${++types}`;
  const teamIdentifier = `CHECK${String(types).padStart(5, "0")}`;
  await admin.makePassType(passTypeIdentifier, teamIdentifier, "P-256");
  if (withKey) await admin.makeApnsKey(teamIdentifier);
  return { passTypeIdentifier, teamIdentifier };
}

const check = (passTypeIdentifier: string) =>
  call<PushCheck>("POST", `/pass-types/${passTypeIdentifier}/push-check`);

async function failureOf(passTypeIdentifier: string): Promise<string | null> {
  return (await rowOf(passTypes, { passTypeIdentifier })).pushFailure;
}

test("400 BadDeviceToken for 64 zeros is a success: the connection, the key and the pass type are right", async () => {
  const { passTypeIdentifier } = await passType();
  const { status, body } = await check(passTypeIdentifier);
  expect(status).toBe(200);
  expect(body).toEqual({
    status: 400,
    reason: "BadDeviceToken",
    verdict: "bad_token",
    ok: true,
    detail: expect.stringContaining("Pushes can get out"),
  });
  const [push] = (await apple.history(ZEROS)).filter(({ topic }) => topic === passTypeIdentifier);
  // The request is that of every other push.
  const token = randomPushToken();
  await consume([pushJob(passTypeIdentifier, [token])]);
  const [real] = await apple.history(token);
  const names = (headers?: object) => Object.keys(headers ?? {}).toSorted();
  expect(names(push?.headers)).toEqual(names(real?.headers));
  expect([push?.jwtHeader, push?.jwtClaims]).toEqual([real?.jwtHeader, real?.jwtClaims]);
});

test("a key that Apple does not know is InvalidProviderToken, with the cure, and health knows it until a check succeeds", async () => {
  const { passTypeIdentifier, teamIdentifier } = await passType();
  const pair = (await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
  ])) as CryptoKeyPair;
  const der = new Uint8Array((await crypto.subtle.exportKey("pkcs8", pair.privateKey)) as ArrayBuffer);
  const privateKey = `-----BEGIN PRIVATE KEY-----\n${der.toBase64()}\n-----END PRIVATE KEY-----\n`;
  later(1000);
  await call("POST", "/apns-keys", { keyId: "UNKNOWN001", teamIdentifier, privateKey });
  expect((await check(passTypeIdentifier)).body).toEqual({
    status: 403,
    reason: "InvalidProviderToken",
    verdict: "retry",
    ok: false,
    detail: expect.stringMatching(/keyId.*POST \/admin\/v1\/apns-keys/),
  });
  expect(await failureOf(passTypeIdentifier)).toBe("InvalidProviderToken");
  later(5000);
  await admin.makeApnsKey(teamIdentifier);
  expect((await check(passTypeIdentifier)).body).toMatchObject({ ok: true });
  expect(await failureOf(passTypeIdentifier)).toBeNull();
});

test("health has the reason of the newest check, also within a minute: the operator has corrected the one before", async () => {
  const { passTypeIdentifier } = await passType();
  const context = { db: openDatabase(env.DB), config: readConfig(env) };
  for (const reason of ["InvalidProviderToken", "TopicDisallowed"] as const) {
    later(5000);
    await checkPush({ ...context, now }, passTypeIdentifier, async () => refusal(reason));
    expect(await failureOf(passTypeIdentifier)).toBe(reason);
  }
});

test("a pass type of another team is TopicDisallowed, with the cure", async () => {
  const { passTypeIdentifier } = await passType();
  await apple.registerTopic({ topic: passTypeIdentifier, teamIdentifier: "ANOTHER001" });
  expect((await check(passTypeIdentifier)).body).toMatchObject({
    status: 400,
    reason: "TopicDisallowed",
    ok: false,
    detail: expect.stringContaining("team-scoped"),
  });
});

test("without a key nothing is sent, and the answer says what to store", async () => {
  const { passTypeIdentifier, teamIdentifier } = await passType({ withKey: false });
  const { body } = await check(passTypeIdentifier);
  expect(body).toMatchObject({ status: null, reason: null, verdict: "no_apns_key", ok: false });
  expect(body.detail).toContain(`team ${teamIdentifier} has no APNs key`);
  await call("POST", "/pass-types", { passTypeIdentifier: "pass.test.check.bare", keyAlgorithm: "P-256" });
  const bare = await check("pass.test.check.bare");
  expect(bare.body.detail).toContain("PUT /admin/v1/pass-types/pass.test.check.bare/certificate");
});

test("a key that can no longer be decrypted is named by the check, and by health as soon as a message needs it", async () => {
  watchLog();
  const { passTypeIdentifier, teamIdentifier } = await passType();
  const { keyId, privateKey } = await rowOf(apnsKeys, { teamIdentifier });
  const lost = privateKey.replace("1.", "9.") as typeof privateKey;
  await setRows(apnsKeys, { keyId }, { privateKey: lost });
  const { retried } = await consume([pushJob(passTypeIdentifier, [randomPushToken()])]);
  expect(retried).toEqual([0]);
  const { body } = await call<Health>("GET", "/health");
  const [finding] = body.findings.filter(({ message }) =>
    message.includes(`${passTypeIdentifier} has got out`),
  );
  expect(finding).toMatchObject({ severity: "error", code: "push_failing" });
  expect(finding?.cure).toContain("MASTER_SECRET");
  expect((await check(passTypeIdentifier)).body).toEqual({
    status: null,
    reason: "the APNs key cannot be decrypted",
    verdict: "no_apns_key",
    ok: false,
    detail: expect.stringContaining("store the team's .p8 again"),
  });
});

const answerOf = (reason: Reason) => () => refusal(reason);

test.each<
  [what: string, answer: () => Response | Promise<Response>, expected: Partial<PushCheck>, words: RegExp]
>([
  ["200", DELIVERED, { status: 200, reason: null, verdict: "sent", ok: false }, /not from APNs.*APNS_ORIGIN/],
  ["410", answerOf("Unregistered"), { status: 410, verdict: "unregistered", ok: true }, /Pushes can get out/],
  [
    "ExpiredProviderToken",
    answerOf("ExpiredProviderToken"),
    { status: 403, verdict: "expired_provider_token", ok: false },
    /at most every 20 minutes/,
  ],
  ["TooManyRequests", answerOf("TooManyRequests"), { status: 429, ok: false }, /Wait/],
  ["BadTopic", answerOf("BadTopic"), { status: 400, verdict: "refused", ok: false }, /bug/],
  ["Shutdown", answerOf("Shutdown"), { status: 503, verdict: "retry", ok: false }, /temporary at Apple/],
  [
    "a reason of tomorrow",
    () => Response.json({ reason: "New" }, { status: 400 }),
    { ok: false },
    /documents/,
  ],
  [
    "no connection",
    () => Promise.reject(new Error("Network connection lost.")),
    { status: null, reason: "no connection", verdict: "retry", ok: false },
    /HTTP\/2 to Origin/,
  ],
  ["525", () => new Response("x", { status: 525 }), { status: 525, ok: false }, /HTTP\/2 to Origin/],
])("%s: the answer says what it means", async (_what, answer, expected, words) => {
  const { passTypeIdentifier } = await passType();
  const context = { db: openDatabase(env.DB), config: readConfig(env), now };
  const found = await checkPush(context, passTypeIdentifier, async () => answer());
  expect(found).toMatchObject(expected);
  expect(found.detail).toMatch(words);
});

test("a pass type is checked at most every five seconds", async () => {
  const { passTypeIdentifier } = await passType();
  const answers = await Promise.all([check(passTypeIdentifier), check(passTypeIdentifier)]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 429]);
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.headers.get("retry-after")).toBe("5");
  expect(refused?.body).toMatchObject({ code: "push_check_too_soon" });
  vi.setSystemTime(now + 4999);
  expect((await check(passTypeIdentifier)).status).toBe(429);
  vi.setSystemTime(now + 5000);
  expect((await check(passTypeIdentifier)).status).toBe(200);
});

test("an unknown pass type is 404, and nothing is sent", async () => {
  const answer = await call("POST", "/pass-types/pass.test.check.nowhere/push-check");
  expect([answer.status, answer.body.code]).toEqual([404, "pass_type_not_found"]);
});

test("the operator's check ends a failure that deliveries recorded", async () => {
  watchLog();
  const { passTypeIdentifier } = await passType();
  await consume([pushJob(passTypeIdentifier, [randomPushToken()])], {
    fetch: async () => refusal("Forbidden"),
  });
  expect(await failureOf(passTypeIdentifier)).toBe("Forbidden");
  await check(passTypeIdentifier);
  expect(await failureOf(passTypeIdentifier)).toBeNull();
});
