/**
 * No log line and no error response contains a secret or what a holder entered, and no log line a serial number, an IP
 * address or a URL: not over the whole life of a pass, not when requests are wrong, and not when the database, the bucket, the
 * queue or APNs is down.
 *
 * Follows RFC 6750 §5.3 (bearer tokens do not go into logs) and OWASP's Logging Cheat Sheet ("Data to exclude").
 */
import {
  createExecutionContext,
  createMessageBatch,
  createScheduledController,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { apnsKeys, personalizations, providerTokens, signingKeys } from "../../src/db/schema.ts";
import type { PassType } from "../../src/identities/pass-types.ts";
import worker from "../../src/index.ts";
import { LOG_EVENTS, type LogEvent } from "../../src/log-events.ts";
import type { Pass } from "../../src/passes/show.ts";
import type { PushMessage } from "../../src/push/messages.ts";
import { CRON_TRIGGERS } from "../../src/scheduled.ts";
import { withoutPauses } from "../failing-d1.ts";
import {
  ADMIN_TOKEN,
  admin,
  apple,
  call,
  icon,
  iphone,
  ORIGIN,
  passToken,
  randomPushToken,
  storeCard,
  TEAM,
} from "../harness.ts";
import { derOf, makeKeys, pem, pkcs8Of, requestFor } from "../identities/forms.ts";
import { ADA, rewards, signUp } from "../passes/rewards.ts";
import { rowsOf } from "../rows.ts";

const PASS_TYPE = "pass.test.secrecy";
const SERIAL = "SERIAL-4711";
const DEVICE = "0123456789abcdef0123456789abcdef";
const IP_ADDRESS = "203.0.113.77";
const WRONG = "wrong-token-of-somebody-else";
/** The length of the parts of a secret that are searched for: so many characters do not match by accident. */
const FRAGMENT = 40;

const lines: string[] = [];
const bodies: string[] = [];
const spies = (["log", "info", "debug", "warn", "error"] as const).map((level) => vi.spyOn(console, level));

let pass: Pass;
let privateKey: string;
let certificate: string;
let apnsKey: { keyId: string; teamIdentifier: string; privateKey: string };
let authorization: string;
const pushToken = randomPushToken();

beforeAll(async () => {
  for (const spy of spies) spy.mockImplementation((...said) => void lines.push(said.map(String).join(" ")));
  const keys = await makeKeys("RSA");
  privateKey = pem("PRIVATE KEY", await pkcs8Of(keys));
  const asked = { csr: await requestFor(keys), passTypeIdentifier: PASS_TYPE, teamIdentifier: TEAM };
  certificate = (await apple.issue(asked)).pem;
  await apple.registerTopic({ topic: PASS_TYPE, teamIdentifier: TEAM });
  apnsKey = await apple.makeKey({ keyId: "SECRECY001", teamIdentifier: TEAM });
  await call<PassType>("POST", "/pass-types", { passTypeIdentifier: PASS_TYPE });
  await admin.installCertificate(PASS_TYPE, { certificate, privateKey });
  await call("POST", "/apns-keys", apnsKey);
  const template = await admin.makeTemplate(PASS_TYPE, rewards);
  pass = await admin.issue(template.id, { serialNumber: SERIAL });
  authorization = (await passToken(pass)).Authorization;
});

afterAll(() => {
  vi.restoreAllMocks();
});

beforeEach(() => {
  lines.length = 0;
  bodies.length = 0;
});

/** What no log and no error response may contain. */
async function secrets(): Promise<string[]> {
  const sealed = [
    ...[...(await rowsOf(signingKeys)), ...(await rowsOf(apnsKeys))].map(({ privateKey }) => privateKey),
    ...(await rowsOf(providerTokens)).map(({ token }) => token),
    ...(await rowsOf(personalizations)).map(({ info }) => info),
  ];
  return [
    ADMIN_TOKEN,
    WRONG,
    env.MASTER_SECRET?.slice(2) ?? "",
    authorization.slice("ApplePass ".length),
    pass.webToken,
    pushToken,
    DEVICE,
    ...Object.values(ADA).filter(({ length }) => length > 2), // "GB" is part of other words
    ...[privateKey, apnsKey.privateKey].map((text) => derOf(text).toBase64().slice(-FRAGMENT)),
    ...[privateKey, apnsKey.privateKey].map((text) => text.split("\n").at(-3) ?? ""),
    ...sealed.map((text) => text.slice(-FRAGMENT)),
    "PRIVATE KEY-----",
    "eyJ", // the beginning of a provider token (JWT)
  ];
}

/** What a log may not contain either. Error responses may: the client sent it. */
const PERSONAL = [SERIAL, IP_ADDRESS, new URL(ORIGIN).host];

async function expectNoSecret() {
  for (const line of lines) {
    const { event, ...members }: { event: LogEvent } = JSON.parse(line);
    const known: readonly string[] = LOG_EVENTS[event].slice(1);
    expect(Object.keys(members).filter((name) => !known.includes(name))).toEqual([]);
    expect(PERSONAL.filter((text) => line.includes(text))).toEqual([]);
  }
  for (const secret of await secrets()) {
    expect(secret.length).toBeGreaterThanOrEqual(3);
    expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    expect(bodies.filter((body) => body.includes(secret))).toEqual([]);
  }
}

type Asked = [method: string, path: string, body?: unknown, headers?: Record<string, string>];
/** A valid request for every route: secrets are only where they belong. */
function requests(): Asked[] {
  const key = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  const holder = { Authorization: authorization };
  const device = `/v1/devices/${DEVICE}/registrations/${PASS_TYPE}`;
  const certificatePath = `/admin/v1/pass-types/${PASS_TYPE}/certificate`;
  return [
    ["POST", `${device}/${SERIAL}`, { pushToken }, holder],
    ["GET", `${device}?passesUpdatedSince=0`],
    ["GET", `/v1/passes/${PASS_TYPE}/${SERIAL}`, undefined, holder],
    ["POST", `/v1/passes/${PASS_TYPE}/${SERIAL}/personalize`, signUp(), holder],
    [
      "POST",
      "/v1/log",
      { logs: [`Register error: push token ${pushToken}, ${authorization}, ${pass.downloadUrl}`] },
    ],
    ["POST", `/v1/passes/${PASS_TYPE}/${SERIAL}/passLifecycleUpdate`, { passState: "kept" }],
    ["DELETE", `${device}/${SERIAL}`, undefined, holder],
    ["GET", new URL(pass.downloadUrl).pathname],
    ["GET", new URL(pass.landingUrl).pathname],
    ["POST", "/admin/v1/pass-types", { passTypeIdentifier: `${PASS_TYPE}.new` }, key],
    ["POST", `/admin/v1/pass-types/${PASS_TYPE}/csr`, {}, key],
    ["PUT", certificatePath, { certificate, privateKey }, key],
    ["GET", "/admin/v1/pass-types", undefined, key],
    ["POST", "/admin/v1/apns-keys", apnsKey, key],
    ["GET", "/admin/v1/apns-keys", undefined, key],
    [
      "POST",
      "/admin/v1/templates",
      { name: "x", passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon },
      key,
    ],
    ["GET", "/admin/v1/templates", undefined, key],
    ["PATCH", `/admin/v1/templates/${pass.templateId}`, { images: icon, strings: { fr: { a: "b" } } }, key],
    ["POST", `/admin/v1/templates/${pass.templateId}/passes`, {}, key],
    ["GET", "/admin/v1/passes?code=x&tag=y", undefined, key],
    ["PATCH", `/admin/v1/passes/${pass.id}`, { values: { points: "1" } }, key],
    ["GET", `/admin/v1/passes/${pass.id}/download`, undefined, key],
    ["POST", `/admin/v1/passes/${pass.id}/redeem`, {}, key],
    ["POST", `/admin/v1/passes/${pass.id}/unredeem`, undefined, key],
    ["POST", `/admin/v1/passes/${pass.id}/void`, { reason: "x" }, key],
    ["POST", `/admin/v1/passes/${pass.id}/unvoid`, undefined, key],
    ["POST", `/admin/v1/passes/${pass.id}/personalization/take`, { keep: true }, key],
    ["POST", "/admin/v1/projects", { name: "x" }, key],
    ["GET", "/admin/v1/projects", undefined, key],
    ["POST", "/admin/v1/projects/1/events", { name: "x", values: { points: "1" } }, key],
    ["GET", "/admin/v1/projects/1/events", undefined, key],
    ["PATCH", "/admin/v1/projects/1/events/1", { values: { points: "2" } }, key],
    ["GET", "/admin/v1/health", undefined, key],
    ["GET", "/admin/v1/device-logs", undefined, key],
    ["GET", "/admin/v1/dead-letters", undefined, key],
    ["GET", "/admin/v1/google-failures", undefined, key],
    ["DELETE", `/admin/v1/passes/${pass.id}`, undefined, key],
  ];
}

/** Calls the Worker with the given environment. Collects the bodies of error responses. */
async function ask([method, path, body, headers]: Asked, environment: typeof env): Promise<number> {
  const context = createExecutionContext();
  const request = new Request(ORIGIN + path, {
    method,
    headers: { "Content-Type": "application/json", "CF-Connecting-IP": IP_ADDRESS, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const response = await worker.fetch(request, environment, context);
  const text = new TextDecoder().decode(await response.arrayBuffer());
  await waitOnExecutionContext(context);
  if (response.status >= 400) bodies.push(text);
  return response.status;
}

test("no secret is logged over the life of a pass, with pushes that fail", async () => {
  const phone = iphone({ pushToken });
  await phone.addFrom(pass.downloadUrl);
  await apple.fault(pushToken, { status: 500, reason: "InternalServerError", times: 1 });
  await admin.change(pass.id, { values: { points: "4" } });
  await vi.waitFor(async () => expect(await apple.history(pushToken)).not.toEqual([]), 10_000);
  await phone.receivePush(PASS_TYPE);
  await phone.switchUpdatesOff(phone.pass(PASS_TYPE, SERIAL));
  await expectNoSecret();
});

test("no error response and no log has a secret, even when the request has one in the wrong place", async () => {
  const key = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  const wrongKey = { Authorization: `Bearer ${WRONG}` };
  const wrongHolder = { Authorization: `ApplePass ${WRONG}` };
  const device = `/v1/devices/${DEVICE}/registrations/${PASS_TYPE}`;
  const certificatePath = `/admin/v1/pass-types/${PASS_TYPE}/certificate`;
  const asked: Asked[] = [
    ["GET", "/admin/v1/passes", undefined, wrongKey],
    ["GET", `/admin/v1/passes?nonsense=${ADMIN_TOKEN}`, undefined, wrongKey],
    ["PUT", certificatePath, { certificate: privateKey }, key],
    ["PUT", certificatePath, { certificate, privateKey: `${privateKey.slice(0, 900)}` }, key],
    ["PUT", certificatePath, { certificate, privateKey: apnsKey.privateKey }, key],
    ["PUT", certificatePath, { privateKey }, key],
    ["PUT", certificatePath, { certificate, intermediate: privateKey }, key],
    ["POST", "/admin/v1/apns-keys", { ...apnsKey, keyId: "x" }, key],
    ["POST", "/admin/v1/apns-keys", { ...apnsKey, privateKey }, key],
    ["POST", "/admin/v1/apns-keys", { ...apnsKey, privateKey: [apnsKey.privateKey] }, key],
    ["POST", `${device}/${SERIAL}`, { pushToken }, wrongHolder],
    ["POST", `${device}/${SERIAL}`, { token: pushToken }, { Authorization: authorization }],
    [
      "POST",
      `${device}/${SERIAL}`,
      { pushToken: `${pushToken} ${pushToken}` },
      { Authorization: authorization },
    ],
    ["POST", `${device}/another`, { pushToken }, { Authorization: authorization }],
    ["POST", `/v1/passes/${PASS_TYPE}/${SERIAL}/personalize`, signUp(), wrongHolder],
    [
      "POST",
      `/v1/passes/${PASS_TYPE}/${SERIAL}/personalize`,
      signUp(ADA, 7),
      { Authorization: authorization },
    ],
    [
      "POST",
      `/v1/passes/${PASS_TYPE}/${SERIAL}/personalize`,
      signUp({ fullName: [ADA.fullName], [ADA.emailAddress]: 1 }),
      { Authorization: authorization },
    ],
    ["POST", `/admin/v1/passes/${pass.id}/personalization/take`, ADA, key],
    ["GET", `/v1/passes/${PASS_TYPE}/${SERIAL}`, undefined, wrongHolder],
    ["DELETE", `${device}/${SERIAL}`, undefined, wrongHolder],
    ["GET", `/passes/${pass.id}/${pass.webToken}0.pkpass`],
    ["GET", `/passes/x${pass.id}/${pass.webToken}.pkpass`],
    ["GET", `/p/${pass.id}/${pass.webToken}0`],
    ["GET", `/nowhere/${pass.webToken}`],
  ];
  for (const request of asked) {
    const status = await ask(request, env);
    expect([request[1], status >= 400 && status < 500]).toEqual([request[1], true]);
  }
  expect(bodies).toHaveLength(asked.length);
  await expectNoSecret();
});

const boom = () => Promise.reject(new Error("D1_ERROR: Network connection lost."));
const statement = { bind: () => statement, all: boom, run: boom, raw: boom, first: boom };
const session = { prepare: () => statement, batch: boom };
const database = { ...session, exec: boom, withSession: () => session } as unknown as D1Database;
const bucket = { get: boom, put: boom, delete: boom, list: boom, head: boom } as unknown as R2Bucket;
const queue = { send: boom, sendBatch: boom } as unknown as Queue;

test("when the database is down, every route that needs it responds with 503, without the statement", async () => {
  const waits = withoutPauses();
  const statuses = new Map<string, number>();
  for (const request of requests()) {
    statuses.set(`${request[0]} ${request[1]}`, await ask(request, { ...env, DB: database }));
  }
  waits.mockRestore();
  const unmoved = [...statuses].filter(([, status]) => status !== 503).map(([route]) => route);
  expect(unmoved).toEqual(["POST /v1/log", `POST /v1/passes/${PASS_TYPE}/${SERIAL}/passLifecycleUpdate`]);
  expect(lines.length).toBeGreaterThanOrEqual(statuses.size);
  expect(lines.filter((line) => !line.includes("Network connection lost"))).toEqual([]);
  for (const body of bodies) {
    expect(JSON.parse(body)).toEqual({
      type: "about:blank",
      title: expect.any(String),
      status: 503,
      code: "database_unavailable",
      detail: expect.stringMatching(/^The database does not respond at the moment\./),
    });
  }
  await expectNoSecret();
});

test("no secret is logged when the bucket and the queue are down", async () => {
  const broken = { ...env, BUCKET: bucket, PUSH_QUEUE: queue, DEAD_LETTERS: queue, GOOGLE_QUEUE: queue };
  await admin.change(pass.id, { values: { points: "7" } });
  for (const request of requests().slice(0, -1)) await ask(request, broken);
  expect(lines.length).toBeGreaterThan(0);
  await expectNoSecret();
});

test("no secret is logged when queue messages fail and become dead letters", async () => {
  const tokens = [pushToken];
  const push: PushMessage = { kind: "push", passTypeIdentifier: PASS_TYPE, tokens, attempt: 1 };
  for (const name of ["edgepass-push", "edgepass-push-dead"]) {
    for (const broken of [
      { DB: database },
      { PUSH_QUEUE: queue, DEAD_LETTERS: queue, APNS_ORIGIN: "http://127.0.0.1:1" },
    ]) {
      const messages = [{ id: name, timestamp: new Date(), attempts: 1, body: push }];
      await worker.queue(createMessageBatch(name, messages), { ...env, ...broken });
    }
  }
  expect(lines.length).toBeGreaterThanOrEqual(3);
  await expectNoSecret();
});

test("no secret is logged or thrown when a cron trigger fails: the platform logs what is thrown", async () => {
  await admin.change(pass.id, { values: { points: "8" } });
  for (const cron of Object.keys(CRON_TRIGGERS)) {
    for (const broken of [{ DB: database }, { BUCKET: bucket, PUSH_QUEUE: queue }]) {
      const controller = createScheduledController({ cron });
      const failed = Promise.resolve(worker.scheduled(controller, { ...env, ...broken }));
      await failed.catch((error: unknown) => void bodies.push(String(error)));
    }
  }
  expect(bodies).toHaveLength(3);
  expect(bodies.filter((text) => !/^Error: failed: [\w, ]+; see \w+ in the log$/.test(text))).toEqual([]);
  expect(lines.length).toBeGreaterThanOrEqual(3);
  await expectNoSecret();
});

test("no secret is logged when MASTER_SECRET has lost an entry or is invalid", async () => {
  const lost = { ...env, MASTER_SECRET: "9:a-secret-that-nothing-was-sealed-with-yet" };
  const wrong = { ...env, MASTER_SECRET: `${env.MASTER_SECRET},${env.MASTER_SECRET}` };
  for (const environment of [lost, wrong]) {
    for (const request of requests().slice(0, -1)) await ask(request, environment);
  }
  expect(lines.length).toBeGreaterThan(0);
  await expectNoSecret();
});
