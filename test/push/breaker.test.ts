/**
 * When BadDeviceToken is believed. It ends a registration, and a Wallet device registers again only when its owner adds
 * the pass again; but a key or a host that is wrong, or APNs on a bad day, says it of every token.
 *
 * Follows Apple's "Handling notification responses from APNs".
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { admin, randomPushToken, TEAM } from "../harness.ts";
import { consume, pushJob } from "./consume.ts";
import { DELIVERED, refusal, registerTokens, registrationsOf, timeline, watchLog } from "./timeline.ts";

const MINUTE_MS = 60_000;
const BAD = () => refusal(400, "BadDeviceToken");
let types = 0;
let start: number;

beforeAll(async () => {
  await admin.makeApnsKey();
});

beforeEach(() => {
  start = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const tokensOf = (count: number) => Array.from({ length: count }, randomPushToken);

/** A pass type of its own, whose configuration has delivered once, and tokens that are registered for a pass of it. */
async function proven(count: number) {
  types += 1;
  const passTypeIdentifier = `pass.test.breaker.${types}`;
  await admin.makePassType(passTypeIdentifier, TEAM, "P-256");
  const pass = await admin.issue((await admin.makeTemplate(passTypeIdentifier)).id);
  const tokens = tokensOf(count);
  await registerTokens(pass, tokens);
  await consume([pushJob(passTypeIdentifier, tokensOf(1))], { fetch: async () => DELIVERED() });
  return { passTypeIdentifier, tokens };
}

async function doubtedAt(passTypeIdentifier: string): Promise<number | null> {
  const row = env.DB.prepare("SELECT doubted_at FROM pass_types WHERE pass_type_identifier = ?");
  return row.bind(passTypeIdentifier).first<number>("doubted_at");
}

/** One message of these tokens, those of `bad` answered BadDeviceToken. @returns how many go on, at which delay */
async function push(passTypeIdentifier: string, tokens: readonly string[], bad = tokens) {
  const { sent, dead } = await consume([pushJob(passTypeIdentifier, tokens)], {
    fetch: async (url) => (bad.some((token) => url.endsWith(token)) ? BAD() : DELIVERED()),
  });
  expect(dead).toEqual([]);
  return sent.map(({ message, delaySeconds }) => [message.kind === "push" && message.tokens, delaySeconds]);
}

test("a storm of 300 BadDeviceToken deletes nothing, and when it ends all phones are pushed", async () => {
  const log = watchLog();
  const { passTypeIdentifier, tokens } = await proven(300);
  const ends = start + 45 * MINUTE_MS;
  const line = timeline(start, ({ at }) => (at < ends ? BAD() : DELIVERED()));
  await line.queue.send(pushJob(passTypeIdentifier, tokens));
  await line.runUntil(start);
  expect(await registrationsOf(tokens)).toBe(300);
  expect(line.waiting.map(({ at }) => at >= start + 10 * MINUTE_MS)).toEqual([true]);
  expect(log()).toContainEqual({
    event: "push_doubted",
    passTypeIdentifier,
    attempt: 1,
    reason: "BadDeviceToken",
    tokens: 300,
  });
  await line.drain();
  expect(await registrationsOf(tokens)).toBe(300);
  const delivered = line.pushes.filter(({ status }) => status === 200).map(({ token }) => token);
  expect(delivered.toSorted()).toEqual(tokens.toSorted());
  expect(line.dead).toEqual([]);
  expect(await doubtedAt(passTypeIdentifier)).toBe(null);
});

test("a storm that outlives every attempt leaves its tokens in the dead letters, and their registrations", async () => {
  watchLog();
  const { passTypeIdentifier, tokens } = await proven(5);
  const line = timeline(start, BAD);
  await line.queue.send(pushJob(passTypeIdentifier, tokens));
  await line.drain();
  expect(line.now() - start).toBeGreaterThan(2 * 60 * MINUTE_MS);
  expect(line.dead).toEqual([
    { ...pushJob(passTypeIdentifier, expect.any(Array), 10), reason: "BadDeviceToken" },
  ]);
  expect(await registrationsOf(tokens)).toBe(5);
});

test("a storm that strikes messages of one token each, ten at once, costs one registration at the most", async () => {
  watchLog();
  const { passTypeIdentifier, tokens } = await proven(60);
  const ends = start + 15 * MINUTE_MS;
  const line = timeline(start, async ({ at }) => (at < ends ? BAD() : DELIVERED()));
  for (const token of tokens) await line.queue.send(pushJob(passTypeIdentifier, [token]));
  await line.drain();
  expect(await registrationsOf(tokens)).toBeGreaterThanOrEqual(59);
  const delivered = line.pushes.filter(({ status }) => status === 200);
  expect(delivered).toHaveLength(await registrationsOf(tokens));
});

test("a single garbage token goes, where this configuration has delivered and nothing was bad since", async () => {
  const { passTypeIdentifier, tokens } = await proven(1);
  expect(await push(passTypeIdentifier, tokens)).toEqual([]);
  expect(await registrationsOf(tokens)).toBe(0);
});

test("a garbage token goes beside a push that is delivered, also in doubt, and that ends the doubt", async () => {
  watchLog();
  const { passTypeIdentifier, tokens } = await proven(4);
  await push(passTypeIdentifier, tokensOf(2));
  expect(await doubtedAt(passTypeIdentifier)).toBeGreaterThan(0);
  const bad = tokens.slice(0, 3);
  expect(await push(passTypeIdentifier, tokens, bad)).toEqual([]);
  expect(await registrationsOf(bad)).toBe(0);
  expect(await registrationsOf(tokens)).toBe(1);
  expect(await doubtedAt(passTypeIdentifier)).toBe(null);
});

test("in doubt a single bad token waits, and goes when another push has been delivered before its retry", async () => {
  const log = watchLog();
  const { passTypeIdentifier, tokens } = await proven(2);
  const [first = "", second = ""] = tokens;
  expect(await push(passTypeIdentifier, [first])).toEqual([]);
  for (const _ of [1, 2]) {
    const [retry] = await push(passTypeIdentifier, [second]);
    expect(retry).toEqual([[second], expect.any(Number)]);
    expect(retry?.[1]).toBeGreaterThanOrEqual(600);
  }
  expect(log().filter(({ event }) => event === "push_doubted")).toHaveLength(2);
  expect(await registrationsOf([second])).toBe(1);
  await push(passTypeIdentifier, tokensOf(1), []);
  expect(await push(passTypeIdentifier, [second])).toEqual([]);
  expect(await registrationsOf([second])).toBe(0);
});

test("two bad tokens of one message are doubted, though this configuration has delivered", async () => {
  watchLog();
  const { passTypeIdentifier, tokens } = await proven(2);
  expect(await push(passTypeIdentifier, tokens)).toEqual([[expect.any(Array), expect.any(Number)]]);
  expect(await registrationsOf(tokens)).toBe(2);
});

test("a doubt keeps its beginning, and is of one pass type alone", async () => {
  watchLog();
  const [doubted, other] = [await proven(2), await proven(1)];
  await push(doubted.passTypeIdentifier, doubted.tokens);
  const since = await doubtedAt(doubted.passTypeIdentifier);
  expect(since).toBe(start);
  vi.setSystemTime(start + MINUTE_MS);
  await push(doubted.passTypeIdentifier, doubted.tokens);
  expect(await doubtedAt(doubted.passTypeIdentifier)).toBe(since);
  await push(other.passTypeIdentifier, other.tokens);
  expect(await registrationsOf(other.tokens)).toBe(0);
});

test("other failures raise no doubt", async () => {
  watchLog();
  const { passTypeIdentifier } = await proven(0);
  for (const [status, reason] of [
    [410, "Unregistered"],
    [400, "DeviceTokenNotForTopic"],
    [403, "InvalidProviderToken"],
    [503, "Shutdown"],
    [403, "BadDeviceToken"], // not as APNs says it
  ] as const) {
    await consume([pushJob(passTypeIdentifier, tokensOf(3))], { fetch: async () => refusal(status, reason) });
    expect(await doubtedAt(passTypeIdentifier)).toBe(null);
  }
});
