/**
 * The requests to APNs, and what its responses mean for a token: who is pushed, with which request, and when a registration
 * ends.
 *
 * Follows Apple's "Sending notification requests to APNs", "Handling notification responses from APNs" and "Adding a Web
 * Service to Update Passes".
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { devices, passTypes, registrations } from "../../src/db/schema.ts";
import type { ApnsFault } from "../apple/apns-faults.ts";
import { failingD1 } from "../failing-d1.ts";
import { admin, apple, iphone, ORIGIN, passToken, randomPushToken, send, TEAM } from "../harness.ts";
import { countRows, rowsOf, setRows } from "../rows.ts";
import { consume, doubted, pushJob } from "./consume.ts";
import { DELIVERED, watchLog } from "./timeline.ts";

const PASS_TYPE = "pass.test.delivery";
const UNPROVEN = "pass.test.delivery.unproven";
const TEAM_OF_UNPROVEN = "DELIVERY02";
let keyId: string;
const templates: Record<string, number> = {};

beforeAll(async () => {
  keyId = await admin.makeApnsKey();
  await admin.makeApnsKey(TEAM_OF_UNPROVEN);
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
  await admin.makePassType(UNPROVEN, TEAM_OF_UNPROVEN, "P-256");
  for (const type of [PASS_TYPE, UNPROVEN]) templates[type] = (await admin.makeTemplate(type)).id;
});

afterEach(() => {
  vi.restoreAllMocks();
});

const issue = (passType = PASS_TYPE) => admin.issue(templates[passType] ?? 0);

/** A phone that holds a new pass of the type. */
async function holder(passType = PASS_TYPE, phone = iphone()) {
  const pass = await issue(passType);
  const { registered } = await phone.addFrom(pass.downloadUrl);
  expect(registered).toEqual([{ serialNumber: pass.serialNumber, status: 201 }]);
  return { phone, pass, token: phone.pushToken };
}

const registrationsOf = async (pass: { id: number }) => (await admin.show(pass.id)).registrations;

async function registeredAt(token: string): Promise<number> {
  const rows = await rowsOf(registrations, { pushToken: token });
  return Math.max(0, ...rows.map((row) => row.registeredAt));
}

const devicesWith = (token: string) => countRows(devices, { pushToken: token });

async function deliverTo(token: string, fault: ApnsFault, passType = PASS_TYPE) {
  await apple.fault(token, { times: 1, ...fault });
  return consume([pushJob(passType, [token])]);
}

test("a push is a request as Wallet expects it: POST /3/device/{token}, topic the pass type, background, priority 5, body {}", async () => {
  const token = randomPushToken();
  const requests: [string, RequestInit][] = [];
  const before = Date.now();
  await consume([pushJob(PASS_TYPE, [token])], {
    fetch: (url, init) => {
      requests.push([url, init]);
      return fetch(url, init);
    },
  });
  expect(requests).toHaveLength(1);
  expect(requests[0]?.[0]).toBe(`${env.APNS_ORIGIN}/3/device/${token}`);
  expect(requests[0]?.[1]).toMatchObject({ method: "POST", body: "{}", redirect: "manual" });

  const [push, ...more] = await apple.history(token);
  expect(more).toEqual([]);
  expect(push).toMatchObject({ topic: PASS_TYPE, status: 200, complaints: [] });
  expect(push?.headers).toMatchObject({
    "apns-push-type": "background",
    "apns-priority": "5",
    "content-type": "application/json",
  });
  const expiration = Number(push?.headers["apns-expiration"]) * 1000;
  // APNs stores the push as long as it can: a phone that is off for weeks gets it when it is on again.
  expect(expiration).toBeGreaterThan(before + 29 * 24 * 3_600_000);
  expect(expiration).toBeLessThanOrEqual(Date.now() + 30 * 24 * 3_600_000);
});

test("the provider token contains the key, the algorithm, the team and the time, and nothing else", async () => {
  const token = randomPushToken();
  await consume([pushJob(PASS_TYPE, [token])]);
  const [push] = await apple.history(token);
  expect(push?.jwtHeader).toEqual({ alg: "ES256", kid: keyId });
  expect(push?.jwtClaims).toEqual({ iss: TEAM, iat: expect.any(Number) });
  expect(Math.abs(Number(push?.jwtClaims?.iat) - Date.now() / 1000)).toBeLessThan(60);
});

test("a token of a wallet that is not Apple's is never sent to APNs", async () => {
  const { pass, token } = await holder();
  const { token: authenticationToken } = await passToken(pass);
  const strangers: { scheme: string; pushToken: string; headers: Record<string, string> }[] = [
    { scheme: "AndroidPass", pushToken: randomPushToken(), headers: {} },
    { scheme: "WalletUnionPass", pushToken: randomPushToken(), headers: {} },
    { scheme: "ApplePass", pushToken: randomPushToken(), headers: { "X-Pass-Client": "Passes" } },
    {
      scheme: "ApplePass",
      pushToken: randomPushToken(),
      headers: { "User-Agent": "WalletPasses/2.4 (Linux)" },
    },
    { scheme: "ApplePass", pushToken: "APA91b:not_hexadecimal-at.all", headers: {} },
  ];
  for (const [index, { scheme, pushToken, headers }] of strangers.entries()) {
    const path = `/v1/devices/stranger-${index}/registrations/${PASS_TYPE}/${pass.serialNumber}`;
    const response = await send(
      new Request(ORIGIN + path, {
        method: "POST",
        headers: { ...headers, Authorization: `${scheme} ${authenticationToken}` },
        body: JSON.stringify({ pushToken }),
      }),
    );
    expect(response.status).toBe(201);
  }
  await admin.change(pass.id, { values: { points: "8" } });
  await vi.waitFor(async () => expect(await apple.history(token)).toHaveLength(1), 10_000);
  for (const { pushToken } of strangers) expect(await apple.history(pushToken)).toEqual([]);
});

test("the same token in two messages of one batch is pushed once for each pass type", async () => {
  const [first, second, third] = [randomPushToken(), randomPushToken(), randomPushToken()];
  const { acked } = await consume([
    pushJob(PASS_TYPE, [first, second]),
    pushJob(PASS_TYPE, [second, third]),
    pushJob(UNPROVEN, [first]),
  ]);
  expect(acked).toEqual([0, 1, 2]);
  const topics = (await apple.history(first)).map(({ topic }) => topic);
  expect(topics.toSorted()).toEqual([PASS_TYPE, UNPROVEN]); // they are sent at the same time
  for (const token of [second, third]) expect(await apple.history(token)).toHaveLength(1);
});

test("a push that failed in one message of a batch is repeated by the next one", async () => {
  const token = randomPushToken();
  await apple.fault(token, { status: 500, reason: "InternalServerError", times: 1 });
  await consume([pushJob(PASS_TYPE, [token]), pushJob(PASS_TYPE, [token])]);
  expect((await apple.history(token)).map(({ status }) => status)).toEqual([500, 200]);
});

test.each(["Unregistered", "ExpiredToken"])(
  "410 %s removes the registration and the device row",
  async (reason) => {
    const { pass, token } = await holder();
    const timestamp = (await registeredAt(token)) + 1;
    const { sent, dead, acked } = await deliverTo(token, { status: 410, reason, timestamp });
    expect([sent, dead, acked]).toEqual([[], [], [0]]);
    expect(await registrationsOf(pass)).toBe(0);
    expect(await devicesWith(token)).toBe(0);
  },
);

test("a phone that registered again at or after the 410's timestamp keeps its registration", async () => {
  const { phone, pass, token } = await holder();
  const before = await registeredAt(token);
  vi.useFakeTimers({ toFake: ["Date"], now: before + 5000 });
  await phone.switchUpdatesOff(phone.pass(PASS_TYPE, pass.serialNumber));
  await phone.switchUpdatesOn(phone.pass(PASS_TYPE, pass.serialNumber));
  vi.useRealTimers();
  const again = await registeredAt(token);
  expect(again).toBe(before + 5000);
  for (const timestamp of [before + 1, again]) {
    await deliverTo(token, { status: 410, reason: "Unregistered", timestamp });
    expect(await registrationsOf(pass)).toBe(1);
    expect(await devicesWith(token)).toBe(1);
  }
});

test("a 410 ends the token's registrations only for that pass type", async () => {
  const { phone, pass, token } = await holder(PASS_TYPE);
  const second = await holder(PASS_TYPE, phone);
  const other = await holder(UNPROVEN, phone);
  const bystander = await holder(PASS_TYPE);
  const timestamp = (await registeredAt(token)) + 1;
  await deliverTo(token, { status: 410, reason: "Unregistered", timestamp });
  expect(await Promise.all([pass, second.pass, other.pass, bystander.pass].map(registrationsOf))).toEqual([
    0, 0, 1, 1,
  ]);
  expect(await devicesWith(token)).toBe(1);
});

test("before the first delivery with a configuration, a token with BadDeviceToken stays, is retried, and is logged", async () => {
  await setRows(passTypes, { passTypeIdentifier: UNPROVEN }, { provenApns: null });
  const { pass, token } = await holder(UNPROVEN);
  const log = watchLog();
  const { sent, dead, acked } = await deliverTo(token, { status: 400, reason: "BadDeviceToken" }, UNPROVEN);
  expect([dead, acked]).toEqual([[], [0]]);
  const retry = doubted(pushJob(UNPROVEN, [token]));
  expect(sent).toEqual([{ message: retry, delaySeconds: expect.any(Number) }]);
  expect(sent[0]?.delaySeconds).toBeGreaterThanOrEqual(600);
  expect(log()).toContainEqual({
    event: "push_bad_token_unconfirmed",
    passTypeIdentifier: UNPROVEN,
    attempt: 1,
    reason: "BadDeviceToken",
    tokens: 1,
  });
  expect(await registrationsOf(pass)).toBe(1);
});

test("BadDeviceToken removes a token if another one of its message is delivered, or at the second time if it is alone", async () => {
  const { pass, token } = await holder(UNPROVEN);
  await apple.fault(token, { status: 400, reason: "BadDeviceToken", times: 1 });
  const { sent, dead } = await consume([pushJob(UNPROVEN, [token, randomPushToken()])]);
  expect([sent, dead]).toEqual([[], []]);
  expect(await registrationsOf(pass)).toBe(0);
  expect(await devicesWith(token)).toBe(0);

  const later = await holder(UNPROVEN);
  const first = await deliverTo(later.token, { status: 400, reason: "BadDeviceToken" }, UNPROVEN);
  expect(await registrationsOf(later.pass)).toBe(1);
  await apple.fault(later.token, { status: 400, reason: "BadDeviceToken", times: 1 });
  expect((await consume(first.sent.map(({ message }) => message))).sent).toEqual([]);
  expect(await registrationsOf(later.pass)).toBe(0);
});

test("with another APNs key, BadDeviceToken removes nothing until that key has delivered", async () => {
  await consume([pushJob(UNPROVEN, [randomPushToken()])]);
  const { pass, token } = await holder(UNPROVEN);
  await admin.makeApnsKey(TEAM_OF_UNPROVEN);
  const { sent } = await deliverTo(token, { status: 400, reason: "BadDeviceToken" }, UNPROVEN);
  expect(sent).toHaveLength(1);
  expect(await registrationsOf(pass)).toBe(1);
});

test("DeviceTokenNotForTopic keeps the registration in a case in which BadDeviceToken removes it", async () => {
  await consume([pushJob(PASS_TYPE, [randomPushToken()])]);
  const { pass, token } = await holder();
  const { sent, dead } = await deliverTo(token, { status: 400, reason: "DeviceTokenNotForTopic" });
  expect(sent).toEqual([]);
  expect(dead).toEqual([{ ...pushJob(PASS_TYPE, [token]), reason: "DeviceTokenNotForTopic" }]);
  expect(await registrationsOf(pass)).toBe(1);
});

test("each reason of a refusal has its own dead letter", async () => {
  const [topic, path, good] = [randomPushToken(), randomPushToken(), randomPushToken()];
  await apple.fault(topic, { status: 400, reason: "DeviceTokenNotForTopic" });
  await apple.fault(path, { status: 404, reason: "BadPath" });
  const { dead } = await consume([pushJob(PASS_TYPE, [topic, good, path])]);
  expect(dead).toHaveLength(2);
  expect(dead).toContainEqual({ ...pushJob(PASS_TYPE, [topic]), reason: "DeviceTokenNotForTopic" });
  expect(dead).toContainEqual({ ...pushJob(PASS_TYPE, [path]), reason: "BadPath" });
});

test.each(["before", "after"] as const)(
  "if D1 fails once %s the pushes are recorded, no phone is pushed twice, and the score rises once",
  async (when) => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const { token } = await holder();
    await setRows(devices, { pushToken: token }, { pushedAt: Date.now() - 3_600_000, pushedThrough: 0 });
    const { DB, calls } = failingD1(env.DB, { of: "writes", when });
    const pushed: string[] = [];
    const fetch = async (url: string) => {
      pushed.push(url);
      return DELIVERED();
    };
    // This pass type has delivered before, so the first write is that of the pushes.
    const { acked, retried } = await consume([pushJob(PASS_TYPE, [token])], { db: openDatabase(DB), fetch });
    expect([acked, retried, pushed.length]).toEqual([[0], [], 1]);
    expect(calls()).toBeGreaterThan(1);
    const [device] = await rowsOf(devices, { pushToken: token });
    expect(device?.pushScore).toBeCloseTo(0.125, 2); // an hour too soon: (1/2)³
  },
);
