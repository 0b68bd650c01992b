/**
 * Failing pushes are reported within one message: health names the reason and the cure, and a monitor gets a 503. The next push that
 * gets out ends both.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { passTypes, pushControl } from "../../src/db/schema.ts";
import type { Health } from "../../src/health/check.ts";
import type { Reason } from "../apple/apns-rules.ts";
import { counted } from "../counting.ts";
import { admin, call, get, randomPushToken, TEAM } from "../harness.ts";
import { rowOf, setRows } from "../rows.ts";
import { consume, pushJob } from "./consume.ts";
import { DELIVERED, refusal, watchLog } from "./timeline.ts";

const PASS_TYPE = "pass.test.failures";
const OTHER = "pass.test.failures.other";
/** The clock of these tests. It only moves forward, so that no result of an earlier test is in memory. */
let now = Date.now();

beforeAll(async () => {
  for (const type of [PASS_TYPE, OTHER]) await admin.makePassType(type, TEAM, "P-256");
  await admin.makeApnsKey();
  await setRows(pushControl, {}, { startedAt: null }); // no cron trigger is expected to run
});

beforeEach(async () => {
  const noPushYet = { provenApns: null, doubtedAt: null, doubtedToken: null };
  await setRows(
    passTypes,
    {},
    {
      ...noPushYet,
      pushFirstFailedAt: null,
      pushFailedAt: null,
      pushFailure: null,
    },
  );
  vi.useFakeTimers({ toFake: ["Date"], now });
  later(60_000);
  watchLog();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** One message of so many tokens. Without answers, the last one is for all tokens that are left. */
async function pushTo(answers: readonly (() => Promise<Response> | Response)[], count = answers.length) {
  let asked = 0;
  const tokens = Array.from({ length: count }, randomPushToken);
  return consume([pushJob(PASS_TYPE, tokens)], {
    fetch: async () => (answers[asked++] ?? answers.at(-1) ?? DELIVERED)(),
    now: () => now,
  });
}

function later(ms: number): void {
  now += ms;
  vi.setSystemTime(now);
}

async function failing() {
  const { body } = await call<Health>("GET", "/health");
  return body.findings.filter(({ code }) => code === "push_failing");
}

/** What a monitor sees, after the previous result has expired. */
async function monitored() {
  later(15_000);
  const response = await get("/healthz");
  return [response.status, await response.json()];
}

const failsWith = (reason: Reason) => () => refusal(reason);
const lost = () => Promise.reject(new Error("Network connection lost."));
const edge = (status: number) => () => new Response(`error code: ${status}`, { status });

test.each<[what: string, answer: () => Promise<Response> | Response, reason: string, cure: RegExp]>([
  ["HTTP/1.1 to an HTTP/2 host", lost, "no connection", /HTTP\/2 to Origin/],
  ["525 of the edge", edge(525), "525 without a reason", /HTTP\/2 to Origin/],
  ["520 of the edge", edge(520), "520 without a reason", /HTTP\/2 to Origin/],
  ["a wrong key", failsWith("InvalidProviderToken"), "InvalidProviderToken", /keyId.*\/apns-keys/],
  ["another team on the connection", failsWith("UnrelatedKeyIdInToken"), "UnrelatedKeyIdInToken", /team/],
  ["an old key", failsWith("ExpiredProviderToken"), "ExpiredProviderToken", /20 minutes/],
  ["a key of another team", failsWith("TopicDisallowed"), "TopicDisallowed", /team-scoped/],
  ["a key of the sandbox", failsWith("BadEnvironmentKeyInToken"), "BadEnvironmentKeyInToken", /sandbox/],
])(
  "%s: within one message, health has the reason and the cure, and /healthz is 503, until a push gets out",
  async (_what, answer, reason, cure) => {
    expect([await failing(), await monitored()]).toEqual([[], [200, { status: "ok" }]]);
    await pushTo([answer]);
    const [finding, ...more] = await failing();
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ severity: "error", code: "push_failing" });
    expect(finding?.message).toContain(
      `${PASS_TYPE} has got out since ${new Date(now).toISOString()}: ${reason} `,
    );
    expect(finding?.cure).toMatch(cure);
    expect(finding?.cure).toContain(`POST /admin/v1/pass-types/${PASS_TYPE}/push-check`);
    expect(await monitored()).toEqual([503, { status: "error" }]);

    await pushTo([DELIVERED]);
    expect([await failing(), await monitored()]).toEqual([[], [200, { status: "ok" }]]);
  },
);

test.each<Reason>(["Shutdown", "ServiceUnavailable", "InternalServerError", "IdleTimeout"])(
  "%s is Apple's own and temporary: a warning, and an error only after five minutes",
  async (reason) => {
    await pushTo([failsWith(reason)]);
    expect((await failing()).map(({ severity }) => severity)).toEqual(["warning"]);
    expect((await monitored())[0]).toBe(200);
    later(5 * 60_000);
    expect((await failing()).map(({ severity }) => severity)).toEqual(["error"]);
    expect((await monitored())[0]).toBe(503);
  },
);

test.each<[what: string, answer: () => Promise<Response> | Response, severity: string]>([
  ["a lost connection", lost, "warning"],
  ["525 of the edge", edge(525), "warning"],
  ["an old key", failsWith("ExpiredProviderToken"), "warning"],
  ["a wrong key", failsWith("InvalidProviderToken"), "error"],
])(
  "%s, where pushes got out before: for five minutes it is this severity: %s",
  async (_what, answer, severity) => {
    await pushTo([DELIVERED]);
    await pushTo([answer]);
    const severities = async () => (await failing()).map((finding) => finding.severity);
    expect(await severities()).toEqual([severity]);
    later(5 * 60_000);
    expect(await severities()).toEqual(["error"]);
  },
);

test.each<[Reason, isEnded: boolean]>([
  ["Unregistered", true],
  ["ExpiredToken", true],
  ["BadDeviceToken", false],
  ["DeviceTokenNotForTopic", false],
])("after a failure, %s for the last phone: it ends the failure: %s", async (reason, isEnded) => {
  await pushTo([failsWith("ServiceUnavailable")]);
  await pushTo([failsWith(reason)]);
  expect((await failing()).length).toBe(isEnded ? 0 : 1);
});

test.each<Reason>([
  "Unregistered",
  "ExpiredToken",
  "BadDeviceToken",
  "DeviceTokenNotForTopic",
  "TooManyRequests",
])("%s is about a token: pushes do not count as failing", async (reason) => {
  await pushTo([failsWith(reason)], 3);
  expect([await failing(), (await monitored())[0]]).toEqual([[], 200]);
});

test("tokens_doubted: several tokens are called bad and no push is accepted; one bad token alone is not reported", async () => {
  const warned = async () =>
    (await call<Health>("GET", "/health")).body.findings.filter(({ code }) => code === "tokens_doubted");
  await pushTo([DELIVERED]);
  await pushTo([failsWith("BadDeviceToken")], 1);
  expect(await warned()).toEqual([]);
  await pushTo([failsWith("BadDeviceToken")], 3);
  const [warning] = await warned();
  expect([warning?.severity, warning?.message.includes(PASS_TYPE)]).toEqual(["warning", true]);
  expect(warning?.cure).toMatch(/sandbox.*APNS_ORIGIN/);
  await pushTo([DELIVERED]);
  expect(await warned()).toEqual([]);
});

test("a message with one success is not failing, whatever happened to the others", async () => {
  await pushTo([failsWith("Forbidden"), DELIVERED, lost]);
  expect(await failing()).toEqual([]);
});

test("of several reasons, health names the one that the operator has to cure", async () => {
  await pushTo([failsWith("BadDeviceToken"), lost, failsWith("TopicDisallowed"), failsWith("Shutdown")]);
  expect((await failing()).map(({ message }) => message)).toEqual([
    expect.stringContaining(": TopicDisallowed "),
  ]);
});

test("the first time stays, the newest reason and time follow, at most once a minute; other pass types are not affected", async () => {
  const row = async () => {
    const { pushFirstFailedAt, pushFailedAt, pushFailure } = await rowOf(passTypes, {
      passTypeIdentifier: PASS_TYPE,
    });
    return [pushFirstFailedAt, pushFailedAt, pushFailure];
  };
  const first = now;
  await pushTo([lost]);
  later(59_999);
  await pushTo([failsWith("Forbidden")]);
  expect(await row()).toEqual([first, first, "no connection"]);
  later(1);
  await pushTo([failsWith("Forbidden")]);
  expect(await row()).toEqual([first, now, "Forbidden"]);
  expect(await rowOf(passTypes, { passTypeIdentifier: OTHER })).toMatchObject({ pushFailedAt: null });
});

test("ten messages that fail at the same time write one row; messages that get out write none", async () => {
  await pushTo([DELIVERED]); // stores the provider token
  const counters = counted(env);
  const jobs = Array.from({ length: 10 }, () => pushJob(PASS_TYPE, [randomPushToken()]));
  const parts = { db: openDatabase(counters.env.DB), now: () => now };
  await consume(jobs, { ...parts, fetch: async () => refusal("Forbidden") });
  expect(counters.spent().rowsWritten).toBe(1);
  await consume([pushJob(PASS_TYPE, [randomPushToken()])], { ...parts, fetch: async () => DELIVERED() });
  counters.spent();
  await consume(jobs, { ...parts, fetch: async () => DELIVERED() });
  expect(counters.spent().rowsWritten).toBe(0);
});
