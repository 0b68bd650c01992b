/**
 * Only failed tokens are retried: in a new message with the next attempt's number and a delay, and after the last attempt in
 * the dead letters. And how many requests are in flight at once.
 *
 * Follows Apple's "Handling notification responses from APNs" and "Establishing a token-based connection to APNs".
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { providerTokens } from "../../src/db/schema.ts";
import type { PushMessage } from "../../src/push/messages.ts";
import { MAX_ATTEMPTS } from "../../src/push/retry.ts";
import type { ApnsFault } from "../apple/apns-faults.ts";
import { counted } from "../counting.ts";
import { admin, apple, call, randomPushToken, TEAM } from "../harness.ts";
import { rowsOf } from "../rows.ts";
import { consume, pushJob } from "./consume.ts";
import { refusal, watchLog } from "./timeline.ts";

const PASS_TYPE = "pass.test.retries";
const MINUTE_MS = 60_000;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
  await admin.makeApnsKey();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const attempts = async (token: string) => (await apple.history(token)).length;

test.each<{ name: string; fault: ApnsFault; atLeast: number; atMost: number }>([
  { name: "429 TooManyRequests", fault: { status: 429, reason: "TooManyRequests" }, atLeast: 60, atMost: 75 },
  {
    name: "500 InternalServerError",
    fault: { status: 500, reason: "InternalServerError" },
    atLeast: 15,
    atMost: 19,
  },
  { name: "503 Shutdown", fault: { status: 503, reason: "Shutdown" }, atLeast: 15, atMost: 19 },
  {
    name: "503 with Retry-After",
    fault: { status: 503, reason: "ServiceUnavailable", headers: { "retry-after": "300" } },
    atLeast: 300,
    atMost: 375,
  },
  { name: "400 IdleTimeout", fault: { status: 400, reason: "IdleTimeout" }, atLeast: 15, atMost: 19 },
  {
    name: "403 InvalidProviderToken",
    fault: { status: 403, reason: "InvalidProviderToken" },
    atLeast: 600,
    atMost: 750,
  },
  { name: "a stream that breaks off", fault: { mode: "reset" }, atLeast: 15, atMost: 19 },
  { name: "502 with a page in HTML", fault: { mode: "html", status: 502 }, atLeast: 15, atMost: 19 },
  { name: "525 with a page in HTML", fault: { mode: "html", status: 525 }, atLeast: 15, atMost: 19 },
  {
    name: "a redirect",
    fault: { status: 302, headers: { location: "/3/device/elsewhere" } },
    atLeast: 15,
    atMost: 19,
  },
  {
    name: "an unknown reason",
    fault: { status: 400, reason: "NewInIOS30" },
    atLeast: 15,
    atMost: 19,
  },
])(
  "$name: only the failed token is retried, in a new message with a delay",
  async ({ fault, atLeast, atMost }) => {
    const [good, bad, alsoGood] = [randomPushToken(), randomPushToken(), randomPushToken()];
    await apple.fault(bad, { times: 1, ...fault });
    const { sent, dead, acked } = await consume([pushJob(PASS_TYPE, [good, bad, alsoGood])]);
    expect(sent).toEqual([{ message: pushJob(PASS_TYPE, [bad], 2), delaySeconds: expect.any(Number) }]);
    expect(sent[0]?.delaySeconds).toBeGreaterThanOrEqual(atLeast);
    expect(sent[0]?.delaySeconds).toBeLessThanOrEqual(atMost);
    expect([dead, acked]).toEqual([[], [0]]);
    expect(await Promise.all([good, bad, alsoGood].map(attempts))).toEqual([1, 1, 1]);

    const second = await consume(sent.map(({ message }) => message));
    expect([second.sent, second.dead]).toEqual([[], []]);
    expect(await Promise.all([good, bad, alsoGood].map(attempts))).toEqual([1, 2, 1]);
  },
);

test("a missing response times out after ten seconds, and no timer is left", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const [good, silent] = [randomPushToken(), randomPushToken()];
  await apple.fault(silent, { mode: "hang", times: 1 });
  const done = consume([pushJob(PASS_TYPE, [silent, good])]);
  while ((await attempts(silent)) + (await attempts(good)) < 2) await Promise.resolve();
  await vi.advanceTimersByTimeAsync(9999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  const { sent } = await done;
  expect(sent.map(({ message }) => message)).toEqual([pushJob(PASS_TYPE, [silent], 2)]);
  expect(vi.getTimerCount()).toBe(0);
});

test("the tokens of each reason wait for the pause of that reason, and no longer", async () => {
  const [busy, broken] = [randomPushToken(), randomPushToken()];
  await apple.fault(busy, { status: 503, reason: "ServiceUnavailable", headers: { "retry-after": "3600" } });
  await apple.fault(broken, { mode: "reset" });
  const { sent } = await consume([pushJob(PASS_TYPE, [busy, broken])]);
  const delayOf = (token: string) =>
    sent.find(({ message }) => message.kind === "push" && message.tokens.includes(token))?.delaySeconds;
  expect(sent).toHaveLength(2);
  expect(delayOf(busy)).toBeGreaterThanOrEqual(3600);
  expect(delayOf(broken)).toBeLessThanOrEqual(19);
});

test("each attempt waits twice as long as the previous one", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  const token = randomPushToken();
  await apple.fault(token, { status: 500, reason: "InternalServerError" });
  const delays: (number | undefined)[] = [];
  let next: PushMessage | undefined = pushJob(PASS_TYPE, [token]);
  while (next !== undefined) {
    const { sent } = await consume([next]);
    if (sent[0] !== undefined) delays.push(sent[0].delaySeconds);
    next = sent[0]?.message;
  }
  expect(delays).toEqual([15, 30, 60, 120, 240, 480, 960, 1920, 3600]);
  expect(await attempts(token)).toBe(MAX_ATTEMPTS);
});

test("after the last attempt the failed tokens are in the dead letters, with the reason", async () => {
  const log = watchLog();
  const [good, bad] = [randomPushToken(), randomPushToken()];
  await apple.fault(bad, { mode: "html", status: 503 });
  const job = pushJob(PASS_TYPE, [bad, good], MAX_ATTEMPTS);
  const { sent, acked } = await consume([job], { deadLetters: env.DEAD_LETTERS });
  expect([sent, acked]).toEqual([[], [0]]);
  expect(log()).toContainEqual(
    expect.objectContaining({ event: "push_gave_up", passTypeIdentifier: PASS_TYPE, tokens: 1 }),
  );
  const letters = await vi.waitFor(async () => {
    const { body } = await call<{ items: { message: unknown }[] }>("GET", "/dead-letters");
    expect(body.items.length).toBeGreaterThan(0);
    return body.items;
  }, 10_000);
  expect(letters.map(({ message }) => message)).toEqual([
    { ...pushJob(PASS_TYPE, [bad], MAX_ATTEMPTS), reason: "503 without a reason" },
  ]);
  const { body } = await call<{ findings: { code: string }[] }>("GET", "/health");
  expect(body.findings.map(({ code }) => code)).toContain("dead_letters");
});

test("ExpiredProviderToken creates a new token only if the stored one is 20 minutes old; the push is retried", async () => {
  const type = "pass.test.retries.expired";
  await admin.makePassType(type, "RETRIES002", "P-256");
  const keyId = await admin.makeApnsKey("RETRIES002");
  const start = Date.now() - 30 * MINUTE_MS;
  const issuedAt = async () => (await rowsOf(providerTokens, { keyId }))[0]?.issuedAt ?? 0;
  const tokens = Array.from({ length: 20 }, randomPushToken);
  for (const token of tokens)
    await apple.fault(token, { status: 403, reason: "ExpiredProviderToken", times: 2 });

  const young = await consume([pushJob(type, tokens)], { now: () => start });
  const born = await issuedAt();
  expect(born).toBe(Math.floor(start / 1000) * 1000);
  expect(young.sent).toEqual([
    { message: pushJob(type, expect.arrayContaining(tokens), 2), delaySeconds: expect.any(Number) },
  ]);
  await consume([pushJob(type, tokens, 2)], { now: () => born + 20 * MINUTE_MS - 1 });
  expect(await issuedAt()).toBe(born);

  const [token = ""] = tokens;
  await apple.fault(token, { status: 403, reason: "ExpiredProviderToken", times: 1 });
  const { sent } = await consume([pushJob(type, [token])], { now: () => born + 20 * MINUTE_MS });
  expect(await issuedAt()).toBe(born + 20 * MINUTE_MS);
  await consume(
    sent.map(({ message }) => message),
    { now: () => born + 21 * MINUTE_MS },
  );
  const last = (await apple.history(token)).at(-1);
  expect(last).toMatchObject({ status: 200, jwtClaims: { iat: born / 1000 + 20 * 60 } });
});

test.each(["ExpiredProviderToken", "Unregistered"] as const)(
  "a message full of %s costs four round trips to D1, however many tokens it has; the first failure one more",
  async (reason) => {
    const many = () => [pushJob(PASS_TYPE, Array.from({ length: 30 }, randomPushToken))];
    await consume([pushJob(PASS_TYPE, [randomPushToken()])]); // the provider token is in memory, the key is proven
    await consume(many(), { fetch: async () => refusal(reason) });
    const counters = counted(env);
    await consume(many(), { db: openDatabase(counters.env.DB), fetch: async () => refusal(reason) });
    expect(counters.spent().trips).toBe(4);
  },
);

test("TooManyProviderTokenUpdates waits at least 20 minutes, is logged, and never creates a token", async () => {
  const type = "pass.test.retries.too-many";
  await admin.makePassType(type, "RETRIES003", "P-256");
  await admin.makeApnsKey("RETRIES003");
  const log = watchLog();
  const start = Date.now() - 45 * MINUTE_MS;
  const rows = () => rowsOf(providerTokens);
  await consume([pushJob(type, [randomPushToken()])], { now: () => start });
  const before = await rows();
  const token = randomPushToken();
  await apple.fault(token, { status: 429, reason: "TooManyProviderTokenUpdates" });
  const { sent } = await consume([pushJob(type, [token])], { now: () => start + 45 * MINUTE_MS });
  expect(sent).toEqual([{ message: pushJob(type, [token], 2), delaySeconds: expect.any(Number) }]);
  expect(sent[0]?.delaySeconds).toBeGreaterThanOrEqual(20 * 60);
  expect(await rows()).toEqual(before);
  expect(log()).toContainEqual(
    expect.objectContaining({ event: "push_delayed", reason: "TooManyProviderTokenUpdates" }),
  );
});

test("without an APNs key pushes wait, an event is logged, and nothing is lost when the key is added", async () => {
  const type = "pass.test.retries.no-key";
  await admin.makePassType(type, "RETRIES004", "P-256");
  const log = watchLog();
  const tokens = [randomPushToken(), randomPushToken()];
  const { sent, dead, acked } = await consume([pushJob(type, tokens)]);
  expect(sent).toEqual([{ message: pushJob(type, tokens, 2), delaySeconds: expect.any(Number) }]);
  expect(sent[0]?.delaySeconds).toBeGreaterThanOrEqual(5 * 60);
  expect([dead, acked]).toEqual([[], [0]]);
  expect(log()).toEqual([
    expect.objectContaining({
      event: "no_apns_key",
      passTypeIdentifier: type,
      cure: expect.stringContaining("/admin/v1/apns-keys"),
    }),
  ]);
  await admin.makeApnsKey("RETRIES004");
  await consume(sent.map(({ message }) => message));
  expect(await Promise.all(tokens.map(attempts))).toEqual([1, 1]);
});

test("exactly six requests are in flight at the same time while tokens wait", async () => {
  const tokens = Array.from({ length: 40 }, randomPushToken);
  const under: (() => void)[] = [];
  const done = consume([pushJob(PASS_TYPE, tokens)], {
    fetch: () => new Promise((resolve) => under.push(() => resolve(new Response(null)))),
  });
  for (let waiting = tokens.length; waiting > 0; waiting -= 1) {
    const busy = Math.min(6, waiting);
    await vi.waitFor(() => expect(under).toHaveLength(busy), { interval: 1 });
    under.splice(waiting % busy, 1)[0]?.();
  }
  expect((await done).acked).toEqual([0]);
});

test("a message that cannot be finished (the queue is down) is retried, and does not delay the others of its batch", async () => {
  const log = watchLog();
  const [failing, good] = [randomPushToken(), randomPushToken()];
  await apple.fault(failing, { status: 500, reason: "InternalServerError" });
  const down = () => Promise.reject(new Error("the queue is down"));
  const { acked, retried } = await consume([pushJob(PASS_TYPE, [failing]), pushJob(PASS_TYPE, [good])], {
    queue: { send: down, sendBatch: down },
  });
  expect([acked, retried]).toEqual([[1], [0]]);
  expect(await attempts(good)).toBe(1);
  expect(log()).toContainEqual(expect.objectContaining({ event: "queue_message_failed", kind: "push" }));
});

test("tokens that were not started within fifteen seconds are sent on in a new message of the same attempt, and nothing is pushed twice", async () => {
  const tokens = Array.from({ length: 20 }, randomPushToken);
  let now = Date.now();
  const asked: string[] = [];
  const { sent, acked } = await consume([pushJob(PASS_TYPE, tokens, 2)], {
    now: () => now,
    fetch: async (url) => {
      asked.push(url.split("/").at(-1) ?? "");
      now += 1000; // a slow push service
      return new Response(null, { status: 200 });
    },
  });
  expect(acked).toEqual([0]);
  expect(asked.length).toBeLessThan(20);
  const rest = pushJob(PASS_TYPE, tokens.slice(asked.length), 2);
  expect(sent).toEqual([{ message: rest, delaySeconds: undefined }]);
  expect(asked.toSorted()).toEqual(tokens.slice(0, asked.length).toSorted());
});

test("connections that fail with different messages are retried in one message", async () => {
  const logged = watchLog();
  const tokens = Array.from({ length: 7 }, randomPushToken);
  let failures = 0;
  const { sent } = await consume([pushJob(PASS_TYPE, tokens)], {
    fetch: () => Promise.reject(new Error(`internal error; reference = ${failures++}`)),
  });
  expect(sent).toHaveLength(1);
  expect(sent[0]?.message).toMatchObject({ attempt: 2, tokens: expect.arrayContaining(tokens) });
  const delayed = { event: "push_delayed", reason: "no connection", tokens: 7 };
  expect(logged()).toContainEqual(expect.objectContaining(delayed));
});
