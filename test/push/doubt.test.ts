/**
 * When BadDeviceToken removes a token. Removing ends a registration, and a Wallet device registers again only when its owner
 * adds the pass again; but with a wrong key or host, or a fault of APNs, every token gets this answer.
 *
 * Follows Apple's "Handling notification responses from APNs".
 */
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { passTypes, registrations } from "../../src/db/schema.ts";
import type { PushMessage } from "../../src/push/messages.ts";
import { admin, randomPushToken, TEAM } from "../harness.ts";
import { rowOf, setRows } from "../rows.ts";
import { consume, doubted, pushJob } from "./consume.ts";
import { DELIVERED, refusal, registerTokens, registrationsOf, timeline, watchLog } from "./timeline.ts";

const MINUTE_MS = 60_000;
const BAD = () => refusal("BadDeviceToken");
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

/** A new pass type whose configuration has delivered once, with tokens that are registered for a pass of it. */
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

async function doubtOf(passTypeIdentifier: string) {
  const { doubtedAt: at, doubtedToken: token } = await rowOf(passTypes, { passTypeIdentifier });
  return { at, token };
}

const doubtedAt = async (passTypeIdentifier: string) => (await doubtOf(passTypeIdentifier)).at;

/** One message. Its tokens are answered with BadDeviceToken, except `good`. @returns the messages that were sent on */
async function push(job: PushMessage, good: readonly string[] = []) {
  const { sent, dead } = await consume([job], {
    fetch: async (url) => (good.some((token) => url.endsWith(token)) ? DELIVERED() : BAD()),
  });
  expect(dead).toEqual([]);
  for (const { delaySeconds } of sent) expect(delaySeconds).toBeGreaterThanOrEqual(600);
  return sent.map(({ message }) => message);
}

/** A push to another token of this pass type is delivered. */
async function deliverOne(passTypeIdentifier: string) {
  const tokens = tokensOf(1);
  expect(await push(pushJob(passTypeIdentifier, tokens), tokens)).toEqual([]);
}

test("300 BadDeviceToken at the same time remove nothing, and when the fault ends all phones are pushed", async () => {
  const log = watchLog();
  const { passTypeIdentifier, tokens } = await proven(300);
  const ends = start + 45 * MINUTE_MS;
  const line = timeline(start, ({ at }) => (at < ends ? BAD() : DELIVERED()));
  await line.queue.send(pushJob(passTypeIdentifier, tokens));
  await line.runUntil(start);
  expect(await registrationsOf(tokens)).toBe(300);
  expect(line.waiting.map(({ at }) => at >= start + 10 * MINUTE_MS)).toEqual([true]);
  expect(log()).toContainEqual({
    event: "push_bad_token_unconfirmed",
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

test("after the last attempt the tokens are in the dead letters, and stay registered", async () => {
  watchLog();
  const { passTypeIdentifier, tokens } = await proven(5);
  const line = timeline(start, BAD);
  await line.queue.send(pushJob(passTypeIdentifier, tokens));
  await line.drain();
  expect(line.now() - start).toBeGreaterThan(2 * 60 * MINUTE_MS);
  expect(line.dead).toEqual([
    { ...doubted(pushJob(passTypeIdentifier, expect.any(Array), 9)), reason: "BadDeviceToken" },
  ]);
  expect(await registrationsOf(tokens)).toBe(5);
});

test("a fault that affects ten concurrent messages of one token each removes no registration", async () => {
  watchLog();
  const { passTypeIdentifier, tokens } = await proven(60);
  const ends = start + 15 * MINUTE_MS;
  const line = timeline(start, async ({ at }) => (at < ends ? BAD() : DELIVERED()));
  for (const token of tokens) await line.queue.send(pushJob(passTypeIdentifier, [token]));
  await line.drain();
  expect(await registrationsOf(tokens)).toBe(60);
  const delivered = line.pushes.filter(({ status }) => status === 200).map(({ token }) => token);
  expect(delivered.toSorted()).toEqual(tokens.toSorted());
  expect(line.dead).toEqual([]);
});

test("a fault that stops for a single push removes no registration, because there are several bad tokens before and after it", async () => {
  watchLog();
  const { passTypeIdentifier, tokens } = await proven(20);
  const ends = start + 40 * MINUTE_MS;
  const line = timeline(start, async ({ token, at }) =>
    at < ends && tokens.includes(token) ? BAD() : DELIVERED(),
  );
  for (const token of tokens) await line.queue.send(pushJob(passTypeIdentifier, [token]));
  await line.runUntil(start + 5 * MINUTE_MS);
  await line.queue.send(pushJob(passTypeIdentifier, tokensOf(1)));
  await line.runUntil(start + 6 * MINUTE_MS);
  expect(await doubtedAt(passTypeIdentifier)).toBe(null);
  await line.drain();
  expect(await registrationsOf(tokens)).toBe(20);
});

test("a fault in several concurrent consumers removes no registration, whichever records its doubt first", async () => {
  watchLog();
  for (let round = 0; round < 3; round++) {
    const { passTypeIdentifier, tokens } = await proven(4);
    const first = await Promise.all(tokens.map((token) => push(pushJob(passTypeIdentifier, [token]))));
    expect(first).toEqual(tokens.map((token) => [doubted(pushJob(passTypeIdentifier, [token]))]));
    expect(await doubtOf(passTypeIdentifier)).toEqual({ at: start, token: null });
    await Promise.all(first.flat().map((job) => push(job)));
    expect(await registrationsOf(tokens)).toBe(4);
  }
});

test("without other pushes, a dead token is removed after two BadDeviceToken, ten minutes apart", async () => {
  watchLog();
  const { passTypeIdentifier, tokens } = await proven(1);
  const line = timeline(start, BAD);
  await line.queue.send(pushJob(passTypeIdentifier, tokens));
  await line.runUntil(start + 10 * MINUTE_MS - 1);
  expect([line.pushes.length, await registrationsOf(tokens)]).toEqual([1, 1]);
  expect(await doubtOf(passTypeIdentifier)).toEqual({ at: start, token: tokens[0] });
  await line.drain();
  expect([line.pushes.length, await registrationsOf(tokens)]).toEqual([2, 0]);
  expect(line.now() - start).toBeLessThan(13 * MINUTE_MS);
  expect(line.dead).toEqual([]);
});

test("with continuous other deliveries, a dead token is also removed after two BadDeviceToken", async () => {
  watchLog();
  const { passTypeIdentifier, tokens } = await proven(1);
  const line = timeline(start, ({ token }) => (tokens.includes(token) ? BAD() : DELIVERED()));
  await line.queue.send(pushJob(passTypeIdentifier, tokens));
  for (let minute = 0; minute < 14; minute++) {
    await line.runUntil(start + minute * MINUTE_MS);
    await line.queue.send(pushJob(passTypeIdentifier, tokensOf(1)));
  }
  await line.drain();
  expect(line.pushes.filter(({ token }) => tokens.includes(token))).toHaveLength(2);
  expect(await registrationsOf(tokens)).toBe(0);
});

test.each([false, true])(
  "after one token was removed, the next one stays until a push is delivered, so that a continuing fault removes no second one (%s)",
  async (isDelivered) => {
    watchLog();
    const { passTypeIdentifier, tokens } = await proven(2);
    const [dead, next] = tokens.map((token) => pushJob(passTypeIdentifier, [token]));
    if (dead === undefined || next === undefined) throw new Error("two tokens are two messages");
    await push(dead);
    if (isDelivered) await deliverOne(passTypeIdentifier);
    expect(await push(doubted(dead))).toEqual([]);
    expect(await registrationsOf(dead.tokens)).toBe(0);
    await push(next);
    expect(await push(doubted(next))).toHaveLength(1);
    expect(await registrationsOf(next.tokens)).toBe(1);
  },
);

test("a bad token is removed if another one of its message is delivered, even during a doubt, which then ends", async () => {
  watchLog();
  const { passTypeIdentifier, tokens } = await proven(4);
  await push(pushJob(passTypeIdentifier, tokensOf(2)));
  expect(await doubtedAt(passTypeIdentifier)).toBe(start);
  const [good = "", ...bad] = tokens;
  expect(await push(pushJob(passTypeIdentifier, tokens), [good])).toEqual([]);
  expect([await registrationsOf(bad), await registrationsOf(tokens)]).toEqual([0, 1]);
  expect(await doubtedAt(passTypeIdentifier)).toBe(null);
});

test("a bad token that was registered again during the push stays, is retried immediately, and is not in doubt", async () => {
  const log = watchLog();
  const { passTypeIdentifier, tokens } = await proven(2);
  const [good = "", bad = ""] = tokens;
  const { sent } = await consume([pushJob(passTypeIdentifier, tokens)], {
    fetch: async (url) => {
      await setRows(registrations, { pushToken: bad }, { registeredAt: start + 1 });
      return url.endsWith(good) ? DELIVERED() : BAD();
    },
  });
  expect(await registrationsOf([bad])).toBe(1);
  expect(sent.map(({ message }) => message)).toEqual([pushJob(passTypeIdentifier, [bad], 2)]);
  expect(sent[0]?.delaySeconds).toBeLessThanOrEqual(19);
  expect(log()).toEqual([]);
});

test("with a second bad token, both stay until a push is delivered", async () => {
  const log = watchLog();
  const { passTypeIdentifier, tokens } = await proven(2);
  for (const token of tokens) await push(pushJob(passTypeIdentifier, [token]));
  expect(await doubtOf(passTypeIdentifier)).toEqual({ at: start, token: null });
  for (const token of tokens)
    expect(await push(doubted(pushJob(passTypeIdentifier, [token])))).toHaveLength(1);
  expect(log().filter(({ event }) => event === "push_bad_token_unconfirmed")).toHaveLength(4);
  expect(await registrationsOf(tokens)).toBe(2);
  await deliverOne(passTypeIdentifier);
  // From then on each of them is the only one again, and needs two BadDeviceToken.
  for (const token of tokens) {
    const again = doubted(pushJob(passTypeIdentifier, [token], 2));
    expect(await push(again)).toEqual([doubted(again)]);
    await deliverOne(passTypeIdentifier);
    expect(await push(doubted(again))).toEqual([]);
    expect(await registrationsOf([token])).toBe(0);
    await deliverOne(passTypeIdentifier);
  }
});

test("several bad tokens of one message stay, even if one of them was the only one in doubt", async () => {
  watchLog();
  const { passTypeIdentifier, tokens } = await proven(2);
  const [alone = ""] = tokens;
  await push(pushJob(passTypeIdentifier, [alone]));
  expect(await push(doubted(pushJob(passTypeIdentifier, tokens)))).toHaveLength(1);
  expect(await doubtOf(passTypeIdentifier)).toEqual({ at: start, token: null });
  expect(await push(doubted(pushJob(passTypeIdentifier, [alone])))).toHaveLength(1);
  expect(await registrationsOf(tokens)).toBe(2);
});

test("the same bad token in two concurrent messages counts once", async () => {
  watchLog();
  const { passTypeIdentifier, tokens } = await proven(1);
  await push(pushJob(passTypeIdentifier, tokens));
  // It had failed for another reason before, and is delivered a moment later.
  const other = pushJob(passTypeIdentifier, tokens, 2);
  expect(await push(other)).toEqual([doubted(other)]);
  expect(await registrationsOf(tokens)).toBe(1);
  expect(await doubtOf(passTypeIdentifier)).toEqual({ at: start, token: tokens[0] });
  expect(await push(doubted(pushJob(passTypeIdentifier, tokens)))).toEqual([]);
});

test("a token that fails for another reason in between needs two BadDeviceToken again", async () => {
  watchLog();
  const { passTypeIdentifier, tokens } = await proven(1);
  const [second] = await push(pushJob(passTypeIdentifier, tokens));
  const fetch = async () => refusal("Shutdown");
  const { sent } = await consume(second === undefined ? [] : [second], { fetch });
  expect(sent.map(({ message }) => message)).toEqual([pushJob(passTypeIdentifier, tokens, 3)]);
});

test.each([
  ["this configuration has not delivered", () => admin.makeApnsKey()],
  [
    "an earlier version has recorded a doubt without its token",
    () => setRows(passTypes, {}, { doubtedAt: 1 }),
  ],
])("if %s, a second BadDeviceToken removes nothing", async (_, prepare) => {
  watchLog();
  const { passTypeIdentifier, tokens } = await proven(1);
  await prepare();
  await push(pushJob(passTypeIdentifier, tokens));
  expect(await push(doubted(pushJob(passTypeIdentifier, tokens)))).toHaveLength(1);
  expect(await registrationsOf(tokens)).toBe(1);
});

test("a doubt keeps its start time, and affects only one pass type", async () => {
  watchLog();
  const [first, other] = [await proven(2), await proven(1)];
  await push(pushJob(first.passTypeIdentifier, first.tokens));
  vi.setSystemTime(start + MINUTE_MS);
  await push(pushJob(first.passTypeIdentifier, first.tokens));
  expect(await doubtedAt(first.passTypeIdentifier)).toBe(start);
  expect(await doubtedAt(other.passTypeIdentifier)).toBe(null);
  await push(pushJob(other.passTypeIdentifier, other.tokens));
  await push(doubted(pushJob(other.passTypeIdentifier, other.tokens)));
  expect(await registrationsOf(other.tokens)).toBe(0);
});

test("other failures record no doubt", async () => {
  watchLog();
  const { passTypeIdentifier } = await proven(0);
  for (const [status, reason] of [
    [410, "Unregistered"],
    [400, "DeviceTokenNotForTopic"],
    [403, "InvalidProviderToken"],
    [503, "Shutdown"],
    [403, "BadDeviceToken"], // not the status that APNs sends it with
  ] as const) {
    await consume([pushJob(passTypeIdentifier, tokensOf(3))], {
      fetch: async () => Response.json({ reason }, { status }),
    });
    expect(await doubtedAt(passTypeIdentifier)).toBe(null);
  }
});
